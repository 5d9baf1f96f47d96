using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Policies;

/// <summary>What must hold for a rule: every field that is set; within a list any entry is enough. Immutable.</summary>
/// <remarks>
/// A missing fact satisfies nothing, also not its negation: an unknown country is neither in <see cref="Country"/> nor outside of
/// <see cref="CountryNot"/>, so that missing data never condemns.
/// </remarks>
public sealed record RuleConditions
{
    public static RuleConditions None { get; } = new();

    /// <summary>Gets the least risk level.</summary>
    public RiskLevel? Level { get; init; }

    /// <summary>Gets the least risk score.</summary>
    /// <value>0 to 100.</value>
    public double? Score { get; init; }

    /// <summary>Gets signals of which one must be present.</summary>
    public IReadOnlyList<SignalCondition> Signals { get; init; } = [];

    /// <summary>Gets signals which must all be present.</summary>
    public IReadOnlyList<SignalCondition> SignalsAll { get; init; } = [];

    /// <summary>Gets the greatest reputation of the address. An address that says nothing (private, unknown) never satisfies it.</summary>
    /// <value>−5 (bad) to 5 (good).</value>
    public double? Reputation { get; init; }

    public IReadOnlyList<CountryCode> Country { get; init; } = [];

    public IReadOnlyList<CountryCode> CountryNot { get; init; } = [];

    /// <summary>Gets numbers of autonomous systems.</summary>
    public IReadOnlyList<uint> Asn { get; init; } = [];

    /// <summary>Gets groups of which the subject must be in one, to the letter.</summary>
    public IReadOnlyList<string> Group { get; init; } = [];

    public IReadOnlyList<string> Application { get; init; } = [];

    /// <summary>Gets names of feeds of which one must name the address.</summary>
    public IReadOnlyList<string> Feed { get; init; } = [];

    /// <summary>Gets kinds of network of which the address must be on one.</summary>
    public NetworkKinds Network { get; init; }

    public IReadOnlyList<EventKind> Kind { get; init; } = [];

    /// <summary>Gets subjects, by id or by name.</summary>
    public IReadOnlyList<string> Subject { get; init; } = [];

    public bool? ServiceAccount { get; init; }

    /// <summary>Gets whether the subject must have logged in successfully before.</summary>
    public bool? Established { get; init; }

    /// <summary>Gets a condition in CEL syntax that must hold as well; null for none. A text in the place of the whole is this one.</summary>
    public string? Expression { get; init; }
}

/// <summary>A signal that must be present, and how much it must say at least.</summary>
/// <param name="Code">Which one.</param>
/// <param name="AtLeast">Least contribution in nats after the discount of its group; null where its presence is enough.</param>
public readonly record struct SignalCondition(SignalCode Code, double? AtLeast = null);
