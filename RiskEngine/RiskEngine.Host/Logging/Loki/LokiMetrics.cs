using System.Diagnostics.Metrics;
using RiskEngine.Configuration;
using RiskEngine.Host.Telemetry;
using RiskEngine.Responders;

namespace RiskEngine.Host.Logging.Loki;

/// <summary>What is measured of lines on their way to Loki. Nothing where none is configured.</summary>
internal static class LokiMetrics
{
    private static readonly LokiStreams[] Streams = [LokiStreams.App, LokiStreams.Audit, LokiStreams.Assessment];

    public static void Register(InstrumentSet instruments, LokiShipper? loki)
    {
        if (loki is null) return;
        var meter = loki.Meter;
        instruments.ReadCounter(
            "riskengine_loki_entries_total", "Lines that Loki took.",
            () => Streams.Select((stream, i) => new Measurement<long>(meter.Sent(i), Label("stream", LokiLabelSet.Name(stream)))));
        instruments.ReadCounter(
            "riskengine_loki_entries_dropped_total",
            "Lines that Loki did not get: full (too many waited), rate (more assessments in a second than loki.assessments_per_second), rejected (Loki refused them for good), expired (older than loki.give_up_after), stopped (the program ended first).",
            () => LokiMeter.Losses.Select(loss => new Measurement<long>(meter.Lost(loss.Loss), Label("reason", loss.Name))));
        instruments.ReadCounter(
            "riskengine_loki_requests_total", "Requests to Loki, by what became of them.",
            () => DeliveryReasons.Outcomes.Select((outcome, i) => new Measurement<long>(meter.Requests(i), Label("outcome", outcome))));
        instruments.Gauge("riskengine_loki_queue_entries", "Lines that wait for Loki; loki.queue_limit is the most.", () => [new(loki.Queue.Count)]);
        instruments.Gauge("riskengine_loki_queue_bytes", "Memory that they take; loki.queue_bytes is the most.", () => [new(loki.Queue.Bytes)]);
        instruments.Gauge("riskengine_loki_last_success_timestamp_seconds", "When Loki took lines last; 0 for never.", () => [new(meter.LastSuccess)]);
    }

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
