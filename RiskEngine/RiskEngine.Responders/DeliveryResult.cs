namespace RiskEngine.Responders;

/// <summary>What became of a delivery.</summary>
public enum DeliveryVerdict : byte
{
    /// <summary>Done, or no longer needed.</summary>
    Delivered,

    /// <summary>Would have been done; nothing was sent.</summary>
    DryRun,

    /// <summary>This item failed and may succeed later; others may succeed now.</summary>
    Retry,

    /// <summary>The other side is out of order, so that others need not be tried either.</summary>
    Unavailable,

    /// <summary>It will never succeed.</summary>
    Never,
}

/// <summary>What became of a delivery, and why.</summary>
/// <param name="Reason">From <see cref="DeliveryReasons"/>: a label of metrics.</param>
/// <param name="Words">The same for the operator, without secrets and names.</param>
/// <param name="NotBefore">How long the other side asks to wait; null where it asks for nothing.</param>
public readonly record struct DeliveryResult(DeliveryVerdict Verdict, string Reason, string Words, TimeSpan? NotBefore = null)
{
    public static DeliveryResult Delivered { get; } = new(DeliveryVerdict.Delivered, DeliveryReasons.Delivered, "");

    public static DeliveryResult DryRun { get; } = new(DeliveryVerdict.DryRun, DeliveryReasons.DryRun, "");

    public static DeliveryResult Retry(string reason, string words, TimeSpan? notBefore = null) => new(DeliveryVerdict.Retry, reason, words, notBefore);

    public static DeliveryResult Unavailable(string reason, string words, TimeSpan? notBefore = null) => new(DeliveryVerdict.Unavailable, reason, words, notBefore);

    public static DeliveryResult Never(string reason, string words) => new(DeliveryVerdict.Never, reason, words);
}

/// <summary>Every reason there is: values of the label <c>outcome</c>, and of <c>reason</c> for dead letters.</summary>
public static class DeliveryReasons
{
    public const string Delivered = "delivered", DryRun = "dry_run";

    /// <summary>Statuses: 401, 403, 404, 408 and 429, 409, other 4xx, 3xx, 5xx.</summary>
    public const string Unauthorized = "unauthorized", Forbidden = "forbidden", NotFound = "not_found", Throttled = "throttled", Conflict = "conflict",
        Rejected = "rejected", Redirected = "redirected", ServerError = "server_error";

    /// <summary>No answer: those of the guarded client, an answer that is not understood, a secret that cannot be read, a fault of our own.</summary>
    public const string Refused = "refused", Unreachable = "unreachable", Tls = "tls", TimedOut = "timed_out", Broken = "broken", TooLarge = "too_large",
        BadAnswer = "bad_answer", NoSecret = "no_secret", Failed = "failed";

    /// <summary>Why items become dead letters although nobody refused them: too old, no room, too many within an hour.</summary>
    public const string Expired = "expired", Full = Core.State.IOutbox.Full, RateLimited = Core.State.IOutbox.RateLimited;

    /// <summary>Gets what may become of a delivery.</summary>
    public static IReadOnlyList<string> Outcomes { get; } =
    [
        Delivered, DryRun, Unauthorized, Forbidden, NotFound, Throttled, Conflict, Rejected, Redirected, ServerError,
        Refused, Unreachable, Tls, TimedOut, Broken, TooLarge, BadAnswer, NoSecret, Failed,
    ];

    /// <summary>Gets why items are given up.</summary>
    public static IReadOnlyList<string> DeadLetters { get; } = [Expired, Full, RateLimited, Rejected, NotFound, BadAnswer];
}
