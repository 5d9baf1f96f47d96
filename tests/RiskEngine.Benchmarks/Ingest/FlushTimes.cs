using System.Globalization;

namespace RiskEngine.Benchmarks.Ingest;

/// <summary>How long durable transactions took, from the server's own histogram: as fine as its bounds are.</summary>
internal sealed class FlushTimes
{
    private const string Series = "riskengine_store_flush_duration_seconds_bucket{";

    private readonly (double Bound, long Count)[] _buckets;

    private FlushTimes((double Bound, long Count)[] buckets) => _buckets = buckets;

    public static FlushTimes Parse(string metrics) => new(
    [
        .. metrics.Split('\n').Where(line => line.StartsWith(Series, StringComparison.Ordinal)).Select(line =>
            (BoundOf(line), long.Parse(line[(line.LastIndexOf("} ", StringComparison.Ordinal) + 2)..], CultureInfo.InvariantCulture))),
    ]);

    /// <summary>What came between, in words: the number of transactions, and the bounds that half and 99 of 100 of them lie under.</summary>
    public string Since(FlushTimes before)
    {
        var counts = _buckets.Zip(before._buckets, (now, then) => (now.Bound, Count: now.Count - then.Count)).ToArray();
        var all = counts[^1].Count;
        return all == 0 ? "no flush" : $"{all:N0} flushes, p50 {Quantile(0.5)}, p99 {Quantile(0.99)}";

        string Quantile(double share)
        {
            var bound = counts.First(bucket => bucket.Count >= share * all).Bound;
            return double.IsInfinity(bound) ? "above the last bound" : $"≤ {bound * 1000:0.##} ms";
        }
    }

    private static double BoundOf(string line)
    {
        var from = line.IndexOf("le=\"", StringComparison.Ordinal) + 4;
        var text = line[from..line.IndexOf('"', from)];
        return text == "+Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);
    }
}
