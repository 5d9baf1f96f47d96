using System.Globalization;
using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Scoring;
using RiskEngine.Core.State;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Cli;

public sealed class BenchmarkFitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Store => _folder.File("store.db");

    private string Fitted => Path.Combine(_folder.File("fit"), "weights.yaml");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Weights_fitted_to_a_labelled_file_are_written_compared_and_can_be_judged_by()
    {
        var file = _folder.Write("own.jsonl", BenchmarkCommandTests.Lines(count: 1000));
        var run = await Program.RunAsync("benchmark", file, "--fit", "--report", _folder.File("fit"), "--json");
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("To judge by them, name the file in model.weights", run.Error);
        var names = JsonDocument.Parse(run.Output).RootElement.GetProperty("streams")[0].GetProperty("pooled").GetProperty("contestants").EnumerateArray().Select(found => found.GetProperty("name").GetString());
        Assert.Contains("RiskEngine refitted", names);
        var (weights, faults) = WeightsReader.Load(Fitted);
        Assert.Empty(faults);
        Assert.True(weights!.Provenance.LossAfter < weights.Provenance.LossBefore);
        Assert.Contains("own.jsonl", weights.Provenance.Data);

        var config = _folder.Write("riskengine.yaml", "model:\n  weights: fit/weights.yaml\n");
        Assert.Equal(0, (await Program.RunAsync("check-config", "--config", config)).Code);
        Assert.NotEqual(await ModelAsync(file), await ModelAsync(file, "--config", config));

        // Another file with the same content is the same model.
        File.Copy(Fitted, _folder.File("copy.yaml"));
        var copied = _folder.Write("copied.yaml", "model:\n  weights: copy.yaml\n");
        Assert.Equal(await ModelAsync(file, "--config", config), await ModelAsync(file, "--config", copied));
    }

    [Theory]
    [InlineData("version: 1", "version: 2", "version")]
    [InlineData("digest: \"", "digest: \"0", "digest")]
    public async Task A_file_of_weights_that_does_not_fit_is_refused_before_anything_starts(string from, string to, string key)
    {
        _folder.Write("weights.yaml", WeightsReader.Default.ToYaml().Replace(from, to, StringComparison.Ordinal));
        var config = _folder.Write("riskengine.yaml", "model:\n  weights: weights.yaml\n");
        foreach (var command in new[] { "check-config", "serve" })
        {
            var run = await Program.RunAsync(command, "--config", config);
            Assert.Equal(2, run.Code);
            Assert.Contains($"weights.yaml:", run.Error);
            Assert.Contains(key, run.Error);
        }
    }

    [Fact]
    public async Task Weights_are_fitted_to_feedback_and_move_by_half_at_most()
    {
        await ReplayAsync();
        await LabelAsync(Store, safe: 40, compromised: 30);
        var run = await Program.RunAsync("benchmark", Store, "--fit", "--report", _folder.File("fit"));
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("fitted to 40 honest logins and 30 attacks", run.Error);
        var (weights, faults) = WeightsReader.Load(Fitted);
        Assert.Empty(faults);
        var shipped = WeightsReader.Default;
        Assert.Equal(shipped.Curves.Device, weights!.Curves.Device);
        Assert.NotEqual(shipped.Digest, weights.Digest);
        foreach (var (name, weight) in weights.Weights)
        {
            Assert.InRange(weight.For, Math.Max(FusionWeights.Least, shipped.Weights[name].For / 1.501), shipped.Weights[name].For * 1.501);
            Assert.InRange(weight.Against, Math.Max(FusionWeights.Least, shipped.Weights[name].Against / 1.501), shipped.Weights[name].Against * 1.501);
        }
    }

    [Theory]
    [InlineData(40, 0, "40 logins that people called safe and 0 compromised")]
    [InlineData(0, 30, "0 logins that people called safe and 30 compromised")]
    [InlineData(40, 4, "40 logins that people called safe and 4 compromised")]
    public async Task Too_little_feedback_or_feedback_of_one_kind_fits_nothing(int safe, int compromised, string words)
    {
        await ReplayAsync();
        await LabelAsync(Store, safe, compromised);
        var run = await Program.RunAsync("benchmark", Store, "--fit", "--report", _folder.File("fit"));
        Assert.Equal(2, run.Code);
        Assert.Contains(words, run.Error);
        Assert.False(File.Exists(Fitted));
    }

    [Fact]
    public async Task A_fit_needs_a_place_to_write_to_and_a_store_is_for_fitting_only()
    {
        Assert.Equal(2, (await Program.RunAsync("benchmark", "--fit")).Code);
        await ReplayAsync();
        var run = await Program.RunAsync("benchmark", Store);
        Assert.Equal(2, run.Code);
        Assert.Contains("is a store", run.Error);
    }

    private static async Task<string> ModelAsync(string file, params string[] options)
    {
        var run = await Program.RunAsync(["replay", file, "--out", "-", .. options]);
        Assert.True(run.Code == 0, run.Error);
        return JsonDocument.Parse(run.Output[..run.Output.IndexOf('\n', StringComparison.Ordinal)]).RootElement.GetProperty("model_version").GetString()!;
    }

    private async Task ReplayAsync()
    {
        var run = await Program.RunAsync("replay", _folder.Write("own.jsonl", BenchmarkCommandTests.Lines()), "--state", Store);
        Assert.True(run.Code == 0, run.Error);
    }

    /// <summary>Says of attacks that they were such, and of other logins that they were safe, as two people.</summary>
    internal static async Task LabelAsync(string file, int safe, int compromised)
    {
        await using var store = Stores.OpenFile(file, new RiskEngineSettings());
        var attacks = Enumerable.Range(61, 170).Where(i => i % 5 == 4);
        var honest = Enumerable.Range(61, 170).Where(i => i % 5 != 4);
        foreach (var (number, label) in attacks.Take(compromised).Select(i => (i, FeedbackLabel.Compromised)).Concat(honest.Take(safe).Select(i => (i, FeedbackLabel.Safe))))
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"e{number}");
            var at = EventTime.From(DateTimeOffset.UnixEpoch.AddYears(56));
            var said = await store.Records.AddFeedbackAsync(new Feedback("default", id, label, "", $"admin{number % 2}", at), new AuditEntry(0, at, "admin", "feedback", id, ""), CancellationToken.None);
            Assert.True(said, id);
        }
    }
}
