using System.Diagnostics;
using RiskEngine.Core.State;
using RiskEngine.Storage;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Benchmarks.Storage;

/// <summary>What the stores do: durable commits, memory a subject, time to serve. Prints a table; says nothing of pass or fail.</summary>
public static class StorageBenchmark
{
    private const int Subjects = 1_000_000, Batch = 1000, Submitters = 64;

    public const string Usage = "storage [--events N] [--rows N] [--folder DIR] [--short]   N events a measurement (default 200000), after N rows were stored (default 0: an empty file); --short leaves out the start with a million subjects";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var events = (int)Option(arguments, "--events", 200_000);
        var rows = Option(arguments, "--rows", 0);
        var folder = Directory.CreateDirectory(Path.Combine(Text(arguments, "--folder") ?? Path.GetTempPath(), $"riskengine-storage-{Environment.ProcessId}"));
        try
        {
            var path = Path.Combine(folder.FullName, "store.db");
            await SubjectMemory.MeasureAsync(Subjects, Print);
            await MemoryAsync(events);
            await FlushAsync(folder.FullName);
            if (rows > 0) await FillAsync(path, rows);
            var label = rows > 0 ? $"with {rows:N0} rows stored" : "from an empty file";
            await BatchesAsync(path, events, label);
            await SinglesAsync(path, events / 10, label);
            if (!arguments.Contains("--short")) await StartAsync(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return 0;
    }

    private static SqliteStateStore Open(string path) => SqliteStateStore.Open(new SqliteStoreSettings { Path = path }, TimeProvider.System);

    private static async Task MemoryAsync(int events)
    {
        await using var store = new InMemoryStateStore(new InMemoryStoreSettings { Assessments = 0 }, TimeProvider.System);
        var work = new SyntheticWork(store, Subjects, 1);
        await CommitAsync(store, work, Math.Min(events, 50_000), inFlight: 1);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var (seconds, storing) = await CommitAsync(store, work, events, inFlight: 1);
        Print("memory: load + commit alone, batches of 1,000", $"{events / storing:N0} events/s", $"{(GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)events:N1} B allocated an event (new rows included), {seconds:N1} s in all");
    }

    private static async Task FlushAsync(string folder)
    {
        using var file = File.OpenHandle(Path.Combine(folder, "flush"), FileMode.CreateNew, FileAccess.Write);
        var page = new byte[4096];
        var times = new double[200];
        for (var i = 0; i < times.Length; i++)
        {
            RandomAccess.Write(file, page, i * 4096L);
            var started = Stopwatch.GetTimestamp();
            RandomAccess.FlushToDisk(file);
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(times);
        Print("disk: flush of 4 KiB", $"p50 {times[100]:N2} ms", $"p90 {times[180]:N2} ms");
        await Task.CompletedTask;
    }

    private static async Task FillAsync(string path, long rows)
    {
        await using var store = Open(path);
        var started = Stopwatch.GetTimestamp();
        await CommitAsync(store, new SyntheticWork(store, Subjects, 2), rows, inFlight: 4, batch: 10_000);
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Print($"sqlite: filling with {rows:N0} events", $"{rows / elapsed:N0} events/s", $"{new FileInfo(path).Length / (double)rows:N0} B an event on disk with state");
    }

    private static async Task BatchesAsync(string path, int events, string label)
    {
        await using var store = Open(path);
        var work = new SyntheticWork(store, Subjects, 3);
        await CommitAsync(store, work, Math.Min(events, 20_000), inFlight: 16);
        var flushes = new Flushes(store.Meter);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var processor = Environment.CpuUsage.TotalTime;
        var (seconds, _) = await CommitAsync(store, work, events, inFlight: 16);
        processor = Environment.CpuUsage.TotalTime - processor;
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)events;
        Print($"sqlite: durable, batches of 1,000, {label}", $"{events / seconds:N0} events/s", $"{flushes}, {processor.TotalMicroseconds / events:N1} µs of processor and {bytes:N0} B allocated an event");
    }

    private static async Task SinglesAsync(string path, int events, string label)
    {
        await using var store = Open(path);
        var flushes = new Flushes(store.Meter);
        var next = 0;
        using var turn = new SemaphoreSlim(1);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Submitters).Select(number => Task.Run(async () =>
        {
            var work = new SyntheticWork(store, Subjects, 100 + number);
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
        Print($"sqlite: durable, single events, {Submitters} submitters, {label}", $"{events / Stopwatch.GetElapsedTime(started).TotalSeconds:N0} events/s", $"{flushes}");
    }

    private static async Task StartAsync(string path)
    {
        await using (var filling = Open(path))
        {
            var profiles = (await filling.StatisticsAsync(CancellationToken.None)).Subjects;
            var work = new SyntheticWork(filling, Subjects, 4);
            for (var round = 0; profiles < Subjects * 0.9 && round < 5; round++)
            {
                await CommitAsync(filling, work, Subjects / 4, inFlight: 4, batch: 10_000);
                profiles = (await filling.StatisticsAsync(CancellationToken.None)).Subjects;
            }

            Print("sqlite: file before the start below", $"{profiles:N0} subjects", $"{new FileInfo(path).Length / 1048576.0:N0} MiB");
        }

        var started = Stopwatch.GetTimestamp();
        await using var store = Open(path);
        var opened = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var first = new SyntheticWork(store, Subjects, 5);
        first.Prepare(Batch);
        await store.LoadAsync(first.Effects.View, CancellationToken.None);
        var served = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        await store.HorizonLoaded;
        Print("sqlite: start", $"{opened:N0} ms to open", $"first 1,000 events loaded after {served:N0} ms, all ids of 7 days after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:N0} ms");
    }

    /// <summary>Loads, judges and commits, with a few commits on their way to the disk at a time, as the judge loop does.</summary>
    private static async Task<(double Seconds, double InStore)> CommitAsync(IStateStore store, SyntheticWork work, long events, int inFlight, int batch = Batch)
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

    private static void Print(string what, string figure, string more) => Console.WriteLine($"{what,-72} {figure,22}   {more}");

    private static long Option(string[] arguments, string name, long otherwise) =>
        Text(arguments, name) is { } text ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : otherwise;

    private static string? Text(string[] arguments, string name) => Array.IndexOf(arguments, name) is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : null;

    /// <summary>Durable transactions since it was made, and how long they took.</summary>
    private sealed class Flushes
    {
        private readonly List<double> _times = [];

        public Flushes(StoreMeter meter) => meter.Observed = (operation, elapsed) =>
        {
            if (operation != StoreOperation.Flush) return;
            lock (_times) _times.Add(elapsed.TotalMilliseconds);
        };

        public override string ToString()
        {
            lock (_times)
            {
                var sorted = _times.Order().ToArray();
                return sorted.Length == 0 ? "no transaction" : $"{sorted.Length:N0} transactions, p50 {sorted[sorted.Length / 2]:N2} ms, p99 {sorted[sorted.Length * 99 / 100]:N2} ms";
            }
        }
    }
}
