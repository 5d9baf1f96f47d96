namespace RiskEngine.Core.Events;

/// <summary>What a format needs to know beside the bytes. Immutable; shared by all formats of a process.</summary>
public sealed record FormatContext
{
    /// <summary>Makes pseudonyms of names that do not exist and of session ids, and derives missing event ids.</summary>
    public required KeyedHash Hash { get; init; }

    /// <summary>What session ids and names that do not exist are hashed by first, where other processes hand events on to a store that they do not have; null where nobody does.</summary>
    public KeyedHash? Shared { get; init; }

    /// <summary>What names that do not exist are hashed by.</summary>
    public KeyedHash NameHash => Shared ?? Hash;

    /// <summary>Our own clock: events far in its future are refused, and lines without a year are dated by it.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>How far in the future an event may lie: clocks differ. 0 to 48 hours; the default is ten minutes.</summary>
    public TimeSpan FutureTolerance { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The year of lines that carry none (syslog); null: the latest year that does not put the line after <see cref="NotAfter"/>.</summary>
    public int? Year { get; init; }

    /// <summary>When the file was last written, for lines without a year; null: the clock.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>The zone of times that carry no offset and are not UTC by their format's rule (classic syslog); the default is UTC.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Name of the source, part of derived ids: a file's name without its folder.</summary>
    public string SourceName { get; init; } = "";

    /// <summary>Whether a missing <c>kind</c> means <c>login_attempt</c> and a missing time means now, as in <c>evaluate</c>.</summary>
    public bool EvaluateDefaults { get; init; }

    /// <summary>How the format <c>mapped</c> reads its records; null where no mapping was given, and then there is no such format.</summary>
    public EventMapping? Mapping { get; init; }

    /// <summary>The hash of a session id that is kept.</summary>
    public UInt128 SessionOf(ReadOnlySpan<byte> sessionId)
    {
        if (Shared is null) return Hash.Session(sessionId);
        Span<byte> handedOn = stackalloc byte[Pseudonyms.SessionLength];
        Pseudonyms.FormatSession(Shared.Session(sessionId), handedOn);
        return Hash.Session(handedOn);
    }
}
