namespace RiskEngine.Collectors.Formats;

/// <summary>The members of the canonical event and how long they may be.</summary>
internal static class RiskEngineFields
{
    public const string SubjectMissing = "subject.id or subject.name is missing";

    public static readonly JsonField Id = new("id");
    public static readonly JsonField OccurredAt = new("occurred_at");
    public static readonly JsonField Kind = new("kind", 64);
    public static readonly JsonField Tenant = new("tenant");
    public static readonly JsonField Subject = new("subject");
    public static readonly JsonField SubjectId = new("subject.id");
    public static readonly JsonField SubjectName = new("subject.name");
    public static readonly JsonField Groups = new("subject.groups");
    public static readonly JsonField ServiceAccount = new("subject.service_account");
    public static readonly JsonField SourceIp = new("source_ip");
    public static readonly JsonField UserAgent = new("user_agent", 2048);
    public static readonly JsonField SessionId = new("session_id", 4096);
    public static readonly JsonField DeviceId = new("device_id");
    public static readonly JsonField KnownDevice = new("known_device");
    public static readonly JsonField RequestId = new("request_id");
    public static readonly JsonField Application = new("application");
    public static readonly JsonField AuthMethod = new("auth_method");
    public static readonly JsonField Mfa = new("mfa");
    public static readonly JsonField Reason = new("reason");
    public static readonly JsonField RoundTrip = new("round_trip_ms");
    public static readonly JsonField Geo = new("geo");
    public static readonly JsonField Country = new("geo.country", 64);
    public static readonly JsonField City = new("geo.city");
    public static readonly JsonField Latitude = new("geo.latitude");
    public static readonly JsonField Longitude = new("geo.longitude");
    public static readonly JsonField Asn = new("asn");
    public static readonly JsonField AsnNumber = new("asn.number");
    public static readonly JsonField AsnOrganisation = new("asn.organization");
    public static readonly JsonField Probe = new("probe");
}
