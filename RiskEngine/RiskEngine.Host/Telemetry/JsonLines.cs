using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using RiskEngine.Configuration;

namespace RiskEngine.Host.Telemetry;

/// <summary>Log lines as one JSON object each: time, level, source, message, and what the message was made of.</summary>
/// <remarks>Thread-safe. Line ends within texts are escaped, exceptions included, so that a line is always one object.</remarks>
public sealed class JsonLines() : ConsoleFormatter(FormatterName)
{
    private const string FormatterName = "riskengine";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Levels = ["trace", "debug", "info", "warn", "error", "fatal", "none"];

    /// <summary>Makes loggers that write to standard output; the rest of .NET is heard from warnings up.</summary>
    public static ILoggerFactory CreateFactory(LogVerbosity verbosity)
    {
        var minimum = verbosity switch
        {
            LogVerbosity.Debug => LogLevel.Debug,
            LogVerbosity.Warning => LogLevel.Warning,
            LogVerbosity.Error => LogLevel.Error,
            _ => LogLevel.Information,
        };
        return LoggerFactory.Create(logging =>
        {
            logging.SetMinimumLevel(minimum);
            logging.AddFilter("Microsoft", minimum > LogLevel.Warning ? minimum : LogLevel.Warning);
            logging.AddFilter("System", minimum > LogLevel.Warning ? minimum : LogLevel.Warning);
            // Kestrel and the host log what we answer with problem details; and the latter would make an Activity for each request.
            logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
            logging.AddConsole(console => console.FormatterName = FormatterName);
            logging.AddConsoleFormatter<JsonLines, ConsoleFormatterOptions>();
            logging.Services.AddSingleton(TimeProvider.System);
        });
    }

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
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
            if (logEntry.Exception is { } exception) json.WriteString("exception", exception.ToString());
            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
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
