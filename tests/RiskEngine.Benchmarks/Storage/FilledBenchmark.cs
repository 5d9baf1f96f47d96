using System.Diagnostics;
using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Benchmarks.Storage;

/// <summary>What the SQLite store does when it is empty and when it is full, in one run, so that the two can be compared.</summary>
/// <remarks>The full one is filled by the same commits as any, only in bigger batches: the same tables, the same indexes, keys that are hashes.</remarks>
internal static class FilledBenchmark
{
    private const int Subjects = 1_000_000, SomeSubjects = 50_000, FewSubjects = 1000, InFlight = 16, Submitters = 64, Warmup = 20_000, WarmupOfSubjects = 2_000_000;

    public static async Task RunAsync(string folder, int events, long rows, bool isShort)
    {
        var empty = await BatchesAsync(Path.Combine(folder, "empty.db"), Subjects, 3, events, "from an empty file");
        var emptySingles = await SinglesAsync(Path.Combine(folder, "empty.db"), events / 20, "then");
        Delete(folder, "empty.db");
        if (!isShort) await CompareSubjectsAsync(folder, events);

        var path = Path.Combine(folder, "filled.db");
        double filled, singles;
        await using (var store = Open(path))
        {
            await FillAsync(store, path, rows);
            filled = await BatchesAsync(store, Subjects, 5, events, $"with {rows:N0} events stored");
            singles = await SinglesAsync(store, events / 20, $"with {rows:N0} events stored");
        }

        await StartAsync(path);
        var reopened = await BatchesAsync(path, Subjects, 7, events, $"with {rows:N0} events stored, right after opening");
        StorageBenchmark.Print("sqlite: filled against empty", $"{filled / empty:P0}", $"single events {singles / emptySingles:P0}; {reopened / empty:P0} right after opening");
    }

    /// <summary>Throughput with a million subjects against fewer, each after <see cref="WarmupOfSubjects"/> events, with the same batches on their way.</summary>
    /// <remarks>
    /// A thousand subjects are other work: a batch meets most of them several times and changes each of their rows once. Fifty thousand change nearly as many
    /// rows an event as a million, but by then have full histories, which are written whole. The first comparison is the strict one.
    /// </remarks>
    public static async Task CompareSubjectsAsync(string folder, int events, int only = 0)
    {
        var path = Path.Combine(folder, "subjects.db");
        List<double> rates = [];
        foreach (var subjects in new[] { FewSubjects, SomeSubjects, Subjects }.Where(subjects => only == 0 || subjects == only))
        {
            rates.Add(await SubjectsAsync(path, subjects, events));
            Delete(folder, "subjects.db");
        }

        if (only != 0) return;

        StorageBenchmark.Print("sqlite: 1,000,000 subjects against 1,000", $"{rates[2] / rates[0]:P0}", $"against {SomeSubjects:N0} {rates[2] / rates[1]:P0}; after {WarmupOfSubjects:N0} events each");
    }

    private static async Task<double> SubjectsAsync(string path, int subjects, int events)
    {
        await using var store = Open(path);
        var work = new SyntheticWork(store, subjects, 11);
        await Commits.RunAsync(store, work, WarmupOfSubjects, InFlight);
        var flushes = new Flushes(store.Meter);
        var (changed, written) = (work.RowsChanged, DiskWrites.Bytes);
        var processor = Environment.CpuUsage.TotalTime;
        var (seconds, _) = await Commits.RunAsync(store, work, events, InFlight);
        processor = Environment.CpuUsage.TotalTime - processor;
        var known = (await store.StatisticsAsync(CancellationToken.None)).Subjects;
        StorageBenchmark.Print(
            $"sqlite: durable, batches of 1,000, {known:N0} of {subjects:N0} subjects",
            $"{events / seconds:N0} events/s",
            $"{flushes}, {processor.TotalMicroseconds / events:N1} µs of processor, {(DiskWrites.Bytes - written) / (double)events:N0} B written and {(work.RowsChanged - changed) / (double)events:N1} rows changed an event");
        return events / seconds;
    }

