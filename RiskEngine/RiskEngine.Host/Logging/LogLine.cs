using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Serilog.Core;
using Serilog.Events;

namespace RiskEngine.Host.Logging;

/// <summary>Log events as one JSON object each: time, level, source, message, and what the message was made of; secrets taken out.</summary>
/// <remarks>Pure. Line ends within texts are escaped, exceptions included, so that a line is always one object.</remarks>
internal static class LogLine
{
    /// <summary>Bytes that one character may take: as <c>\u0000</c>.</summary>
    private const int WidestCharacter = 6;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object in UTF-8, without an end of line.</summary>
    /// <param name="most">Bytes that it may take; texts of a longer one are cut, and <c>cut</c> says so.</param>
    public static ReadOnlyMemory<byte> Of(LogEvent entry, int most = int.MaxValue)
    {
        var line = Write(entry, int.MaxValue);
        return line.Length <= most ? line : Write(entry, most / (WidestCharacter * (entry.Properties.Count + 8)));
    }

    /// <summary>The name of a level, in lines and as a label.</summary>
    public static string Name(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "trace",
        LogEventLevel.Debug => "debug",
        LogEventLevel.Information => "info",
        LogEventLevel.Warning => "warn",
        LogEventLevel.Error => "error",
        _ => "fatal",
    };

    /// <summary>The part of the program that wrote an event, without its namespace.</summary>
    public static string Source(LogEvent entry)
    {
        if (!entry.Properties.TryGetValue(Constants.SourceContextPropertyName, out var value) || value is not ScalarValue { Value: string category }) return "";
        return category[(category.LastIndexOf('.') + 1)..];
    }

    private static ReadOnlyMemory<byte> Write(LogEvent entry, int longest)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        json.WriteString("time", entry.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
        json.WriteString("level", Name(entry.Level));
        json.WriteString("source", Source(entry));
        json.WriteString("message", Clean(LogText.Message(entry), longest));
        foreach (var (name, value) in entry.Properties)
        {
            if (name != Constants.SourceContextPropertyName) WriteValue(json, name, value, longest);
        }

        if (entry.Exception is { } exception) json.WriteString("exception", Clean(exception.ToString(), longest));
        if (entry.TraceId is { } trace) json.WriteString("trace_id", trace.ToHexString());
        if (entry.SpanId is { } span) json.WriteString("span_id", span.ToHexString());
        if (longest != int.MaxValue) json.WriteBoolean("cut", true);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteValue(Utf8JsonWriter json, string name, LogEventPropertyValue property, int longest)
    {
        var key = JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
        switch ((property as ScalarValue)?.Value)
        {
            case null when property is ScalarValue: json.WriteNull(key); break;
            case bool flag: json.WriteBoolean(key, flag); break;
            case int number: json.WriteNumber(key, number); break;
            case long number: json.WriteNumber(key, number); break;
            case double number when double.IsFinite(number): json.WriteNumber(key, number); break;
            default: json.WriteString(key, SecretNames.IsSecret(key) ? Scrubber.Removed : Clean(LogText.Value(property), longest)); break;
        }
    }

    /// <summary>Cut first: what is left of a secret is still one by its name.</summary>
    private static string Clean(string text, int longest) => Scrubber.Clean(text.Length > longest ? text[..longest] : text);
}
