using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Pipeline;

/// <summary>Policies change while logins are judged.</summary>
public sealed class PolicySwapTests
{
    private const int Swaps = 300, LeastBatches = 20, BatchSize = 200;

    /// <summary>Each policy decides by another number of rules and calls them by its own name: a login judged by parts of two would show it.</summary>
    [Fact]
    public async Task No_event_is_judged_by_two_policies()
    {
        await using var store = new InMemoryStateStore(new InMemoryStoreSettings(), TimeProvider.System);
        Engine[] engines = [EngineOf("first", 1, store.Hash), EngineOf("second", 70, store.Hash), EngineOf("third", 400, store.Hash)];
        var reference = new EngineReference(engines[0]);
        var witness = new Witness();
        await using (var loop = new JudgeLoop(store, reference, new PipelineSettings(), [witness]))
        {
            using var enough = new CancellationTokenSource();
            var judging = Task.Run(() => JudgeAsync(loop, enough.Token));
            for (var swap = 0; swap < Swaps || witness.Batches < LeastBatches; swap++)
            {
                reference.Swap(engines[swap % engines.Length]);
                var seen = await EvaluateAsync(loop, swap);
                Assert.Equal(Names.GetValueOrDefault(seen.Version), seen.Rule.Split('-')[0]);
            }

            await enough.CancelAsync();
            await judging;
        }

        Assert.NotEmpty(witness.Seen);
        Assert.All(witness.Seen.Distinct(), seen => Assert.Equal(Names[seen.Version], seen.Rule.Split('-')[0]));
    }

    private static Dictionary<string, string> Names { get; } = new[] { ("first", 1), ("second", 70), ("third", 400) }.ToDictionary(each => PolicyOf(each.Item1, each.Item2).Version, each => each.Item1);

    private static CompiledPolicy PolicyOf(string name, int rules) => CompiledPolicy.Compile(new PolicyDefinition
    {
        Mode = PolicyMode.Enforce,
        Rules = [.. Enumerable.Range(0, rules).Select(i => new PolicyRule
        {
            Name = $"{name}-{i}",
            When = new RuleConditions { Expression = i == rules - 1 ? "geo.country == 'DE'" : $"geo.country == 'DE' && event.application == '{name}{i}'" },
            Then = DecisionAction.Notify,
        })],
    });

    private static Engine EngineOf(string name, int rules, KeyedHash hash) => Some.Engine(hash, PolicyOf(name, rules));

    private static async Task JudgeAsync(JudgeLoop loop, CancellationToken enough)
    {
        for (var round = 0; !enough.IsCancellationRequested; round++)
        {
            var batch = new EventBatch();
            for (var i = 0; i < BatchSize; i++) new Login($"s{i}", TimeSpan.FromSeconds(round)).AddTo(batch, $"r{round}-{i}");
            await loop.SubmitAsync(batch, "test", null, CancellationToken.None);
        }
    }

    private static async Task<(string Version, string Rule)> EvaluateAsync(JudgeLoop loop, int swap)
    {
        var batch = new EventBatch();
        new Login("asked", TimeSpan.FromHours(1)).AddTo(batch, $"asked-{swap}");
        (string, string) seen = default;
        await loop.EvaluateAsync(batch, effects => seen = (effects.PolicyVersion, effects.RuleNames[effects[0].Rule]), CancellationToken.None);
        return seen;
    }

    private sealed class Witness : IPipelineObserver
    {
        private volatile int _batches;

        public int Batches => _batches;

        public List<(string Version, string Rule)> Seen { get; } = [];

        public void Committed(Effects effects, in BatchTiming timing)
        {
            for (var i = 0; i < effects.Count; i++) Seen.Add((effects.PolicyVersion, effects[i].Rule < effects.RuleNames.Count && effects[i].Rule >= 0 ? effects.RuleNames[effects[i].Rule] : "nothing"));
            _batches++;
        }
    }
}
