using static RiskEngine.Core.Policies.ExpressionType;

namespace RiskEngine.Core.Policies;

/// <summary>The fields that conditions can ask about, with their types. Immutable but for names of feeds where those are not known.</summary>
internal sealed class PolicySchema
{
    private const string NotGiven = "not given";

    private PolicySchema(NameSet feeds)
    {
        Feeds = feeds;
        Fields = Declare(feeds).ToDictionary(field => field.Path);
        ById = [.. Fields.Values.OrderBy(field => field.Id)];
        Groups = [.. Fields.Keys.Where(path => path.Contains('.')).Select(path => path[..path.IndexOf('.')]).Distinct()];
    }

    public IReadOnlyDictionary<string, FieldDeclaration> Fields { get; }

    public IReadOnlyList<FieldDeclaration> ById { get; }

    /// <summary>Gets the names before the dot.</summary>
    public IReadOnlyList<string> Groups { get; }

    public NameSet Feeds { get; }

    /// <param name="feeds">Names of feeds by their index in the facts; null where they are not known.</param>
    public static PolicySchema For(IReadOnlyList<string>? feeds) => new(NameSet.Feeds(feeds));

    private static FieldDeclaration[] Declare(NameSet feeds) =>
    [
        new(FieldId.EventKind, "event.kind", Of(NameSet.Kinds), "", "what happened: login, login_failed, login_attempt, …"),
        new(FieldId.EventOccurredAt, "event.occurred_at", Timestamp, "", "when it happened at the source"),
        new(FieldId.EventTenant, "event.tenant", Text, "", "the tenant; \"default\" where none is given"),
        new(FieldId.EventApplication, "event.application", Text, NotGiven, "what the subject signs in to"),
        new(FieldId.EventAuthMethod, "event.auth_method", Text, NotGiven, "how, in the source's words: password, passkey, …"),
        new(FieldId.EventMfa, "event.mfa", ListOf(Text), "", "the further factors it carried; empty where none"),
        new(FieldId.EventReason, "event.reason", Text, NotGiven, "the source's reason of a failure"),
        new(FieldId.EventRoundTrip, "event.round_trip", Duration, NotGiven, "round trip of the login page"),
        new(FieldId.EventUserAgent, "event.user_agent", Text, NotGiven, "the user agent to the letter"),
        new(FieldId.EventSourceIp, "event.source_ip", Ip, NotGiven, "the source address"),
        new(FieldId.EventProbe, "event.probe", Bool, "", "whether it is judged without leaving a trace"),
        new(FieldId.SubjectId, "subject.id", Text, NotGiven, "the stable id of the account"),
        new(FieldId.SubjectName, "subject.name", Text, NotGiven, "the name of the account; a keyed hash where there is no such account"),
        new(FieldId.SubjectUnknown, "subject.unknown", Bool, "", "whether the source says that there is no such account"),
        new(FieldId.SubjectGroups, "subject.groups", ListOf(Text), "none is given", "the groups the subject is in"),
        new(FieldId.SubjectServiceAccount, "subject.service_account", Bool, "", "whether it is an account for programs"),
        new(FieldId.SubjectEstablished, "subject.established", Bool, "", "whether it has logged in successfully before"),
        new(FieldId.SubjectLogins, "subject.logins", Int, "", "accepted logins so far"),
        new(FieldId.SubjectFirstLogin, "subject.first_login", Timestamp, "no login was accepted", "the first accepted login"),
        new(FieldId.SubjectLastLogin, "subject.last_login", Timestamp, "no login was accepted", "the newest accepted login"),
        new(FieldId.SubjectDaysSinceFirstLogin, "subject.days_since_first_login", ExpressionType.Double, "no login was accepted", "days, with their fractions; 0 for an event that came late"),
        new(FieldId.SubjectDaysSinceLastLogin, "subject.days_since_last_login", ExpressionType.Double, "no login was accepted", "the same of the newest one"),
        new(FieldId.SessionKnown, "session.known", Bool, NotGiven, "whether an accepted login of the subject had this session"),
        new(FieldId.DeviceKnown, "device.known", Bool, "neither the source nor a device id tells", "whether the source, or the id in an accepted login, knows the device"),
        new(FieldId.DeviceId, "device.id", Text, NotGiven, "the source's id of the device"),
        new(FieldId.DeviceBrowser, "device.browser", Of(NameSet.Browsers), "not recognised", "the browser, program or bot the user agent claims: Firefox, curl, …"),
        new(FieldId.DeviceBrowserVersion, "device.browser_version", Int, "not recognised", "its major version"),
        new(FieldId.DeviceOs, "device.os", Of(NameSet.Systems), "not recognised", "the operating system: Windows, macOS, iOS, Android, Linux, …"),
        new(FieldId.DeviceClass, "device.class", Of(NameSet.DeviceClasses), "not recognised", "desktop, mobile, tablet, bot, library"),
        new(FieldId.AddressPublic, "address.public", Bool, NotGiven, "whether the source address can be reached from anywhere"),
        new(FieldId.AddressShared, "address.shared", Bool, "", "whether many established subjects use it (shared_address_subjects)"),
        new(FieldId.GeoCountry, "geo.country", Of(NameSet.AllCountries), "not known", "the country, two capitals (ISO 3166-1)"),
        new(FieldId.NetworkAsn, "network.asn", Int, "not known", "the number of the autonomous system"),
        new(FieldId.NetworkKinds, "network.kinds", ListOf(Of(NameSet.Networks)), "neither a kind nor an autonomous system is known", "tor, vpn, datacentre, mobile, relay"),
        new(FieldId.NetworkFeeds, "network.feeds", ListOf(Of(feeds)), "the address is not public", "the feeds that list the address, at most four"),
        new(FieldId.NetworkTrusted, "network.trusted", Bool, "", "whether it comes from one of trusted_networks, for a group of the subject"),
        new(FieldId.ReputationAddress, "reputation.address", ExpressionType.Double, "the address says nothing: not public, or a misread proxy's", "of the address, −5 (bad) to 5"),
        new(FieldId.ReputationNetwork, "reputation.network", ExpressionType.Double, "the address says nothing", "of its /24, or /48 for IPv6"),
        new(FieldId.ReputationAsn, "reputation.asn", ExpressionType.Double, "the address says nothing, or no system is known", "of its autonomous system"),
        new(FieldId.ReputationPair, "reputation.pair", ExpressionType.Double, "the address says nothing", "of this subject at this address"),
        new(FieldId.FleetUnderAttack, "fleet.under_attack", Bool, "", "whether an attack on the fleet as a whole goes on; surges are none"),
        new(FieldId.FleetAttacks, "fleet.attacks", ListOf(Of(NameSet.Attacks)), "", "the kinds of attack and surge that go on, see docs/detection.md"),
        new(FieldId.RiskScore, "risk.score", ExpressionType.Double, "", "0 to 100"),
        new(FieldId.RiskLevel, "risk.level", Of(NameSet.Levels), "", "none < low < medium < high, written without quotes"),
        new(FieldId.Signals, "signals", MapOf(Of(NameSet.Signals), ExpressionType.Double), "", "what the detectors said: contributions in nats by the name of the signal"),
    ];
}
