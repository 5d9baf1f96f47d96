using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Core.Facts;
using RiskEngine.Host.Benchmarking;
using RiskEngine.Simulation.Benchmarking.Reporting;
using RiskEngine.Simulation.Benchmarking.Statistics;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Tests.Benchmarking;

/// <summary>From a stream to every form of the report, with all contestants.</summary>
public sealed class EndToEndTests
{
    private static readonly EvaluationSettings Settings = Contestants.Evaluation with { Draws = 100 };

    [Fact]
    public async Task Everybody_is_measured_and_a_mimic_cannot_be_told_from_its_victim()
    {
        var stream = await RunAsync(seed: 3);
        var figures = Evaluation.Run(stream, Settings, seed: 3);
        foreach (var contestant in figures.Contestants.Where(contestant => contestant.Name != "random"))
            Assert.InRange(Of(contestant, "mimic").Auc.Value, 0.42, 0.58);
        Assert.True(Of(figures, Contestants.Engine, "naive").Auc.Value > 0.99);
        Assert.True(Of(figures, "Freeman", "naive").Auc.Value > 0.99);
        Assert.Equal(1, Of(figures, "oracle", "naive").Auc.Value);
        Assert.Equal(1, Of(figures, "new country", "naive").Recall[1].Value);
        var listed = new SmallStream(60, 3).Cases().Where(login => login is { Split: BenchmarkSplit.Test, Family: 0, HistoryLength: > 0 }).Average(login => login.Attributes.IsListed ? 1.0 : 0);
        Assert.Equal(listed + ((1 - listed) * 0.01), Of(figures, "blocklist", "naive").Recall[1].Value, 9);
        Assert.InRange(Of(figures, "random", "naive").Auc.Value, 0.35, 0.65);
    }

    [Fact]
    public async Task The_report_tells_the_same_figures_on_a_terminal_and_to_programs()
    {
        var streams = new[] { await RunAsync(seed: 1), await RunAsync(seed: 2) };
        var pooled = Evaluation.Run(ScoredStream.Pool(streams), Settings);
        var report = new BenchmarkReport
        {
            Version = "0", ModelVersion = "m", At = DateTimeOffset.UnixEpoch, Seconds = 1, Subjects = 60, Draws = 100,
            Streams = [new StreamReport("small", pooled, [.. streams.Select((stream, i) => Evaluation.Run(stream, Settings, i + 1))], [])],
        };
        var json = JsonDocument.Parse(JsonReport.Write(report)).RootElement;
        var engine = json.GetProperty("streams")[0].GetProperty("pooled").GetProperty("contestants").EnumerateArray().First(found => found.GetProperty("name").GetString() == Contestants.Engine);
        var naive = engine.GetProperty("families").EnumerateArray().First(found => found.GetProperty("family").GetString() == "naive");
        Assert.Equal(naive.GetProperty("auc").GetProperty("value").GetDouble(), Of(pooled, Contestants.Engine, "naive").Auc.Value, 6);
        var lines = new TextReport(report, Settings).Lines().ToList();
        Assert.Contains(lines, line => line.Contains("naive") && line.Contains(Of(pooled, Contestants.Engine, "naive").Auc.Value.ToString("F3")));
        Assert.Contains(lines, line => line.Contains("2 seeds pooled"));
    }

    internal static async Task<ScoredStream> RunAsync(int seed)
    {
        var contestants = Contestants.Create(new RiskEngineSettings(), FactSnapshot.Empty, seed);
        var stream = await StreamRun.RunAsync(new SmallStream(60, seed).Parsed(), AttackFamilies.Names, contestants, null, CancellationToken.None);
        foreach (var contestant in contestants) await contestant.DisposeAsync();
        return stream;
    }

    private static FamilyReport Of(PopulationReport figures, string contestant, string family) => Of(figures.Contestants.First(found => found.Name == contestant), family);

    private static FamilyReport Of(ContestantReport contestant, string family) => contestant.Families.First(found => found.Family == family);
}
