using System.Text.Json;
using System.Text.Json.Serialization;

namespace RiskEngine.Responders.Authentik;

/// <summary>What an item for authentik holds: whom it is about, and why.</summary>
internal sealed record AuthentikAct
{
    /// <summary>Kinds of items.</summary>
    public const string Membership = "membership", EndSessions = "end_sessions", Deactivate = "deactivate", ForgetReputation = "forget_reputation", SuspiciousRequest = "suspicious_request";

    public string UserId { get; init; } = "";

    public string UserName { get; init; } = "";

    public string Address { get; init; } = "";

    /// <summary>Gets whether the person is to be in the group; sessions: whether all of them end.</summary>
    public bool Wish { get; init; }

    public string EventId { get; init; } = "";

    public double Score { get; init; }

    public string Why { get; init; } = "";

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, AuthentikJson.Default.AuthentikAct);

    /// <summary>Reads an item; null where it is of another build and cannot be understood.</summary>
    public static AuthentikAct? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, AuthentikJson.Default.AuthentikAct);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(AuthentikAct))]
internal sealed partial class AuthentikJson : JsonSerializerContext;
