using System.Diagnostics;
using RiskEngine.Benchmarks.Storage;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Benchmarks;

/// <summary>How long a backtest takes over a store of many assessments, one thread.</summary>
internal static class BacktestBenchmark
{
    public const string Usage = "       backtest [ROWS]";

    private const int Subjects = 100_000, Rounds = 3;

    public static async Task<int> RunAsync(long rows)
    {
        var folder = Directory.CreateTempSubdirectory("riskengine-backtest-");
        try
        {
            var path = Path.Combine(folder.FullName, "store.db");
            await using (var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = path }, TimeProvider.System))
                await Commits.RunAsync(store, new SyntheticWork(store, Subjects, 2), rows, inFlight: 4, batch: 10_000);
            Console.WriteLine($"{rows:N0} assessments, {new FileInfo(path).Length / 1048576.0:N0} MiB");
            foreach (var (name, policy) in new[] { ("built-in policy, 4 rules", DefaultPolicy.Definition), ("20 rules", Rules(20)), ("200 rules", Rules(200)) }) Measure(path, name, policy);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Measure(string path, string name, PolicyDefinition definition)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var backtest = new PolicyBacktest(CompiledPolicy.Compile(definition), null);
            var processor = Environment.CpuUsage.TotalTime;
            var started = Stopwatch.GetTimestamp();
            using var logins = StoredLogins.Open(path);
            logins.Read(null, backtest.Add, CancellationToken.None);
            var report = backtest.Finish();
            var elapsed = Stopwatch.GetElapsedTime(started);
            Console.WriteLine(
                $"{name,-28} {elapsed.TotalSeconds,6:N2} s, {(Environment.CpuUsage.TotalTime - processor).TotalSeconds,6:N2} s of processor; {report.Events:N0} assessments, {report.Changed:N0} changed, {report.Undecidable:N0} undecidable");
        }
    }

    /// <summary>Rules of which none decides, so that every one is asked.</summary>
    private static PolicyDefinition Rules(int count) => new()
    {
        Rules = [.. Enumerable.Range(0, count).Select(i => new PolicyRule { Name = $"rule-{i}", Then = DecisionAction.Challenge, When = new RuleConditions { Expression = Condition(i) } })],
    };

    private static string Condition(int i) => (i % 5) switch
    {
        0 => $"risk.score >= {50 + (i % 50)}.5 && event.application == \"application-{i}\"",
        1 => "risk.level >= high && \"finance\" in subject.groups",
        2 => $"geo.country in [\"FR\", \"US\"] && network.asn == {i}",
        3 => $"\"password_spray\" in signals && signals.password_spray >= {i % 7}.0",
        _ => $"event.occurred_at.getHours() < 6 && subject.id == \"nobody-{i}\"",
    };
}
