namespace RiskEngine.Core.Facts;

/// <summary>What a feed's file holds, and how much of it was left out and why.</summary>
public sealed record FeedContent
{
    /// <summary>Gets the networks, single addresses among them, each with the number of lists that name it (1 where the feed does not say).</summary>
    public required IReadOnlyList<FeedPrefix> Prefixes { get; init; }

    /// <summary>Gets the autonomous systems the feed names as a whole.</summary>
    public required IReadOnlyList<uint> AutonomousSystems { get; init; }

    /// <summary>Gets how many lines were not understood.</summary>
    public int Unreadable { get; init; }

    /// <summary>Gets how many lines had bits set beyond their prefix length.</summary>
    public int HostBits { get; init; }

    /// <summary>Gets how many lines named an address that is not public: a private range in a feed would hit one's own network.</summary>
    public int NotPublic { get; init; }

    /// <summary>Gets how many lines named more than a /8 of IPv4 or a /16 of IPv6: no list of offenders does, a slip of the pen does.</summary>
    public int TooBroad { get; init; }

    /// <summary>Gets the number of the first line that was left out, from 1; 0 when none was.</summary>
    public int FirstDefectLine { get; init; }

    /// <summary>Gets the number of entries kept.</summary>
    public int Count => Prefixes.Count + AutonomousSystems.Count;

    /// <summary>Gets the number of lines left out.</summary>
    public int Defects => Unreadable + HostBits + NotPublic + TooBroad;

    /// <summary>Which lines were left out, and why, in words; null when none was.</summary>
    public string? DescribeDefects()
    {
        if (Defects == 0) return null;
        (int Count, string Why)[] reasons =
        [
            (TooBroad, "broader than a /8 or, of IPv6, a /16"), (NotPublic, "not public"), (HostBits, "with bits beyond the length of the prefix"), (Unreadable, "not understood"),
        ];
        var told = reasons.Where(reason => reason.Count > 0).Select(reason => $"{reason.Count} {reason.Why}");
        return $"{Defects} {(Defects == 1 ? "line" : "lines")} left out ({string.Join(", ", told)}), the first is line {FirstDefectLine}";
    }
}

/// <summary>A network that a feed names.</summary>
/// <param name="Lists">1 to 65535.</param>
public readonly record struct FeedPrefix(AddressPrefix Prefix, ushort Lists);
