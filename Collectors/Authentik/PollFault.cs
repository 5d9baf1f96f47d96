namespace RiskEngine.Collectors.Authentik;

/// <summary>Why a poll failed. A closed set: it is a label of a metric.</summary>
public enum PollFailure : byte
{
    None,

    /// <summary>The token cannot be read.</summary>
    Token,
    Unauthorized,
    Forbidden,
    NotFound,
    Throttled,
    ServerError,

    /// <summary>A status nobody expects of an API, redirections among them: they are not followed.</summary>
    UnexpectedStatus,

    /// <summary>Something else than JSON: a page for people, by a proxy in front or a wrong address.</summary>
    NotJson,

    /// <summary>JSON that breaks off or is no page of the API.</summary>
    BadPage,
    TooLarge,
    TimedOut,
    Unreachable,

    /// <summary>Rows were deleted faster than they could be read.</summary>
    Changing,

    /// <summary>It broke off on this side, for a reason that nobody thought of.</summary>
    BrokenOff,

    /// <summary>The guard does not let a request out to that address, see <see cref="Core.Facts.OutboundRules"/>.</summary>
    Refused,
}

/// <summary>What went wrong and what to do about it.</summary>
/// <param name="Failure">Counted by this.</param>
/// <param name="Detail">Words for the administrator; no token, nothing that was read.</param>
/// <param name="RetryAfter">How long the other side asks to wait; null where it does not say.</param>
public sealed record PollFault(PollFailure Failure, string Detail, TimeSpan? RetryAfter = null);

/// <summary>Names of the failures on the wire.</summary>
public static class PollFailures
{
    private static readonly string[] Names =
    [
        "none", "token", "unauthorized", "forbidden", "not_found", "throttled", "server_error", "unexpected_status", "not_json", "bad_page", "too_large",
        "timed_out", "unreachable", "changing", "broken_off", "refused",
    ];

    public static IReadOnlyList<PollFailure> All { get; } = [.. Enum.GetValues<PollFailure>().Where(failure => failure != PollFailure.None)];

    public static string Name(this PollFailure failure) => Names[(int)failure];
}
