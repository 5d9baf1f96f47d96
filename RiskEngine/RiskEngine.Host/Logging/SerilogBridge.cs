using System.Collections.Concurrent;
using System.Diagnostics;
using Serilog.Core;
using Serilog.Events;
using Serilog.Parsing;

namespace RiskEngine.Host.Logging;

/// <summary>Carries what is logged through Microsoft.Extensions.Logging to Serilog, whose sinks take it further.</summary>
/// <remarks>
/// An event holds what its message was made of and nothing else: scopes are left out, since those of the web server name paths and connections. Thread-safe.
/// </remarks>
internal sealed class SerilogBridge(Serilog.ILogger serilog) : ILoggerProvider
{
    /// <summary>The host's word for a start that failed (Microsoft.Extensions.Hosting, HostedServiceStartupFaulted): it hands on the exception too, and whoever catches that tells it in words.</summary>
    private const int StartFaulted = 11;

    /// <summary>Templates that are kept parsed; ours are constants and a few dozen.</summary>
    private const int MostTemplates = 1024;

    private static readonly MessageTemplateParser Parser = new();

    private readonly ConcurrentDictionary<string, MessageTemplate> _templates = new(StringComparer.Ordinal);

    public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => new Writer(this, serilog.ForContext(Constants.SourceContextPropertyName, categoryName), categoryName);

    public void Dispose()
    {
    }

    private MessageTemplate Template(string text)
    {
        if (_templates.TryGetValue(text, out var known)) return known;
        var parsed = Parser.Parse(text);
        return _templates.Count < MostTemplates ? _templates.GetOrAdd(text, parsed) : parsed;
    }

    private sealed class Writer(SerilogBridge bridge, Serilog.ILogger serilog, string category) : Microsoft.Extensions.Logging.ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && serilog.IsEnabled(LevelOf(logLevel));

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel) || (eventId.Id == StartFaulted && category == "Microsoft.Extensions.Hosting.Internal.Host")) return;
            MessageTemplate? template = null;
            List<LogEventProperty> properties = [];
            if (state is IEnumerable<KeyValuePair<string, object?>> values)
            {
                foreach (var (name, value) in values)
                {
                    if (name == "{OriginalFormat}") template = bridge.Template(value as string ?? "");
                    else if (LogEventProperty.IsValidName(name)) properties.Add(new LogEventProperty(name, LogText.Scalar(value)));
                }
            }

            template ??= new MessageTemplate([new TextToken(formatter(state, null))]);
            var trace = Activity.Current;
            serilog.Write(new LogEvent(TimeProvider.System.GetUtcNow(), LevelOf(logLevel), exception, template, properties, trace?.TraceId ?? default, trace?.SpanId ?? default));
        }

        private static LogEventLevel LevelOf(LogLevel level) => level switch
        {
            LogLevel.Trace => LogEventLevel.Verbose,
            LogLevel.Debug => LogEventLevel.Debug,
            LogLevel.Information => LogEventLevel.Information,
            LogLevel.Warning => LogEventLevel.Warning,
            LogLevel.Error => LogEventLevel.Error,
            _ => LogEventLevel.Fatal,
        };
    }
}
