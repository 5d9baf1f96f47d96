using System.Buffers;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;

namespace RiskEngine.Host.Telemetry;

/// <summary>Log lines as one JSON object each: time, level, source, message, and what the message was made of.</summary>
/// <remarks>Pure. Line ends within texts are escaped, exceptions included, so that a line is always one object.</remarks>
internal static class JsonLines
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Levels = ["trace", "debug", "info", "warn", "error", "fatal", "none"];

    /// <summary>The line of an entry in UTF-8, with its end.</summary>
    public static byte[] Format<TState>(in LogEntry<TState> logEntry)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
            json.WriteString("level", Levels[(int)logEntry.LogLevel]);
            json.WriteString("source", ShortName(logEntry.Category));
            json.WriteString("message", logEntry.Formatter(logEntry.State, null));
            if (logEntry.State is IEnumerable<KeyValuePair<string, object?>> values) WriteValues(json, values);
            if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } span) WriteTrace(json, span);
            if (logEntry.Exception is { } exception) json.WriteString("exception", exception.ToString());
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteTrace(Utf8JsonWriter json, Activity span)
    {
        json.WriteString("trace_id", span.TraceId.ToHexString());
        json.WriteString("span_id", span.SpanId.ToHexString());
    }

    private static void WriteValues(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>> values)
    {
        foreach (var (name, value) in values)
        {
            if (name == "{OriginalFormat}") continue;
            var key = JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
            switch (value)
            {
                case null: json.WriteNull(key); break;
                case bool flag: json.WriteBoolean(key, flag); break;
                case int number: json.WriteNumber(key, number); break;
                case long number: json.WriteNumber(key, number); break;
                case double number when double.IsFinite(number): json.WriteNumber(key, number); break;
                default: json.WriteString(key, value.ToString()); break;
            }
        }
    }

    private static string ShortName(string category) => category[(category.LastIndexOf('.') + 1)..];
}
