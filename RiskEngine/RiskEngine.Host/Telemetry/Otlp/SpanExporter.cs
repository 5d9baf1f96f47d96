using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace RiskEngine.Host.Telemetry.Otlp;

/// <summary>Pushes spans, and counts those that wait and those that were lost.</summary>
/// <remarks>Exports on one thread at a time; room may be reserved by any.</remarks>
internal sealed class SpanExporter(OtlpExporterOptions options, OtlpWatch watch) : OtlpTraceExporter(options)
{
    private int _waiting;

    /// <summary>Gets how many spans may wait, those being pushed included.</summary>
    public int Capacity => 4096;

    /// <summary>Takes the place of one span; false where there is none.</summary>
    public bool TryReserve()
    {
        if (Interlocked.Increment(ref _waiting) <= Capacity) return true;
        Interlocked.Decrement(ref _waiting);
        return false;
    }

    public override ExportResult Export(in Batch<Activity> batch)
    {
        var count = batch.Count;
        var result = base.Export(batch);
        if (result == ExportResult.Failure) watch.Failed(count);
        Interlocked.Add(ref _waiting, -(int)count);
        return result;
    }
}
