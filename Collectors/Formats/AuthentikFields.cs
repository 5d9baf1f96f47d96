namespace RiskEngine.Collectors.Formats;

/// <summary>The members of authentik's events that are read, and how long they may be.</summary>
internal static class AuthentikFields
{
    public const string UserMissing = "user.pk or user.username is missing";

    /// <summary>Bytes of a name: authentik allows 150 characters, of four bytes at most each.</summary>
    private const int NameLength = 600;

    private static readonly JsonFieldSet Once = new();

    public static readonly JsonField Results = Once.Add("results");
    public static readonly JsonField Result = new("an element of results");
    public static readonly JsonField Pk = Once.Add("pk");
    public static readonly JsonField Action = Once.Add("action", 128);
    public static readonly JsonField Created = Once.Add("created");
    public static readonly JsonField Timestamp = Once.Add("timestamp");
    public static readonly JsonField ClientIp = Once.Add("client_ip");
    public static readonly JsonField LogEvent = Once.Add("event", 1024);
    public static readonly JsonField Identifier = Once.Add("identifier", NameLength);
    public static readonly JsonField RequestId = Once.Add("request_id");
    public static readonly JsonField User = Once.Add("user");
    public static readonly JsonField UserPk = Once.Add("user.pk");
    public static readonly JsonField UserName = Once.Add("user.username", NameLength);
    public static readonly JsonField IsAnonymous = Once.Add("user.is_anonymous");
    public static readonly JsonField Context = Once.Add("context");
    public static readonly JsonField ContextUserName = Once.Add("context.username", NameLength);
    public static readonly JsonField ContextReason = Once.Add("context.reason");
    public static readonly JsonField LogoutReason = Once.Add("context.logout_reason");
    public static readonly JsonField Message = Once.Add("context.message");
    public static readonly JsonField ContextCreated = Once.Add("context.created");
    public static readonly JsonField Model = Once.Add("context.model");
    public static readonly JsonField Application = Once.Add("context.authorized_application");
    public static readonly JsonField ContextText = new("a text in context");
    public static readonly JsonField ModelName = new("a model_name in context");
    public static readonly JsonField AuthMethod = Once.Add("context.auth_method");
    public static readonly JsonField AuthMethodArgs = Once.Add("context.auth_method_args");
    public static readonly JsonField KnownDevice = Once.Add("context.auth_method_args.known_device");
    public static readonly JsonField MfaDevices = Once.Add("context.auth_method_args.mfa_devices");
    public static readonly JsonField AskedAs = Once.Add("context.auth_method_args.riskengine");
    public static readonly JsonField DeviceClass = Once.Add("context.auth_method_args.device_class");
    public static readonly JsonField HttpRequest = Once.Add("context.http_request");
    public static readonly JsonField UserAgent = Once.Add("context.http_request.user_agent", 2048);
    public static readonly JsonField HttpRequestId = Once.Add("context.http_request.request_id");
    public static readonly JsonField Geo = Once.Add("context.geo");
    public static readonly JsonField Country = Once.Add("context.geo.country");
    public static readonly JsonField City = Once.Add("context.geo.city");
    public static readonly JsonField Latitude = Once.Add("context.geo.lat");
    public static readonly JsonField Longitude = Once.Add("context.geo.long");
    public static readonly JsonField Asn = Once.Add("context.asn");
    public static readonly JsonField AsnNumber = Once.Add("context.asn.asn");
    public static readonly JsonField AsnOrganisation = Once.Add("context.asn.as_org");
}
