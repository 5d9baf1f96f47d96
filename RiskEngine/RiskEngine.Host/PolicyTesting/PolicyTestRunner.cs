using RiskEngine.Configuration;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.Policies;
using RiskEngine.Core.Scoring;
using RiskEngine.Host.Composition;

namespace RiskEngine.Host.PolicyTesting;

/// <summary>What was decided about a case.</summary>
/// <param name="Rule">The rule; "none" for none, "standing-block" where an earlier block decided.</param>
internal sealed record Decided(DecisionAction Decision, string Rule, bool Enforced);

/// <summary>A case with what it expected and what it got.</summary>
internal sealed record TestedCase(string Name, int Line, ExpectedDecision Expected, Decided Got)
{
    public bool IsAsExpected => Expected.Decision == Got.Decision && (Expected.Rule ?? Got.Rule) == Got.Rule && (Expected.Enforced ?? Got.Enforced) == Got.Enforced;
}

/// <summary>Judges the cases of a suite: by the policy alone where what was found out is given, by the whole engine where a history is.</summary>
/// <param name="settings">Detectors and scoring for cases with a history, thresholds for the levels of scores.</param>
internal sealed class PolicyTestRunner(PolicyTestSuite suite, RiskEngineSettings settings)
{
    private const float FeedEvidence = 1;

    private readonly KeyedHash _hash = new(new byte[16]);
    private readonly Scorer _scorer = new(settings.Scoring, (WeightsReader.Load(settings.Model.Weights).Weights ?? WeightsReader.Default).ToWeights());

    public async Task<IReadOnlyList<TestedCase>> RunAsync()
    {
        List<TestedCase> results = [];
        foreach (var (tested, line) in suite.Cases)
        {
            var got = tested.History.Count > 0 ? await JudgeAsync(tested) : Decide(tested);
            results.Add(new TestedCase(tested.Name, line, tested.Expect, got));
        }

        return results;
    }

    /// <summary>What the policy says; who may be hit and the valve come after it, and need a history.</summary>
    private Decided Decide(PolicyTestCase tested)
    {
        var login = new GivenLogin(tested, suite.Feeds, _hash);
        var score = tested.Risk.Score ?? login.ScoreOf(settings.Scoring, tested.Risk.Level);
        var level = tested.Risk.Level ?? _scorer.LevelOf(new RiskScore(score));
        var match = suite.Policy.Decide(login.Context, level, score, login.Signals, (float)tested.Reputation.Address);
        return new Decided(match.Action, match.Rule < 0 ? "none" : suite.Policy.RuleNames[match.Rule], match.IsEnforced);
    }

    private async Task<Decided> JudgeAsync(PolicyTestCase tested)
    {
        var snapshot = new Snapshot
        {
            Detectors = Detectors.From(settings.Detection),
            Scorer = _scorer,
            Policy = suite.Policy,
            Facts = FactsOf(tested),
            ModelVersion = "test",
            Valve = settings.Policy.Valve,
        };
        await using var store = Stores.Memory(keepsAssessments: false);
        await using var loop = new JudgeLoop(store.State, new EngineReference(new Engine(snapshot, store.State.Hash, settings.Http.OperatorAddresses)), new PipelineSettings(), []);
        await loop.SubmitAsync(CaseEvents.History(tested, store.State.Hash), "test", null, CancellationToken.None);
        Decided? got = null;
        await loop.EvaluateAsync(CaseEvents.Tested(tested, store.State.Hash), effects => got = new Decided(effects[0].Action, NameOf(effects[0].Rule), effects[0].Enforced), CancellationToken.None);
        return got!;
    }

    private string NameOf(short rule) => rule switch
    {
        AssessmentRecord.NoRule => "none",
        AssessmentRecord.StandingBlock => "standing-block",
        AssessmentRecord.AllowList => "allow-list",
        _ => suite.Policy.RuleNames[rule],
    };

    /// <summary>Facts that say of the address under test what the case says, and of others nothing.</summary>
    private FactSnapshot FactsOf(PolicyTestCase tested)
    {
        List<Feed> feeds = [.. suite.Feeds.Select(name => Named(name, FeedGroup.List, tested.Facts.Feeds.Contains(name), tested))];
        foreach (var group in Enum.GetValues<FeedGroup>().Where(group => group.Networks() != NetworkKinds.None))
            feeds.Add(Named($"{group.Name()} of the case", group, (tested.Facts.Networks & group.Networks()) != NetworkKinds.None, tested));
        return new FactSnapshot(new FactParts { Feeds = feeds });
    }

    private static Feed Named(string name, FeedGroup group, bool hits, PolicyTestCase tested)
    {
        IReadOnlyList<FeedPrefix> prefixes = hits && tested.Event.SourceIp is { } address ? [new FeedPrefix(Networks.Around(IpAddress.Parse(address), 128), 1)] : [];
        return new Feed(name, group, group.Networks() == NetworkKinds.None ? FeedEvidence : 0, new FeedContent { Prefixes = prefixes, AutonomousSystems = [] });
    }
}
