namespace RiskEngine.Collectors.Formats;

/// <summary>The members of the canonical event and how long they may be.</summary>
internal static class RiskEngineFields
{
    public const string SubjectMissing = "subject.id or subject.name is missing";

    private static readonly JsonFieldSet Once = new();

    public static readonly JsonField Id = Once.Add("id");
    public static readonly JsonField OccurredAt = Once.Add("occurred_at");
    public static readonly JsonField Kind = Once.Add("kind", 64);
    public static readonly JsonField Tenant = Once.Add("tenant");
    public static readonly JsonField Subject = Once.Add("subject");
    public static readonly JsonField SubjectId = Once.Add("subject.id");
    public static readonly JsonField SubjectName = Once.Add("subject.name");
    public static readonly JsonField Groups = Once.Add("subject.groups");
    public static readonly JsonField ServiceAccount = Once.Add("subject.service_account");
    public static readonly JsonField SourceIp = Once.Add("source_ip");
    public static readonly JsonField UserAgent = Once.Add("user_agent", 2048);
    public static readonly JsonField SessionId = Once.Add("session_id", 4096);
    public static readonly JsonField DeviceId = Once.Add("device_id");
    public static readonly JsonField KnownDevice = Once.Add("known_device");
    public static readonly JsonField RequestId = Once.Add("request_id");
    public static readonly JsonField Application = Once.Add("application");
    public static readonly JsonField AuthMethod = Once.Add("auth_method");
    public static readonly JsonField Mfa = Once.Add("mfa");
    public static readonly JsonField Reason = Once.Add("reason");
    public static readonly JsonField RoundTrip = Once.Add("round_trip_ms");
    public static readonly JsonField Geo = Once.Add("geo");
    public static readonly JsonField Country = Once.Add("geo.country", 64);
    public static readonly JsonField City = Once.Add("geo.city");
    public static readonly JsonField Latitude = Once.Add("geo.latitude");
    public static readonly JsonField Longitude = Once.Add("geo.longitude");
    public static readonly JsonField Asn = Once.Add("asn");
    public static readonly JsonField AsnNumber = Once.Add("asn.number");
    public static readonly JsonField AsnOrganisation = Once.Add("asn.organization");
    public static readonly JsonField Probe = Once.Add("probe");
}
