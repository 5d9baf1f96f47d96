using System.Diagnostics;
using RiskEngine.Core.State;

namespace RiskEngine.Benchmarks.Storage;

/// <summary>Loads, judges and commits as the judge loop does.</summary>
internal static class Commits
{
    /// <summary>Commits batches with a few of them on their way to the disk at a time, until all are durable.</summary>
    /// <returns>Seconds in all, and seconds within the store's calls.</returns>
    public static async Task<(double Seconds, double InStore)> RunAsync(IStateStore store, SyntheticWork work, long events, int inFlight, int batch = 1000)
    {
        var started = Stopwatch.GetTimestamp();
        var storing = TimeSpan.Zero;
        Queue<Task> commits = [];
        for (long done = 0; done < events; done += batch)
        {
            work.Prepare(batch);
            var begun = Stopwatch.GetTimestamp();
            await store.LoadAsync(work.Effects.View, CancellationToken.None);
            storing += Stopwatch.GetElapsedTime(begun);
            work.Judge();
            begun = Stopwatch.GetTimestamp();
            commits.Enqueue(store.CommitAsync(work.Effects, CancellationToken.None).AsTask());
            storing += Stopwatch.GetElapsedTime(begun);
            while (commits.Count >= inFlight) await commits.Dequeue();
        }

        while (commits.TryDequeue(out var commit)) await commit;
        return (Stopwatch.GetElapsedTime(started).TotalSeconds, storing.TotalSeconds);
    }

    /// <summary>Commits one event at a time from many submitters, who take turns at judging and wait for the disk together.</summary>
    public static async Task<double> RunSinglesAsync(IStateStore store, Func<int, SyntheticWork> workOf, int submitters, int events)
    {
        var next = 0;
        using var turn = new SemaphoreSlim(1);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, submitters).Select(number => Task.Run(async () =>
        {
            var work = workOf(number);
            while (Interlocked.Increment(ref next) <= events)
            {
                work.Prepare(1);
                await turn.WaitAsync();
                Task committing;
                try
                {
                    await store.LoadAsync(work.Effects.View, CancellationToken.None);
                    work.Judge();
                    committing = store.CommitAsync(work.Effects, CancellationToken.None).AsTask();
                }
                finally
                {
                    turn.Release();
                }

                await committing;
            }
        })));
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
