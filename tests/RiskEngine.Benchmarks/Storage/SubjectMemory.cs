using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;

namespace RiskEngine.Benchmarks.Storage;

/// <summary>Memory that a subject takes all in, in the mix "median 2, 99th percentile 28 logins".</summary>
internal static class SubjectMemory
{
    private const int Batch = 1000;

    /// <summary>The logarithm of 28 / 2 over the 99th percentile of the normal distribution.</summary>
    private const double Spread = 1.1344;

    public static async Task MeasureAsync(int subjects, Action<string, string, string> print)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var store = new InMemoryStateStore(new InMemoryStoreSettings { Assessments = 0 }, TimeProvider.System);
        var logins = await FillAsync(store, subjects, withNeighbours: false);
        var profiles = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)subjects;
        await FillAsync(store, subjects, withNeighbours: true);
        var all = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)subjects;
        print($"memory: a subject, of {subjects:N0}", $"{profiles:N0} B", $"{all:N0} B with a pair and an address each; {logins / (double)subjects:N2} logins a subject");
        GC.KeepAlive(store);
    }

    private static async Task<long> FillAsync(InMemoryStateStore store, int subjects, bool withNeighbours)
    {
        var random = new Random(1);
        var effects = new Effects();
        var view = effects.View;
        long logins = 0;
        for (var done = 0; done < subjects; done += Batch)
        {
            view.Clear();
            effects.Begin(effects.Batch);
            for (var i = 0; i < Batch; i++)
            {
                UInt128 key = new((ulong)random.NextInt64(), (ulong)random.NextInt64());
                var count = Math.Clamp((int)Math.Round(2 * Math.Exp(Spread * Normal(random))), 0, SubjectProfile.Capacity);
                if (withNeighbours)
                {
                    view.Pairs.MarkDirty(view.Pairs.Add(key));
                    view.Reputation.MarkDirty(view.Reputation.Add(key));
                    continue;
                }

                var slot = view.Profiles.Add(key);
                for (var login = 0; login < count; login++) view.Profiles.Profile(slot).Add(new PastLogin { At = (uint)login });
                view.Profiles.Rows.MarkDirty(slot);
                logins += count;
            }

            await store.CommitAsync(effects, CancellationToken.None);
        }

        return logins;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
