using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Scoring;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>The file of weights changes while logins are judged.</summary>
public sealed class WeightsReloadTests : IAsyncLifetime
{
    private const string Feed = "feeds: [{ name: bad, path: bad.txt, group: reputation, evidence: 2 }]\n", Named = Feed + "model: { weights: weights.yaml }\n";

    private static readonly string Whole = Weights(1.5);

    private readonly TemporaryFolder _folder = new();
    private ServedProgram? _server;
    private HttpClient? _client;

    private ServedProgram Server => _server!;

    private HttpClient Client => _client!;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
    }

    [LinuxFact]
    public async Task Weights_are_taken_while_it_serves_and_given_up_again_and_the_audit_has_both()
    {
        var shipped = await StartAsync(Feed);
        Assert.Equal(2, shipped.Feed, 3);

        _folder.Write("riskengine.yaml", Named);
        var fitted = await EvaluateAsync(until: found => found != shipped);
        Assert.Equal(3, fitted.Feed, 3);
        _folder.Write("weights.yaml", Weights(2));
        var again = await EvaluateAsync(until: found => found != fitted);
        Assert.Equal(4, again.Feed, 3);
        _folder.Write("riskengine.yaml", Feed);
        Assert.Equal(shipped, await EvaluateAsync(until: found => found != again));

        Assert.Equal(
            [$"model {shipped.Model} to {fitted.Model}", $"model {fitted.Model} to {again.Model}", $"model {again.Model} to {shipped.Model}"],
            await SwapsAsync(count: 3));
    }

    /// <summary>All that can be wrong with a file of weights, one after the other, and each time a change of the served model is looked for.</summary>
    [LinuxFact]
    public async Task Weights_that_do_not_fit_are_told_and_those_in_force_serve_on_until_the_file_is_mended()
    {
        var before = await StartAsync(Named);
        Assert.Equal(3, before.Feed, 3);

        foreach (var (content, words) in new[]
        {
            (Whole.Replace("version: 1", "version: 2", StringComparison.Ordinal), "of a newer RiskEngine"),
            (Whole.Replace("version: 1", "version: 0", StringComparison.Ordinal), "of an older RiskEngine"),
            (Whole.Replace("detectors: ", "detectors: 9", StringComparison.Ordinal), "fitted for other detectors"),
            (Whole.Replace("{ for: 1.500", "{ for: 1.501", StringComparison.Ordinal), "the weights are not those that were written"),
            (Whole[..Whole.IndexOf("  look_alike", StringComparison.Ordinal)], "was the file cut"),
            (Whole[..Whole.IndexOf("curves:", StringComparison.Ordinal)], "curves: is missing"),
            (Whole[..(Whole.IndexOf("  look_alike", StringComparison.Ordinal) + 8)], "this is not YAML"),
            (Whole.Replace("{ for: 1.500", "{ for: .nan", StringComparison.Ordinal), "expected a number"),
            ("SQLite format 3\0\u0001\u0002", "a NUL byte"),
            ("", "digest: is missing"),
        })
        {
            _folder.Write("weights.yaml", content);
            var told = await Server.SeeAsync(words);
            Assert.Contains("the old one serves on", told);
            Assert.Contains("weights.yaml:", told);
            Assert.Equal(before, await EvaluateAsync());
        }

        Assert.Empty(await SwapsAsync(count: 0));
        _folder.Write("weights.yaml", Weights(2));
        Assert.Equal(4, (await EvaluateAsync(until: found => found != before)).Feed, 3);
        Assert.Single(await SwapsAsync(count: 1));
    }

    /// <summary>Starts the program by a configuration, beside a file of weights and a list, and judges one login from an address on it.</summary>
    private async Task<Judgement> StartAsync(string configuration)
    {
        _folder.Write("riskengine.yaml", configuration);
        _folder.Write("bad.txt", "203.0.113.9\n");
        _folder.Write("weights.yaml", Whole);
        _server = await ServedProgram.StartAsync(_folder.FullName);
        _client = _server.Client();
        return await EvaluateAsync();
    }

    /// <summary>The weights that come along, with another one for lists.</summary>
    private static string Weights(double feed)
    {
        var shipped = WeightsReader.Default.ToWeights();
        var weights = SignalCatalogue.All.ToDictionary(signal => signal.Code, signal => shipped[signal.Code]);
        weights[SignalCode.FeedHit] = new SignalWeight(feed, feed);
        return WeightsFile.Of(new FusionWeights(weights, shipped.Curves), new WeightsProvenance { Method = "by hand", Data = "none", Day = "2026-01-31" }).ToYaml();
    }

    private async Task<Judgement> EvaluateAsync(Func<Judgement, bool>? until = null)
    {
        for (var round = 0; ; round++)
        {
            using var answer = await Client.PostAsync("/api/v1/evaluate", Json.Body(SomeEvent.Login(null, ip: "203.0.113.9").Without("id", "kind")));
            var found = Judgement.Of(await Json.ReadAsync(answer));
            if (until is null || until(found)) return found;
            Assert.True(round < 600, $"nothing changed: {found}");
            await Task.Delay(100);
        }
    }

    /// <summary>Changes of what judges, oldest first.</summary>
    private async Task<string[]> SwapsAsync(int count)
    {
        for (var round = 0; ; round++)
        {
            using var answer = await Client.GetAsync("/api/v1/audit");
            string[] swaps =
            [
                .. (await Json.ReadAsync(answer)).GetProperty("items").EnumerateArray()
                    .Where(entry => entry.GetProperty("what").GetString() == "engine.swap").Select(entry => entry.GetProperty("detail").GetString()!),
            ];

            // Written right after the swap that was seen.
            if (swaps.Length >= count || round > 100) return swaps;
            await Task.Delay(100);
        }
    }

    private readonly record struct Judgement(string Model, double Feed)
    {
        public static Judgement Of(JsonElement assessment) => new(
            assessment.GetProperty("model_version").GetString()!,
            assessment.GetProperty("signals").EnumerateArray().Where(signal => signal.GetProperty("code").GetString() == "feed_hit").Sum(signal => signal.GetProperty("contribution").GetDouble()));
    }
}
