using System.Text.Json.Serialization;

namespace RiskEngine.Host.CrowdSec;

/// <summary>How answers of a real LAPI are read: members that we do not know are left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LapiStream))]
internal sealed partial class LapiJson : JsonSerializerContext;
