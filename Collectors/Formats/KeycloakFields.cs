namespace RiskEngine.Collectors.Formats;

/// <summary>The members of Keycloak's events that are read, and how long they may be.</summary>
internal static class KeycloakFields
{
    public const string UserMissing = "userId or details.username is missing";

    public static readonly JsonField Id = new("id");
    public static readonly JsonField Time = new("time");
    public static readonly JsonField Type = new("type", 128);
    public static readonly JsonField ClientId = new("clientId");
    public static readonly JsonField UserId = new("userId");
    public static readonly JsonField SessionId = new("sessionId", 4096);
    public static readonly JsonField IpAddress = new("ipAddress");
    public static readonly JsonField Error = new("error");
    public static readonly JsonField Details = new("details");
    public static readonly JsonField Detail = new("a text in details");
    public static readonly JsonField UserAgent = new("details.user_agent", 2048);
    public static readonly JsonField AuthDetails = new("authDetails");
    public static readonly JsonField OperationType = new("operationType", 64);
    public static readonly JsonField ResourceType = new("resourceType", 64);
    public static readonly JsonField ResourcePath = new("resourcePath", 1024);
}
