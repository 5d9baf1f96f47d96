using System.Globalization;
using RiskEngine.Simulation.Benchmarking.Reporting;
using RiskEngine.Simulation.Benchmarking.Traffic;
using RiskEngine.Simulation.Benchmarking.Traffic.Checks;

namespace RiskEngine.Host.Benchmarking;

/// <summary>Holds a stream to what it claims to be while it goes by: its marginals, and that its attacks do not betray themselves by how they were made.</summary>
internal sealed class StreamWatch(int seed, UserAgentChurn churn)
{
    private readonly CalibrationGate _gate = new(churn);
    private readonly LeakageAudit _audit = new();

    public IEnumerable<BenchmarkCase> Over(IEnumerable<BenchmarkCase> stream)
    {
        foreach (var next in stream)
        {
            _gate.Observe(next);
            _audit.Observe(next);
            yield return next;
        }
    }

    /// <summary>What was found, once the stream is over. Takes some seconds.</summary>
    public IEnumerable<CheckReport> Results() =>
    [
        .. _gate.Results().Select(found => new CheckReport(seed, "calibration", found.Name, found.Published, found.Generated, Number(found.Bound), found.Ok)),
        .. _audit.Results().Select(found => new CheckReport(
            seed, "leakage", $"{found.Family} told by {found.Group} alone", "AUC 0.5", $"{Number(found.Auc)} [{Number(found.Low)}, {Number(found.High)}]",
            found.IsAltered ? "altered by the attacker" : "0.45 to 0.55", found.IsAltered ? null : found.Ok)),
    ];

    private static string Number(double number) => number.ToString("F3", CultureInfo.InvariantCulture);
}
