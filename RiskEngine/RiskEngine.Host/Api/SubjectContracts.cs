namespace RiskEngine.Host.Api;

/// <summary>One thing that a subject was seen with, and how often.</summary>
internal sealed record SeenAnswer(string Value, int Logins, DateTimeOffset LastSeen);

/// <summary>One accepted login. Session ids are never told: not even their hashes.</summary>
/// <param name="Address">The address; of IPv6 the first 64 bits, which is what is kept.</param>
internal sealed record PastLoginAnswer(DateTimeOffset OccurredAt, string? Address, string? Country, long? Asn, string Browser, string OperatingSystem);

/// <summary>What went with a subject, or would go.</summary>
/// <param name="DryRun">Whether nothing was done.</param>
/// <param name="Removed">Rows by table; of the audit, records that nobody can read any more.</param>
/// <param name="Overwritten">Whether the places where they stood in the file were overwritten too; false while somebody reads the file, then it is done at the next start.</param>
internal sealed record ErasureAnswer(bool DryRun, IReadOnlyDictionary<string, long> Removed, bool Overwritten);

/// <summary>What is known of a subject: its profile.</summary>
/// <param name="Subject">As it was asked for.</param>
/// <param name="Logins">Accepted logins in all.</param>
/// <param name="FailuresLately">Failed logins, each counting half after a day.</param>
/// <param name="CompromisedAt">When the event happened that a person called compromised and nothing has settled since.</param>
/// <param name="RecentLogins">Newest first, at most fifty.</param>
internal sealed record SubjectAnswer(
    string Subject, string Tenant, DateTimeOffset? FirstLogin, DateTimeOffset? LastLogin, long Logins, double FailuresLately, double FailedAddressesLately, DateTimeOffset? CompromisedAt,
    IReadOnlyList<SeenAnswer> Devices, IReadOnlyList<SeenAnswer> Countries, IReadOnlyList<SeenAnswer> Networks, IReadOnlyList<PastLoginAnswer> RecentLogins,
    BlockAnswer? Block);
