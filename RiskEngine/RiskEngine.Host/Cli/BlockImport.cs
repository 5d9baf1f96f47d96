using System.Text.Json;

namespace RiskEngine.Host.Cli;

/// <summary>Reads a file of blocks: JSON as exported, or plain text.</summary>
internal static class BlockImport
{
    /// <summary>The request body for each entry, with the line it stands on.</summary>
    /// <exception cref="CommandFailure">The JSON is broken.</exception>
    public static IReadOnlyList<(int Line, string Body)> Read(string text, string duration)
    {
        var trimmed = text.AsSpan().TrimStart();
        return trimmed.StartsWith("{") || trimmed.StartsWith("[") ? FromJson(text, duration) : FromLines(text, duration);
    }

    private static List<(int, string)> FromJson(string text, string duration)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var number = 0;
            return [.. Answer.Items(document.RootElement).EnumerateArray().Select(item => (++number, Body(item, duration)))];
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CommandFailure(ExitCode.Usage, $"The file is no list of blocks: {failure.Message}");
        }
    }

    private static string Body(JsonElement item, string duration)
    {
        var body = new Dictionary<string, object?>
        {
            ["scope"] = item.GetProperty("scope").GetString(),
            ["value"] = item.GetProperty("value").GetString(),
            ["reason"] = item.TryGetProperty("reason", out var reason) ? reason.GetString() : "imported",
        };
        if (item.TryGetProperty("until", out var until) && until.ValueKind == JsonValueKind.String) body["until"] = until.GetString();
        else body["duration"] = duration;
        return JsonSerializer.Serialize(body);
    }

    private static List<(int, string)> FromLines(string text, string duration)
    {
        var entries = new List<(int, string)>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var value = line.Split('#')[0].Trim();
            if (value.Length == 0) continue;
            var scope = value.Contains('/', StringComparison.Ordinal) ? "range" : "ip";
            entries.Add((number, JsonSerializer.Serialize(new { scope, value, duration, reason = "imported" })));
        }

        return entries;
    }
}
