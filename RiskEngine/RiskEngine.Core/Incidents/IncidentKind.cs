namespace RiskEngine.Core.Incidents;

/// <summary>What an incident is, or one step of it.</summary>
/// <remarks>Of an incident's kinds the one of most guesses names it; where nobody guessed, the first of them in this order.</remarks>
public enum IncidentKind : byte
{
    /// <summary>Risky, and nothing names what it is. Never opens an incident and never names one.</summary>
    Attempt,

    /// <summary>Many names from one address, network or autonomous system, a few passwords each.</summary>
    PasswordSpray,

    /// <summary>Pairs of name and password from a leak: most names are nobody's.</summary>
    CredentialStuffing,

    /// <summary>One address guesses at one account.</summary>
    BruteForce,

    /// <summary>Many addresses guess at one account.</summary>
    DistributedBruteForce,

    /// <summary>An account that nobody uses was tried.</summary>
    HoneyAccount,

    /// <summary>Question after question on somebody's second factor.</summary>
    MfaFatigue,

    /// <summary>A session goes on on another device.</summary>
    StolenSession,

    /// <summary>A token is used from a network it was never used from.</summary>
    TokenTheft,

    /// <summary>A new factor, a new password or an impersonation after a risky sign-in: somebody means to stay.</summary>
    Persistence,

    /// <summary>A service account signs in from elsewhere.</summary>
    ServiceAccount,

    /// <summary>An account that was switched off, or that nobody used for long, is used.</summary>
    IdleAccount,

    /// <summary>A new account is named so that it is taken for another one.</summary>
    LookAlike,

    /// <summary>A sign-in that worked and that its owner hardly made.</summary>
    Takeover,
}

/// <summary>Names of the kinds on the wire and in titles.</summary>
public static class IncidentKinds
{
    private static readonly string[] Names =
    [
        "attempt", "password_spray", "credential_stuffing", "brute_force", "distributed_brute_force", "honey_account", "mfa_fatigue", "stolen_session", "token_theft",
        "persistence", "service_account", "idle_account", "look_alike", "takeover",
    ];

    private static readonly string[] Words =
    [
        "other attempts", "password spray", "credential stuffing", "password guessing", "distributed password guessing", "visit to a honey account",
        "refused second factors", "stolen session", "stolen token", "changes to the account", "service account elsewhere", "idle account used", "look-alike account used", "risky sign-in",
    ];

    /// <summary>Gets every kind that an incident can be of.</summary>
    public static IReadOnlyList<IncidentKind> All { get; } = Enum.GetValues<IncidentKind>()[1..];

    public static string Name(this IncidentKind kind) => Names[(int)kind];

    /// <summary>The kind in words, without a capital letter.</summary>
    public static string InWords(this IncidentKind kind) => Words[(int)kind];

    /// <summary>Whether passwords are guessed: such a kind is told by where it comes from, the others by whom they are about.</summary>
    public static bool IsGuessing(this IncidentKind kind) => kind is >= IncidentKind.PasswordSpray and <= IncidentKind.DistributedBruteForce;
}

/// <summary>How much an incident asks for somebody's attention.</summary>
public enum IncidentSeverity : byte
{
    /// <summary>Guesses, few of them, and nobody got in.</summary>
    Low,

    /// <summary>Many guesses, and nobody got in.</summary>
    Medium,

    /// <summary>An account was entered, or its password is known to somebody else.</summary>
    High,

    /// <summary>Several accounts were entered, or one was changed so that somebody can stay.</summary>
    Critical,
}

/// <summary>Names of the severities on the wire.</summary>
public static class IncidentSeverities
{
    private static readonly string[] Names = ["low", "medium", "high", "critical"];

    public static string Name(this IncidentSeverity severity) => Names[(int)severity];
}
