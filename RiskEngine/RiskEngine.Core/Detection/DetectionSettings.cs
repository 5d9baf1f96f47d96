namespace RiskEngine.Core.Detection;

/// <summary>The settings of all detectors, under <c>detection</c>: one section each, named like its signal.</summary>
public sealed record DetectionSettings
{
    public AddressReputationSettings AddressReputation { get; init; } = new();

    public NetworkReputationSettings NetworkReputation { get; init; } = new();

    public PairReputationSettings PairReputation { get; init; } = new();

    public FeedHitSettings FeedHit { get; init; } = new();

    public TorExitSettings TorExit { get; init; } = new();

    public VpnNetworkSettings VpnNetwork { get; init; } = new();

    public DataCentreNetworkSettings DataCentreNetwork { get; init; } = new();

    public KnownDeviceSettings KnownDevice { get; init; } = new();

    public NewDeviceSettings NewDevice { get; init; } = new();

    public KnownAddressSettings KnownAddress { get; init; } = new();

    public NewAddressSettings NewAddress { get; init; } = new();

    public NewAsnSettings NewAsn { get; init; } = new();

    public NewCountrySettings NewCountry { get; init; } = new();

    public ImpossibleTravelSettings ImpossibleTravel { get; init; } = new();

    public BruteForceSettings BruteForce { get; init; } = new();

    public DistributedBruteForceSettings DistributedBruteForce { get; init; } = new();

    public PasswordSpraySettings PasswordSpray { get; init; } = new();

    public NetworkSpraySettings NetworkSpray { get; init; } = new();

    public CredentialStuffingSettings CredentialStuffing { get; init; } = new();

    public SuccessAfterFailuresSettings SuccessAfterFailures { get; init; } = new();

    public AutomatedUserAgentSettings AutomatedUserAgent { get; init; } = new();

    public UnusualHourSettings UnusualHour { get; init; } = new();

    public MfaFatigueSettings MfaFatigue { get; init; } = new();

    public DormantAccountSettings DormantAccount { get; init; } = new();

    public StolenSessionSettings StolenSession { get; init; } = new();

    public TokenNewNetworkSettings TokenNewNetwork { get; init; } = new();

    public ServiceAccountNewNetworkSettings ServiceAccountNewNetwork { get; init; } = new();

    public HoneyAccountSettings HoneyAccount { get; init; } = new();

    public ReactivatedAccountSettings ReactivatedAccount { get; init; } = new();

    public ImpersonationSettings Impersonation { get; init; } = new();

    public ChangeAfterRiskyLoginSettings FactorAfterRiskyLogin { get; init; } = new() { Evidence = 4 };

    public ChangeAfterRiskyLoginSettings PasswordAfterRiskyLogin { get; init; } = new();

    public ImpossibleUserAgentSettings ImpossibleUserAgent { get; init; } = new();

    public UnusualApplicationSettings UnusualApplication { get; init; } = new();

    public PhishingResistantFactorSettings PhishingResistantFactor { get; init; } = new();

    public ConfirmedCompromiseSettings ConfirmedCompromise { get; init; } = new();

    public LookAlikeSettings LookAlike { get; init; } = new();

    public FleetAttackSettings FleetAttack { get; init; } = new();

    public RareFirstNetworkSettings RareFirstNetwork { get; init; } = new();
}
