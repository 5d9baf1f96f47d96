namespace RiskEngine.Collectors.Formats;

/// <summary>The members of authentik's events that are read, and how long they may be.</summary>
internal static class AuthentikFields
{
    public const string UserMissing = "user.pk or user.username is missing";

    public static readonly JsonField Results = new("results");
    public static readonly JsonField Result = new("an element of results");
    public static readonly JsonField Pk = new("pk");
    public static readonly JsonField Action = new("action", 128);
    public static readonly JsonField Created = new("created");
    public static readonly JsonField Timestamp = new("timestamp");
    public static readonly JsonField ClientIp = new("client_ip");
    public static readonly JsonField LogEvent = new("event", 1024);
    public static readonly JsonField Identifier = new("identifier");
    public static readonly JsonField RequestId = new("request_id");
    public static readonly JsonField User = new("user");
    public static readonly JsonField UserPk = new("user.pk");
    public static readonly JsonField UserName = new("user.username");
    public static readonly JsonField IsAnonymous = new("user.is_anonymous");
    public static readonly JsonField Context = new("context");
    public static readonly JsonField ContextUserName = new("context.username");
    public static readonly JsonField ContextText = new("a text in context");
    public static readonly JsonField ModelName = new("a model_name in context");
    public static readonly JsonField AuthMethod = new("context.auth_method");
    public static readonly JsonField AuthMethodArgs = new("context.auth_method_args");
    public static readonly JsonField KnownDevice = new("context.auth_method_args.known_device");
    public static readonly JsonField MfaDevices = new("context.auth_method_args.mfa_devices");
    public static readonly JsonField AskedAs = new("context.auth_method_args.riskengine");
    public static readonly JsonField DeviceClass = new("context.auth_method_args.device_class");
    public static readonly JsonField HttpRequest = new("context.http_request");
    public static readonly JsonField UserAgent = new("context.http_request.user_agent", 2048);
    public static readonly JsonField Geo = new("context.geo");
    public static readonly JsonField Country = new("context.geo.country");
    public static readonly JsonField City = new("context.geo.city");
    public static readonly JsonField Latitude = new("context.geo.lat");
    public static readonly JsonField Longitude = new("context.geo.long");
    public static readonly JsonField Asn = new("context.asn");
    public static readonly JsonField AsnNumber = new("context.asn.asn");
    public static readonly JsonField AsnOrganisation = new("context.asn.as_org");
}
