using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Policies;

/// <summary>A policy as written: rules in order, and what holds for all of them. Immutable; <see cref="CompiledPolicy"/> is what judges.</summary>
public sealed record PolicyDefinition
{
    /// <summary>Gets whether rules are enforced. The default is to monitor.</summary>
    public PolicyMode Mode { get; init; } = PolicyMode.Monitor;

    public IReadOnlyList<PolicyRule> Rules { get; init; } = [];

    public BlockDefaults Blocks { get; init; } = new();

    /// <summary>Gets how many established subjects make an address shared: never hit as a whole, only together with a name.</summary>
    /// <value>2 to 100. The default is 5.</value>
    public int SharedAddressSubjects { get; init; } = 5;

    /// <summary>Gets networks from which novelty says nothing. They are no allow list: blocks and scores stay.</summary>
    public IReadOnlyList<TrustedNetwork> TrustedNetworks { get; init; } = [];

    /// <summary>Gets lists that expressions ask as <c>lists.NAME</c>.</summary>
    public IReadOnlyDictionary<string, PolicyList> Lists { get; init; } = new Dictionary<string, PolicyList>();

    /// <summary>Gets expressions that others use as <c>variables.NAME</c>.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();
}

/// <summary>A named list: texts, whole numbers, or addresses and networks.</summary>
public sealed record PolicyList
{
    /// <summary>Gets its entries, at most 100,000. All are numbers, or all networks, or it is a list of texts.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Gets when it ends, by event time: from then on nothing is in it. Null for never.</summary>
    public EventTime? Until { get; init; }
}

/// <summary>How long automated blocks last: duration × factor^(earlier blocks), at most the cap, and then up to the jitter more.</summary>
public sealed record BlockDefaults
{
    /// <summary>Gets how long a first block lasts.</summary>
    /// <value>1 minute to <see cref="Cap"/>. The default is 4 hours.</value>
    public TimeSpan Duration { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Gets by how much each earlier block of the same address makes the next one longer.</summary>
    /// <value>1 (not at all) to 10. The default is 2.</value>
    public double Factor { get; init; } = 2;

    /// <summary>Gets the longest a block may get, before jitter.</summary>
    /// <value>1 minute to 30 days. The default is 7 days.</value>
    public TimeSpan Cap { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Gets the most that is added, as a part of the duration, so that the end cannot be timed.</summary>
    /// <value>0 to 0.5. The default is 0.1.</value>
    public double Jitter { get; init; } = 0.1;
}

/// <summary>Networks trusted for some groups.</summary>
public sealed record TrustedNetwork
{
    /// <summary>Gets where logins are usual.</summary>
    public required IReadOnlyList<AddressPrefix> Networks { get; init; }

    /// <summary>Gets whose logins; empty for everybody's.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];
}
