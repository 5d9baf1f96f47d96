using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Configuration;

namespace RiskEngine.Host.Telemetry;

/// <summary>Loggers that write JSON lines to standard output; the rest of .NET is heard from warnings up.</summary>
/// <remarks>Thread-safe. No line waits for whoever reads: see <see cref="LineQueue"/>. At the end up to two seconds are given to lines on their way.</remarks>
public sealed class JsonLogging : ILoggerFactory
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>The host's word for a start that failed (Microsoft.Extensions.Hosting, HostedServiceStartupFaulted): it hands on the exception too, and whoever catches that tells it in words.</summary>
    private const int StartFaulted = 11;

    private readonly LineQueue _lines;
    private readonly ILoggerFactory _loggers;

    public JsonLogging(LogSettings settings)
        : this(settings, Console.OpenStandardOutput())
    {
    }

    internal JsonLogging(LogSettings settings, Stream output)
    {
        _lines = new LineQueue(output, settings.QueueCapacity, Patience);
        var minimum = settings.Level switch
        {
            LogVerbosity.Debug => LogLevel.Debug,
            LogVerbosity.Warning => LogLevel.Warning,
            LogVerbosity.Error => LogLevel.Error,
            _ => LogLevel.Information,
        };
        _loggers = LoggerFactory.Create(logging =>
        {
            logging.SetMinimumLevel(minimum);
            logging.AddFilter("Microsoft", minimum > LogLevel.Warning ? minimum : LogLevel.Warning);
            logging.AddFilter("System", minimum > LogLevel.Warning ? minimum : LogLevel.Warning);
            // Kestrel and the host log what we answer with problem details; and the latter would make an Activity for each request.
            logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
            logging.AddProvider(new Provider(_lines));
        });
    }

    /// <summary>Gets the lines that standard output did not take.</summary>
    public long Dropped => _lines.Dropped;

    public ILogger CreateLogger(string categoryName) => _loggers.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => _loggers.AddProvider(provider);

    public void Dispose()
    {
        _loggers.Dispose();
        _lines.Dispose();
    }

    private sealed class Provider(LineQueue lines) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Logger(categoryName, lines);

        public void Dispose()
        {
        }
    }

    private sealed class Logger(string category, LineQueue lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == StartFaulted && category == "Microsoft.Extensions.Hosting.Internal.Host") return;
            lines.Add(JsonLines.Format(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter)));
        }
    }
}
