using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Benchmarking;

/// <summary>Reads the cases of a generated stream as any event is read: by the canonical format.</summary>
internal static class StreamParser
{
    /// <exception cref="InvalidDataException">A case is no event, or a probe is not marked as one: a fault of the generator.</exception>
    public static IEnumerable<ParsedCase> Parse(IEnumerable<BenchmarkCase> stream, FormatContext context)
    {
        var format = new RiskEngineFormat(context);
        var batch = new EventBatch(1);
        long number = 0;
        foreach (var next in stream)
        {
            batch.Clear();
            var result = format.Parse(next.Json.Span, new SourcePosition(0, 0, number), batch);
            if (result.Added != 1) throw new InvalidDataException($"Case {number} of the stream is no login event: {result.Defect}");
            if (batch[0].Probe != (next.Kind == CaseKind.Probe)) throw new InvalidDataException($"Case {number} of the stream is a {next.Kind} and its event says probe: {batch[0].Probe}.");
            number++;
            yield return new ParsedCase(next, batch, 0);
        }
    }
}
