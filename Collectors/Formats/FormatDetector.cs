using System.Text.Json;

namespace RiskEngine.Collectors.Formats;

/// <summary>What <c>--format auto</c> makes of the beginning of a file.</summary>
/// <param name="Name">The format, or null where none can be told.</param>
/// <param name="Reason">What it was told by, or what to do instead; for people.</param>
public readonly record struct FormatGuess(string? Name, string Reason);

/// <summary>Tells a format by the first lines of a stream: by the members of JSON objects, the columns of a header, the shape of syslog.</summary>
public static class FormatDetector
{
    private const int LineLimit = 100;

    private static readonly string[] AuthentikMembers = ["client_ip", "pagination", "action", "schema", "context", "brand", "logger", "event"];

    private static readonly string Refusal = $"the first lines are of no format known; name one: {string.Join(", ", EventFormats.Names)}";

    /// <param name="head">The first bytes, without a byte order mark; some kibibytes are enough.</param>
    public static FormatGuess Detect(ReadOnlySpan<byte> head)
    {
        var text = head.TrimStart(" \t\r\n"u8);
        if (text.IsEmpty) return new FormatGuess(null, "there is nothing to tell the format by; name one");
        if (text[0] is (byte)'{' or (byte)'[' && DetectJson(text) is { } document) return document;

        for (var lines = 0; !text.IsEmpty && lines < LineLimit; lines++)
        {
            var end = text.IndexOf((byte)'\n');
            var line = (end < 0 ? text : text[..end]).TrimEnd((byte)'\r');
            if (DetectLine(line) is { } guess) return guess;
            text = end < 0 ? default : text[(end + 1)..];
        }

        return new FormatGuess(null, Refusal);
    }

    private static FormatGuess? DetectLine(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("{"u8)) return DetectJson(line);
        if (SyslogLine.TryParse(line, out var parts) && !parts.Program.IsEmpty) return new FormatGuess("sshd", "lines of syslog");
        var row = new CsvRow();
        return row.Split(line) < 0 && RbaColumns.TryRead(row, line, out _) ? new FormatGuess("rba", "a header with the columns of the RBA data set") : null;
    }

    /// <summary>Looks at the members of the first object, at whatever depth an array puts it, as far as the text goes.</summary>
    private static FormatGuess? DetectJson(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, isFinalBlock: false, default);
        FormatGuess? guess = null;
        try
        {
            var depth = -1;
            while (reader.Read())
            {
                if (depth < 0 && reader.TokenType == JsonTokenType.StartObject) depth = reader.CurrentDepth + 1;
                if (reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == depth - 1) return guess;
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != depth) continue;
                if (reader.ValueTextEquals("occurred_at"u8)) return new FormatGuess("riskengine", "JSON with occurred_at");
                guess ??= DetectMember(ref reader);
            }
        }
        catch (JsonException)
        {
            // Broken further on; what was seen before counts.
        }

        return guess;
    }

    private static FormatGuess? DetectMember(ref Utf8JsonReader reader)
    {
        foreach (var member in AuthentikMembers)
        {
            if (reader.ValueTextEquals(member)) return new FormatGuess("authentik", $"JSON with {member}");
        }

        if (reader.ValueTextEquals("realmId"u8)) return new FormatGuess("keycloak", "JSON with realmId");
        return reader.ValueTextEquals("subject"u8) ? new FormatGuess("riskengine", "JSON with subject") : null;
    }
}
