using RiskEngine.Configuration;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Incidents;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.Policies;
using RiskEngine.Core.Scoring;
using RiskEngine.Host.Replaying;
using RiskEngine.Simulation;
using RiskEngine.Simulation.Refereeing;
using RiskEngine.Storage.InMemory;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Incidents;

/// <summary>Campaigns and incidents fit, on seeds that no threshold was chosen by.</summary>
public sealed class SimulatedIncidentTests(ITestOutputHelper output)
{
    /// <summary>Attacks with one address, or one account, at their middle: each campaign is one incident.</summary>
    private static readonly string[] OfOne = ["brute_force", "impossible_travel", "mfa_fatigue", "persistence", "reactivation", "service_account_misuse", "dormant_account", "stolen_session", "token_theft"];

    /// <summary>Attacks that come from several providers at once: one incident has nearly all of it and nearly nothing else, and the rest is single events.</summary>
    private static readonly string[] OfMany = ["spray", "stuffing", "distributed_brute_force", "slow_spray"];

    [Fact]
    public async Task A_campaign_becomes_one_incident_or_few_and_honest_people_hardly_any()
    {
        var figures = await JudgeAsync(new SimulationSettings { Users = 500, Days = 10, Seed = 1234 });
        foreach (var line in figures.ToTable()) output.WriteLine(line);

        Assert.All(figures.Attacks.Where(attack => OfOne.Contains(attack.Attack) && attack.CampaignsFound > 0), attack => Assert.InRange(attack.IncidentsPerCampaign!.Value, 1, 1.5));
        Assert.All(figures.Attacks.Where(attack => OfMany.Contains(attack.Attack) || attack.Attack == "brute_force"), attack =>
        {
            Assert.Equal(attack.Campaigns, attack.CampaignsFound);
            Assert.InRange(attack.IncidentsPerCampaign!.Value, 1, 2.5);
            Assert.True(attack.Together > 0.98, $"{attack.Attack}: {attack.Together} of a campaign in one incident");
            Assert.True(attack.Strangers < 0.05, $"{attack.Attack}: {attack.Strangers} of that incident are somebody else's");
        });
        Assert.True(figures.Purity > 0.98, $"purity {figures.Purity}");
        Assert.True(figures.HitPrecision > 0.7, $"hits {figures.HitPrecision}");
        // An honest login that is challenged is an incident until it is passed: half a percent of them at most.
        Assert.True(figures.HonestIncidentsPer10000 < 50, $"{figures.HonestIncidentsPer10000} for 10,000 honest logins");
    }

    [Fact]
    public async Task Without_an_attacker_there_is_hardly_an_incident()
    {
        var figures = await JudgeAsync(new SimulationSettings { Users = 500, Days = 10, Seed = 4321, Attacks = [] });
        foreach (var line in figures.ToTable()) output.WriteLine(line);
        Assert.Equal(figures.Incidents, figures.HonestIncidents);
        Assert.True(figures.HonestIncidentsPer10000 < 50, $"{figures.HonestIncidentsPer10000} for 10,000 honest logins");
    }

    private static async Task<IncidentFigures> JudgeAsync(SimulationSettings settings)
    {
        await using var store = new InMemoryStateStore(new InMemoryStoreSettings(), TimeProvider.System);
        var incidents = new ReplayedIncidents(new IncidentSettings());
        var labels = new LabelTap(incidents);
        var format = labels.Wrap(new RiskEngineFormat(new FormatContext { Hash = store.Hash, Clock = TimeProvider.System, FutureTolerance = TimeSpan.FromDays(36_500) }));
        var snapshot = new Snapshot
        {
            Detectors = Detectors.From(new DetectionSettings()),
            Scorer = new Scorer(new ScoringSettings(), WeightsReader.Default.ToWeights()),
            Policy = CompiledPolicy.Compile(DefaultPolicy.Definition),
            Facts = FactSnapshot.Empty,
            ModelVersion = "test",
        };
        await using (var loop = new JudgeLoop(store, new EngineReference(new Engine(snapshot, store.Hash, [])), Replay.Pipeline, [labels]))
        {
            var batch = new EventBatch();
            long offset = 0;
            foreach (var line in new SimulatedTraffic(settings).Lines())
            {
                format.Parse(line.Json.Span, new SourcePosition(0, 0, offset++), batch);
                if (batch.Count >= 1000) await SubmitAsync(loop, batch);
            }

            await SubmitAsync(loop, batch);
            Assert.Null(loop.ObserverFailure);
        }

        return incidents.Figures();
    }

    private static async Task SubmitAsync(JudgeLoop loop, EventBatch batch)
    {
        await loop.SubmitAsync(batch, "test", null, CancellationToken.None);
        batch.Clear();
    }
}
