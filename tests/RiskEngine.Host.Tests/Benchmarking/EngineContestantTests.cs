using RiskEngine.Configuration;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Scoring;
using RiskEngine.Host.Benchmarking;
using RiskEngine.Host.Benchmarking.Isolation;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Tests.Benchmarking;

public sealed class EngineContestantTests
{
    [Fact]
    public async Task A_second_run_gives_the_same_scores_to_the_bit()
    {
        var (first, second) = (await ScoresAsync(new SmallStream(40, 5)), await ScoresAsync(new SmallStream(40, 5)));
        Assert.Equal(first.Select(score => BitConverter.DoubleToInt64Bits(score.Score)), second.Select(score => BitConverter.DoubleToInt64Bits(score.Score)));
        Assert.All(first, score => Assert.True(double.IsFinite(score.Score)));
    }

    [Fact]
    public async Task Probes_leave_no_trace()
    {
        var asked = await ScoresAsync(new SmallStream(40, 6));
        var quiet = await ScoresAsync(new SmallStream(40, 6) { HasProbes = false });
        Assert.True(asked.Count > quiet.Count);
        Assert.Equal(quiet, asked.Where(score => score.Kind == CaseKind.Honest));
    }

    /// <summary>By a policy that challenges what is new: without the passed challenge a challenged login would stay new for ever.</summary>
    [Fact]
    public async Task Who_passes_a_challenge_is_not_challenged_for_the_same_again()
    {
        var anything = new ScoringSettings { Low = 0, Medium = 0, High = 1.5 };
        var scores = await ScoresAsync(new SmallStream(20, 7) { HasProbes = false }, new RiskEngineSettings { Scoring = anything });
        var late = scores.Skip(scores.Count / 2).ToList();
        Assert.True(late.Average(score => score.Score) < -4.595, "Half of the logins are over and people are still strangers.");
    }

    [Fact]
    public async Task An_attacker_who_is_challenged_does_not_pass()
    {
        var cases = new SmallStream(20, 8) { HasProbes = false }.Cases().ToList();
        var victim = cases[^1];
        var intruder = SmallStream.Intrusion(victim);
        var twice = await ScoresAsync(cases.Append(intruder(1)).Append(intruder(2)));
        Assert.True(twice[^2].Score > 0);
        Assert.True(twice[^1].Score >= twice[^2].Score);
    }

    [Fact]
    public void Nobody_who_logged_in_comes_twice_in_a_chunk()
    {
        var sizes = new List<int>();
        foreach (var chunk in CaseChunk.Cut(new SmallStream(30, 9).Parsed()))
        {
            var loggedIn = chunk.Cases.Where(login => login.Kind == CaseKind.Honest).Select(login => login.Subject).ToList();
            Assert.Equal(loggedIn.Count, loggedIn.Distinct().Count());
            Assert.Equal(chunk.Cases.Count, chunk.Events.Count);
            sizes.Add(chunk.Cases.Count);
        }

        Assert.Equal(new SmallStream(30, 9).Cases().Count(), sizes.Sum());
        Assert.True(sizes.Average() > 3);
    }

    [Theory]
    [InlineData("""{"kind":"login"}""")]
    [InlineData("""{"occurred_at":"2026-01-05T00:00:00Z","kind":"login","subject":{"id":"1"},"probe":true}""")]
    public void A_stream_that_is_not_what_it_says_is_refused(string json)
    {
        var faulty = new SmallStream(20, 1).Cases().First() with { Json = System.Text.Encoding.UTF8.GetBytes(json), Kind = CaseKind.Honest };
        Assert.Throws<InvalidDataException>(() => StreamParser.Parse([faulty], SmallStream.Context).Count());
    }

    [Fact]
    public void Each_variant_leaves_out_one_part_and_nothing_else()
    {
        var settings = new RiskEngineSettings();
        foreach (var variant in EngineVariants.All)
        {
            var changed = variant.Change(settings);
            Assert.NotEqual(PartsOf(settings, null), PartsOf(changed, variant.Weights));
            Assert.Equal(settings, changed with { Scoring = settings.Scoring, Model = settings.Model, Detection = settings.Detection });
        }

        Assert.Equal(EngineVariants.All.Count, EngineVariants.All.Select(variant => PartsOf(variant.Change(settings), variant.Weights)).Distinct().Count());

        static (object Scoring, object Model, object Detection, string Weights) PartsOf(RiskEngineSettings settings, WeightsFile? weights) => (settings.Scoring, settings.Model, settings.Detection, (weights ?? WeightsReader.Default).Digest);
    }

    [Fact]
    public async Task Half_space_trees_are_added_to_the_score_and_change_nothing_else()
    {
        await using var engine = new EngineContestant("engine", new RiskEngineSettings(), FactSnapshot.Empty);
        await using var added = new EngineWithIsolation("added", new EngineContestant("engine", new RiskEngineSettings(), FactSnapshot.Empty), 0.5);
        await using var alone = new IsolationContestant();
        foreach (var chunk in CaseChunk.Cut(new SmallStream(60, 4).Parsed()))
        {
            double[][] scores = [new double[chunk.Cases.Count], new double[chunk.Cases.Count], new double[chunk.Cases.Count]];
            await engine.ScoreAsync(chunk, scores[0]);
            await added.ScoreAsync(chunk, scores[1]);
            await alone.ScoreAsync(chunk, scores[2]);
            for (var i = 0; i < chunk.Cases.Count; i++) Assert.Equal(scores[0][i] + (0.5 * scores[2][i]), scores[1][i], 12);
        }
    }

    private static Task<List<(CaseKind Kind, double Score)>> ScoresAsync(SmallStream stream, RiskEngineSettings? settings = null) => ScoresAsync(stream.Cases(), settings);

    private static async Task<List<(CaseKind Kind, double Score)>> ScoresAsync(IEnumerable<BenchmarkCase> cases, RiskEngineSettings? settings = null)
    {
        await using var engine = new EngineContestant("engine", settings ?? new RiskEngineSettings(), FactSnapshot.Empty);
        var scores = new List<(CaseKind, double)>();
        foreach (var chunk in CaseChunk.Cut(StreamParser.Parse(cases, SmallStream.Context)))
        {
            var room = new double[chunk.Cases.Count];
            await engine.ScoreAsync(chunk, room);
            scores.AddRange(chunk.Cases.Zip(room, (login, score) => (login.Kind, score)));
        }

        return scores;
    }
}
