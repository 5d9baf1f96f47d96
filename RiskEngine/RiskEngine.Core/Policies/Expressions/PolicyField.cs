namespace RiskEngine.Core.Policies;

/// <summary>A field of a login that conditions can ask about.</summary>
/// <param name="Path">As it is written: <c>geo.country</c>.</param>
/// <param name="Type">Its type in the words of CEL.</param>
/// <param name="Missing">When nothing is known of it; empty where there always is.</param>
/// <param name="Meaning">What it says, with unit and range.</param>
public sealed record PolicyField(string Path, string Type, string Missing, string Meaning)
{
    /// <summary>Gets every field there is, in the order of the documents.</summary>
    public static IReadOnlyList<PolicyField> All { get; } = [.. PolicySchema.For(null).Fields.Values.Select(field => new PolicyField(field.Path, field.Type.ToString(), field.Missing, field.Meaning))];
}

/// <summary>What a field is inside: which one it is, and its type.</summary>
internal sealed record FieldDeclaration(FieldId Id, string Path, ExpressionType Type, string Missing, string Meaning);

/// <summary>Every field, by a number that evaluation switches on.</summary>
internal enum FieldId : byte
{
    EventKind,
    EventOccurredAt,
    EventTenant,
    EventApplication,
    EventAuthMethod,
    EventMfa,
    EventReason,
    EventRoundTrip,
    EventUserAgent,
    EventSourceIp,
    EventProbe,
    SubjectId,
    SubjectName,
    SubjectUnknown,
    SubjectGroups,
    SubjectServiceAccount,
    SubjectEstablished,
    SubjectLogins,
    SubjectFirstLogin,
    SubjectLastLogin,
    SubjectDaysSinceFirstLogin,
    SubjectDaysSinceLastLogin,
    SessionKnown,
    DeviceKnown,
    DeviceId,
    DeviceBrowser,
    DeviceBrowserVersion,
    DeviceOs,
    DeviceClass,
    AddressPublic,
    AddressShared,
    GeoCountry,
    NetworkAsn,
    NetworkKinds,
    NetworkFeeds,
    NetworkTrusted,
    ReputationAddress,
    ReputationNetwork,
    ReputationAsn,
    ReputationPair,
    FleetUnderAttack,
    FleetAttacks,
    RiskScore,
    RiskLevel,
    Signals,
}
