namespace RiskEngine.Core.Events;

/// <summary>What happened. An unknown kind is kept and counted as <see cref="Other"/>, and not judged.</summary>
public enum EventKind : byte
{
    Other,
    Login,
    LoginFailed,
    /// <summary>An attempt whose outcome is not known yet: what <c>evaluate</c> asks about.</summary>
    LoginAttempt,
    MfaFailed,
    ChallengePassed,
    ChallengeFailed,
    Logout,
    PasswordChanged,
    FactorAdded,
    SessionSeen,
    TokenUsed,
    AccountCreated,
    AccountChanged,
    AccountReactivated,
    ImpersonationStarted,
    SuspiciousRequest,
}

/// <summary>Names of the kinds on the wire, and which of them are judged.</summary>
public static class EventKinds
{
    private static readonly string[] Names =
    [
        "other", "login", "login_failed", "login_attempt", "mfa_failed", "challenge_passed", "challenge_failed", "logout", "password_changed",
        "factor_added", "session_seen", "token_used", "account_created", "account_changed", "account_reactivated", "impersonation_started",
        "suspicious_request",
    ];

    private static readonly byte[][] Utf8Names = [.. Names.Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <summary>Gets every kind, in the order of their numbers.</summary>
    public static IReadOnlyList<EventKind> All { get; } = Enum.GetValues<EventKind>();

    public static string Name(this EventKind kind) => Names[(int)kind];

    /// <summary>Finds the kind of that name; <see cref="EventKind.Other"/> for a name nobody knows.</summary>
    public static EventKind Parse(ReadOnlySpan<byte> utf8)
    {
        for (var i = 1; i < Utf8Names.Length; i++)
        {
            if (utf8.SequenceEqual(Utf8Names[i])) return (EventKind)i;
        }

        return EventKind.Other;
    }

    /// <summary>Whether events of this kind get an assessment: sign-ins, and what changes an account or who acts through it.</summary>
    public static bool IsJudged(this EventKind kind) => kind is EventKind.Login or EventKind.LoginFailed or EventKind.LoginAttempt or EventKind.MfaFailed
        or EventKind.SessionSeen or EventKind.TokenUsed or EventKind.PasswordChanged or EventKind.FactorAdded
        or EventKind.AccountCreated or EventKind.AccountChanged or EventKind.AccountReactivated or EventKind.ImpersonationStarted;
}
