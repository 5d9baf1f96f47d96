namespace RiskEngine.Core.Events;

/// <summary>What a block or an allow entry is about.</summary>
public enum BlockScope : byte
{
    Ip,
    Range,
    Asn,
    Country,
    Subject,
    Session,
    /// <summary>One subject from one address: what is used where the address is shared.</summary>
    Pair,
}

/// <summary>Who made a block.</summary>
public enum BlockOrigin : byte
{
    /// <summary>A rule of the policy.</summary>
    Policy,
    /// <summary>A person: enforced in monitor mode too.</summary>
    Person,
    /// <summary>An import.</summary>
    Import,
}

/// <summary>A standing order to refuse, or on the allow list to let pass, what matches <see cref="Scope"/> and <see cref="Value"/>.</summary>
/// <remarks>Immutable.</remarks>
public sealed record Block
{
    /// <summary>Gets its id, given out by the store, rising.</summary>
    public long Id { get; init; }

    public required BlockScope Scope { get; init; }

    /// <summary>Gets the address, range, number, country, subject, session hash or "subject@address" in canonical spelling.</summary>
    public required string Value { get; init; }

    public string Tenant { get; init; } = "default";

    public required string Reason { get; init; }

    public required BlockOrigin Origin { get; init; }

    /// <summary>Gets who asked for it: the name of a key, or of a rule.</summary>
    public string Owner { get; init; } = "";

    public required EventTime CreatedAt { get; init; }

    /// <summary>Gets when it ends; null only where somebody said "permanent".</summary>
    public EventTime? Until { get; init; }

    /// <summary>Gets whether it is obeyed; false for what a rule would have blocked in monitor mode.</summary>
    public bool Enforced { get; init; } = true;

    /// <summary>Gets the event that caused it, empty for those made by people.</summary>
    public string EventId { get; init; } = "";

    /// <summary>Gets whether a hint caused it, which the source has not confirmed yet.</summary>
    public bool IsHint { get; init; }

    /// <summary>Gets which of several that meet the same login comes first, the highest: an enforced one, then a person's.</summary>
    public int Precedence => (Enforced ? 2 : 0) + (Origin == BlockOrigin.Policy ? 0 : 1);

    /// <summary>Whether it holds at that time.</summary>
    public bool IsActive(EventTime at) => Until is not { } until || at < until;
}

/// <summary>Names of scopes and origins on the wire.</summary>
public static class BlockNames
{
    private static readonly string[] Scopes = ["ip", "range", "asn", "country", "subject", "session", "pair"];
    private static readonly string[] Origins = ["policy", "person", "import"];

    public static IReadOnlyList<string> AllScopes => Scopes;

    public static IReadOnlyList<string> AllOrigins => Origins;

    public static string Name(this BlockScope scope) => Scopes[(int)scope];

    public static string Name(this BlockOrigin origin) => Origins[(int)origin];

    public static bool TryParse(string? name, out BlockScope scope)
    {
        var index = name is null ? -1 : Array.IndexOf(Scopes, name);
        scope = (BlockScope)Math.Max(index, 0);
        return index >= 0;
    }
}
