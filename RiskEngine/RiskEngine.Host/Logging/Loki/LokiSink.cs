using RiskEngine.Configuration;
using Serilog.Core;
using Serilog.Events;

namespace RiskEngine.Host.Logging.Loki;

/// <summary>Sends each event to Loki, as the line that standard output has.</summary>
/// <remarks>Thread-safe. Nobody waits; while the queue is full an event is not even written, and counted.</remarks>
internal sealed class LokiSink(LokiShipper shipper) : ILogEventSink
{
    public void Emit(LogEvent logEvent)
    {
        if (!shipper.HasRoom(LokiStreams.App)) return;
        var source = LogLine.Source(logEvent);
        shipper.Add(new LokiEntry(
            LokiStreams.App, shipper.Labels.OfApp(LogLine.Name(logEvent.Level), source), LokiEntry.NanosecondsOf(logEvent.Timestamp), LogLine.Of(logEvent, shipper.Settings.LineBytes),
            shipper.Settings.StructuredMetadata ? Metadata(source, logEvent) : []));
    }

    private static KeyValuePair<string, string>[] Metadata(string source, LogEvent logEvent) =>
        logEvent.TraceId is { } trace ? [new("source", source), new("trace_id", trace.ToHexString())] : [new("source", source)];
}
