using System.Collections;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskEngine.Configuration;
using RiskEngine.Host.Cli;
using RiskEngine.Host.Logging;

namespace RiskEngine.Host.Doctor;

/// <summary>What somebody who helps needs to see, in one file of JSON that can be read before it is sent.</summary>
/// <remarks>
/// Of the settings it holds what cannot name anybody or anything: numbers, switches, durations and choices. Of a text, an address or a path it says only that it
/// is set. Findings go through the scrubber of the logs. Metrics hold no names of people.
/// </remarks>
internal static class SupportBundle
{
    private const string Set = "[set]";

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the file.</summary>
    /// <param name="settings">Null where they could not be read.</param>
    /// <param name="metrics">What <c>/metrics</c> said; empty where nothing answered.</param>
    /// <exception cref="CommandFailure">It cannot be written.</exception>
    public static async Task WriteAsync(string path, RiskEngineSettings? settings, IReadOnlyList<Finding> findings, string metrics, TimeProvider clock, CancellationToken cancellation)
    {
        var bundle = new
        {
            WrittenAt = clock.GetUtcNow(),
            Version = typeof(SupportBundle).Assembly.GetName().Version?.ToString(),
            Runtime = Environment.Version.ToString(),
            System = RuntimeInformation.OSDescription,
            Cores = Environment.ProcessorCount,
            MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            Findings = findings.Select(finding => finding with { Detail = Scrubber.Clean(finding.Detail) }),
            Settings = settings is null ? null : Describe(settings),
            Metrics = metrics.Split('\n', StringSplitOptions.RemoveEmptyEntries),
        };
        await using var file = OutputFile.Open(path);
        await JsonSerializer.SerializeAsync(file, bundle, Indented, cancellation);
    }

    /// <summary>A setting without anything that people wrote.</summary>
    internal static JsonNode? Describe(object? value) => value switch
    {
        null => null,
        bool flag => flag,
        Enum choice => choice.ToString(),
        TimeSpan time => time.ToString(),
        int or long or short or byte or uint or ulong or float or double or decimal => JsonSerializer.SerializeToNode(value),
        string or Uri => Set,
        IDictionary map => $"[{map.Count} set]",
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(Describe)]),
        _ when value.GetType().IsPrimitive || value.GetType().Namespace?.StartsWith(nameof(RiskEngine), StringComparison.Ordinal) != true => Set,
        _ => Members(value),
    };

    private static JsonObject Members(object value)
    {
        var members = new JsonObject();
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            // What is worked out of the others says nothing new, and what has a parameter is no setting.
            if (property.SetMethod is null || property.GetIndexParameters().Length > 0) continue;
            members[JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)] = Describe(property.GetValue(value));
        }

        return members;
    }
}