    private static SqliteStateStore Open(string path) => SqliteStateStore.Open(new SqliteStoreSettings { Path = path }, TimeProvider.System);

    private static async Task FillAsync(SqliteStateStore store, string path, long rows)
    {
        var started = Stopwatch.GetTimestamp();
        await Commits.RunAsync(store, new SyntheticWork(store, Subjects, 2), rows, inFlight: 4, batch: 10_000);
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var statistics = await store.StatisticsAsync(CancellationToken.None);
        StorageBenchmark.Print(
            $"sqlite: filling with {rows:N0} events",
            $"{rows / elapsed:N0} events/s",
            $"{statistics.Subjects:N0} subjects, {statistics.Addresses:N0} rows of reputation, {new FileInfo(path).Length / (double)rows:N0} B an event on disk with state");
    }

    private static async Task<double> BatchesAsync(string path, int subjects, int seed, int events, string label)
    {
        await using var store = Open(path);
        return await BatchesAsync(store, subjects, seed, events, label);
    }

    private static async Task<double> BatchesAsync(SqliteStateStore store, int subjects, int seed, int events, string label)
    {
        var work = new SyntheticWork(store, subjects, seed);
        await Commits.RunAsync(store, work, Warmup, InFlight);
        var flushes = new Flushes(store.Meter);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var written = DiskWrites.Bytes;
        var processor = Environment.CpuUsage.TotalTime;
        var (seconds, _) = await Commits.RunAsync(store, work, events, InFlight);
        processor = Environment.CpuUsage.TotalTime - processor;
        written = DiskWrites.Bytes - written;
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)events;
        StorageBenchmark.Print(
            $"sqlite: durable, batches of 1,000, {label}",
            $"{events / seconds:N0} events/s",
            $"{flushes}, {processor.TotalMicroseconds / events:N1} µs of processor, {written / (double)events:N0} B written and {bytes:N0} B allocated an event");
        return events / seconds;
    }

    private static async Task<double> SinglesAsync(string path, int events, string label)
    {
        await using var store = Open(path);
        return await SinglesAsync(store, events, label);
    }

    private static async Task<double> SinglesAsync(SqliteStateStore store, int events, string label)
    {
        var flushes = new Flushes(store.Meter);
        var rate = events / await Commits.RunSinglesAsync(store, number => new SyntheticWork(store, Subjects, 100 + number), Submitters, events);
        StorageBenchmark.Print($"sqlite: durable, single events, {Submitters} submitters, {label}", $"{rate:N0} events/s", $"{flushes}");
        return rate;
    }

    /// <summary>How long a file takes to serve.</summary>
    public static async Task StartAsync(string path)
    {
        var runtime = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await using var store = Open(path);
        var opened = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var processor = (Environment.CpuUsage.TotalTime - runtime).TotalMilliseconds;
        var first = new SyntheticWork(store, Subjects, 8);
        first.Prepare(1000);
        await store.LoadAsync(first.Effects.View, CancellationToken.None);
        var served = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var processorServed = (Environment.CpuUsage.TotalTime - runtime).TotalMilliseconds;
        await store.HorizonLoaded;
        var subjects = (await store.StatisticsAsync(CancellationToken.None)).Subjects;
        StorageBenchmark.Print(
            $"sqlite: start with {subjects:N0} subjects, {new FileInfo(path).Length / 1048576.0:N0} MiB",
            $"{opened:N0} ms to open",
            $"{processor:N0} ms of processor; first 1,000 events loaded after {served:N0} ms ({processorServed:N0} of processor), all ids of 7 days, begun some seconds later, after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:N0} ms");
    }

    /// <summary>Stores that many events and leaves the file as a kill would: with runs, a journal and a log.</summary>
    public static async Task LeaveAsync(string path, long rows)
    {
        var store = Open(path);
        await FillAsync(store, path, rows);
        using var process = Process.GetCurrentProcess();
        process.Kill();
    }

    private static void Delete(string folder, string name)
    {
        foreach (var file in Directory.GetFiles(folder, name + "*")) File.Delete(file);
    }
}
