namespace RiskEngine.Core.Events;

/// <summary>What a detector can say. Stored by number, so numbers are never given out twice; new ones go at the end.</summary>
public enum SignalCode : byte
{
    None,
    AddressReputation,
    NetworkReputation,
    PairReputation,
    FeedHit,
    TorExit,
    VpnNetwork,
    DataCentreNetwork,
    KnownDevice,
    NewDevice,
    KnownAddress,
    NewAddress,
    NewAsn,
    NewCountry,
    ImpossibleTravel,
    BruteForce,
    DistributedBruteForce,
    PasswordSpray,
    NetworkSpray,
    CredentialStuffing,
    SuccessAfterFailures,
    AutomatedUserAgent,
    UnusualHour,
    MfaFatigue,
    DormantAccount,
    StolenSession,
    TokenNewNetwork,
    ServiceAccountNewNetwork,
    HoneyAccount,
    ReactivatedAccount,
    Impersonation,
    FactorAfterRiskyLogin,
    PasswordAfterRiskyLogin,
    ImpossibleUserAgent,
    UnusualApplication,
    PhishingResistantFactor,
    ConfirmedCompromise,
    LookAlike,
    FleetAttack,
    RareFirstNetwork,
}

/// <summary>What is fixed about each signal: its name on the wire, its group, its technique in MITRE ATT&amp;CK.</summary>
/// <param name="Code">Its number.</param>
/// <param name="Name">Its name on the wire and in metrics.</param>
/// <param name="Group">Its family.</param>
/// <param name="Attack">ATT&amp;CK technique; null where the evidence fits none.</param>
public sealed record SignalDescription(SignalCode Code, string Name, SignalGroup Group, string? Attack);

/// <summary>The catalogue of signals.</summary>
public static class SignalCatalogue
{
    private static readonly SignalDescription[] Descriptions =
    [
        new(SignalCode.None, "none", SignalGroup.Account, null),
        new(SignalCode.AddressReputation, "address_reputation", SignalGroup.Reputation, "T1110"),
        new(SignalCode.NetworkReputation, "network_reputation", SignalGroup.Reputation, "T1110"),
        new(SignalCode.PairReputation, "pair_reputation", SignalGroup.Reputation, "T1110"),
        new(SignalCode.FeedHit, "feed_hit", SignalGroup.List, "T1078"),
        new(SignalCode.TorExit, "tor_exit", SignalGroup.List, "T1090.003"),
        new(SignalCode.VpnNetwork, "vpn_network", SignalGroup.List, "T1090"),
        new(SignalCode.DataCentreNetwork, "data_centre_network", SignalGroup.List, "T1090"),
        new(SignalCode.KnownDevice, "known_device", SignalGroup.Novelty, null),
        new(SignalCode.NewDevice, "new_device", SignalGroup.Novelty, "T1078"),
        new(SignalCode.KnownAddress, "known_address", SignalGroup.Novelty, null),
        new(SignalCode.NewAddress, "new_address", SignalGroup.Novelty, "T1078"),
        new(SignalCode.NewAsn, "new_asn", SignalGroup.Novelty, "T1078"),
        new(SignalCode.NewCountry, "new_country", SignalGroup.Novelty, "T1078"),
        new(SignalCode.ImpossibleTravel, "impossible_travel", SignalGroup.Novelty, "T1078"),
        new(SignalCode.BruteForce, "brute_force", SignalGroup.Velocity, "T1110.001"),
        new(SignalCode.DistributedBruteForce, "distributed_brute_force", SignalGroup.Velocity, "T1110.001"),
        new(SignalCode.PasswordSpray, "password_spray", SignalGroup.Velocity, "T1110.003"),
        new(SignalCode.NetworkSpray, "network_spray", SignalGroup.Velocity, "T1110.003"),
        new(SignalCode.CredentialStuffing, "credential_stuffing", SignalGroup.Velocity, "T1110.004"),
        new(SignalCode.SuccessAfterFailures, "success_after_failures", SignalGroup.Velocity, "T1110"),
        new(SignalCode.AutomatedUserAgent, "automated_user_agent", SignalGroup.Session, "T1110"),
        new(SignalCode.UnusualHour, "unusual_hour", SignalGroup.Novelty, "T1078"),
        new(SignalCode.MfaFatigue, "mfa_fatigue", SignalGroup.Session, "T1621"),
        new(SignalCode.DormantAccount, "dormant_account", SignalGroup.Account, "T1078"),
        new(SignalCode.StolenSession, "stolen_session", SignalGroup.Session, "T1539"),
        new(SignalCode.TokenNewNetwork, "token_new_network", SignalGroup.Session, "T1528"),
        new(SignalCode.ServiceAccountNewNetwork, "service_account_new_network", SignalGroup.Account, "T1078"),
        new(SignalCode.HoneyAccount, "honey_account", SignalGroup.Account, "T1078"),
        new(SignalCode.ReactivatedAccount, "reactivated_account", SignalGroup.Account, "T1098"),
        new(SignalCode.Impersonation, "impersonation", SignalGroup.Account, "T1078"),
        new(SignalCode.FactorAfterRiskyLogin, "factor_after_risky_login", SignalGroup.Account, "T1098.005"),
        new(SignalCode.PasswordAfterRiskyLogin, "password_after_risky_login", SignalGroup.Account, "T1098"),
        new(SignalCode.ImpossibleUserAgent, "impossible_user_agent", SignalGroup.Session, "T1036"),
        new(SignalCode.UnusualApplication, "unusual_application", SignalGroup.Novelty, "T1078"),
        new(SignalCode.PhishingResistantFactor, "phishing_resistant_factor", SignalGroup.Session, null),
        new(SignalCode.ConfirmedCompromise, "confirmed_compromise", SignalGroup.Account, "T1078"),
        new(SignalCode.LookAlike, "look_alike", SignalGroup.Account, "T1036.010"),
        new(SignalCode.FleetAttack, "fleet_attack", SignalGroup.Velocity, "T1110"),
        new(SignalCode.RareFirstNetwork, "rare_first_network", SignalGroup.Novelty, "T1078"),
    ];

    /// <summary>Gets every signal but <see cref="SignalCode.None"/>, in the order of their numbers.</summary>
    public static IReadOnlyList<SignalDescription> All { get; } = Descriptions[1..];

    public static SignalDescription Describe(this SignalCode code) => Descriptions[(int)code];

    public static bool TryParse(string? name, out SignalCode code)
    {
        code = Array.Find(Descriptions, description => description.Name == name)?.Code ?? SignalCode.None;
        return code != SignalCode.None;
    }
}
