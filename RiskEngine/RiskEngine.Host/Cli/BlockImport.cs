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
            return [.. Answer.Items(document.RootElement).EnumerateArray().Select(item => (++number, Body(item, number, duration)))];
        }
        catch (JsonException failure)
        {
            throw new CommandFailure(ExitCode.Usage, $"The file is no JSON: {failure.Message}");
        }
        catch (Exception failure) when (failure is KeyNotFoundException or InvalidOperationException)
        {
            throw new CommandFailure(ExitCode.Usage, "The file is no list of blocks: expected {\"items\":[…]}, as 'blocks export' writes it.");
        }
    }

    private static string Body(JsonElement item, int number, string duration)
    {
        if (Text(item, "scope") is not { } scope || Text(item, "value") is not { } value) throw new CommandFailure(ExitCode.Usage, $"Entry {number} has no scope, or no value.");
        var body = new Dictionary<string, object?> { ["scope"] = scope, ["value"] = value, ["reason"] = Text(item, "reason") ?? "imported" };
        if (Text(item, "tenant") is { } tenant) body["tenant"] = tenant;
        if (Text(item, "until") is { } until) body["until"] = until;
        // An export names an end for each block that has one.
        else if (item.TryGetProperty("until", out var none) && none.ValueKind == JsonValueKind.Null) body["permanent"] = true;
        else body["duration"] = duration;
        return JsonSerializer.Serialize(body);
    }

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

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
