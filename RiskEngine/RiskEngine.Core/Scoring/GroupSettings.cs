using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Scoring;

/// <summary>How evidence of one group adds up, under <c>scoring.groups.&lt;group&gt;</c>.</summary>
public sealed record GroupSettings
{
    /// <summary>Gets what each further signal of the group and sign counts, relative to the one before it in order of strength.</summary>
    /// <value>0 (only the strongest counts) to 1 (all count in full). The default is 0.7.</value>
    [Range(0.0, 1.0)]
    public double Discount { get; init; } = 0.7;

    /// <summary>Gets the most that the group may contribute in one direction, in nats; larger sums are scaled down to it.</summary>
    /// <value>0 (the group is off) to 100. The default is 100, which is no cap.</value>
    [Range(0.0, 100.0)]
    public double Cap { get; init; } = 100;
}

/// <summary>The settings of every group, under <c>scoring.groups</c>.</summary>
public sealed record GroupsSettings
{
    public GroupSettings Reputation { get; init; } = new();

    public GroupSettings Velocity { get; init; } = new();

    /// <summary>Gets those of novelty, whose parts are made to add up: they are not discounted.</summary>
    public GroupSettings Novelty { get; init; } = new() { Discount = 1 };

    public GroupSettings Session { get; init; } = new();

    public GroupSettings List { get; init; } = new();

    public GroupSettings Account { get; init; } = new();
}
