using System.Text.Json;
using System.Text.Json.Serialization;

namespace RiskEngine.Simulation.Benchmarking.Reporting;

/// <summary>The report for programs: every figure under a name that stays.</summary>
public static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new FiniteNumber() },
    };

    public static string Write(BenchmarkReport report) => JsonSerializer.Serialize(report, Options);

    /// <summary>JSON has no word for what is no number: it is null.</summary>
    private sealed class FiniteNumber : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value)) writer.WriteNumberValue(Math.Round(value, 6));
            else writer.WriteNullValue();
        }
    }
}
