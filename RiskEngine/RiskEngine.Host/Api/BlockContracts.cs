using System.ComponentModel;

namespace RiskEngine.Host.Api;

/// <summary>A block or an allow entry that somebody asks for.</summary>
internal sealed record BlockRequest
{
    [Description("ip, range, asn, country, subject, session or pair.")]
    public required string Scope { get; init; }

    [Description("The address, the range in CIDR notation, the number, the country's two letters, the subject, the session's hash, or subject@address.")]
    public required string Value { get; init; }

    [Description("Why; kept in the audit log.")]
    public required string Reason { get; init; }

    [Description("How long, such as 90s, 4h or 7d; this or until.")]
    public string? Duration { get; init; }

    [Description("When it ends; this or duration.")]
    public DateTimeOffset? Until { get; init; }

    [Description("Never ends. Blocks only, and not together with duration or until.")]
    public bool Permanent { get; init; }

    [Description("Whose subject it is; default where left out.")]
    public string? Tenant { get; init; }

    [Description("Do it although it hits your own address, or a very wide range.")]
    public bool Confirm { get; init; }
}

/// <summary>A standing block or allow entry.</summary>
internal sealed record BlockAnswer(
    long Id, string Scope, string Value, string Tenant, string Reason, string Origin, string Owner, DateTimeOffset CreatedAt, DateTimeOffset? Until, bool Enforced,
    string? EventId);

/// <summary>What a release did.</summary>
/// <param name="ForgottenFailures">Failures of what was released that no longer count, as far as they had not faded; 0 where nothing was counted.</param>
/// <param name="ForgottenAccounts">Accounts that failed there, and whose failures from there no longer count.</param>
/// <param name="Complete">Whether these are all that failed there within a week; else they are those that failed last, and the failures of the others fade.</param>
internal sealed record ReleaseAnswer(long Id, string Scope, string Value, double ForgottenFailures, int ForgottenAccounts, bool Complete);

/// <summary>Standing blocks or allow entries, newest first.</summary>
/// <param name="Next">Cursor of the next page; null for none.</param>
internal sealed record BlockPage(IReadOnlyList<BlockAnswer> Items, string? Next);

/// <summary>An entry of the published block list.</summary>
internal sealed record BlocklistEntry(string Value, string Scope, DateTimeOffset? Until);
