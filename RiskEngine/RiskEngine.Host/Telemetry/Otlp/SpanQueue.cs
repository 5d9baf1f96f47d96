using System.Diagnostics;
using OpenTelemetry;

namespace RiskEngine.Host.Telemetry.Otlp;

/// <summary>Spans that wait to be pushed: bounded, and what finds no room is dropped and counted, so that whoever ends a span never waits.</summary>
/// <remarks>Thread-safe. Pushes on a thread of its own, every five seconds or 512 spans. Takes the spans of one source only: others may have its name.</remarks>
internal sealed class SpanQueue(ActivitySource source, SpanExporter spans, OtlpWatch watch, TimeSpan timeout)
    : BatchActivityExportProcessor(spans, spans.Capacity, DelayMilliseconds, (int)timeout.TotalMilliseconds, BatchSize)
{
    private const int DelayMilliseconds = 5000, BatchSize = 512;

    public override void OnEnd(Activity data)
    {
        if (!data.Recorded || !ReferenceEquals(data.Source, source)) return;
        if (spans.TryReserve()) base.OnEnd(data);
        else watch.Dropped();
    }
}
