using RiskEngine.Storage;

namespace RiskEngine.Benchmarks.Storage;

/// <summary>Durable transactions since it was made, and how long they took.</summary>
internal sealed class Flushes
{
    private readonly List<double> _times = [];

    public Flushes(StoreMeter meter) => meter.Observed = (operation, elapsed) =>
    {
        if (operation != StoreOperation.Flush) return;
        lock (_times) _times.Add(elapsed.TotalMilliseconds);
    };

    public override string ToString()
    {
        lock (_times)
        {
            var sorted = _times.Order().ToArray();
            return sorted.Length == 0 ? "no transaction" : $"{sorted.Length:N0} transactions, p50 {sorted[sorted.Length / 2]:N2} ms, p99 {sorted[sorted.Length * 99 / 100]:N2} ms";
        }
    }
}
