using RiskEngine.Configuration;
using RiskEngine.Host.Logging;
using RiskEngine.Host.Logging.Loki;
using Serilog;
using Serilog.Events;

namespace RiskEngine.Host.Telemetry;

/// <summary>Loggers that write JSON lines to standard output, and to Loki where one is configured; the rest of .NET is heard from warnings up.</summary>
/// <remarks>
/// Thread-safe. No line waits for whoever reads: see <see cref="LineQueue"/> and <see cref="LokiShipper"/>. At the end up to two seconds are given to lines on
/// their way to standard output, and five to those on their way to Loki.
/// </remarks>
public sealed class JsonLogging : ILoggerFactory
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly LineQueue _lines;
    private readonly Serilog.Core.Logger _serilog;
    private readonly ILoggerFactory _loggers;

    public JsonLogging(LogSettings settings)
        : this(settings, Console.OpenStandardOutput(), null)
    {
    }

    internal JsonLogging(LogSettings settings, LokiShipper? loki)
        : this(settings, Console.OpenStandardOutput(), loki)
    {
    }

    /// <param name="loki">Is begun and ended here; null for none.</param>
    internal JsonLogging(LogSettings settings, Stream output, LokiShipper? loki = null)
    {
        Loki = loki;
        _lines = new LineQueue(output, settings.QueueCapacity, Patience);
        var sinks = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(new StandardOutputSink(_lines));
        if (loki is not null && loki.Settings.Streams.HasFlag(LokiStreams.App)) sinks.WriteTo.Sink(new LokiSink(loki), LeastFor(loki.Settings.RestrictedToMinimumLevel));
        _serilog = sinks.CreateLogger();
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
            logging.AddProvider(new SerilogBridge(_serilog));
        });
        loki?.Start(_loggers.CreateLogger<LokiShipper>());
    }

    /// <summary>Gets the lines that standard output did not take.</summary>
    public long Dropped => _lines.Dropped;

    /// <summary>Gets what carries lines to Loki; null where none is configured.</summary>
    internal LokiShipper? Loki { get; }

    public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => _loggers.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => _loggers.AddProvider(provider);

    public void Dispose()
    {
        Loki?.Dispose();
        _loggers.Dispose();
        _serilog.Dispose();
        _lines.Dispose();
    }

    private static LogEventLevel LeastFor(LogVerbosity verbosity) => verbosity switch
    {
        LogVerbosity.Debug => LogEventLevel.Debug,
        LogVerbosity.Warning => LogEventLevel.Warning,
        LogVerbosity.Error => LogEventLevel.Error,
        _ => LogEventLevel.Information,
    };
}
