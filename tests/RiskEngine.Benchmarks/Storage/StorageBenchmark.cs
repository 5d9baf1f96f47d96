using System.Diagnostics;
using RiskEngine.Storage.InMemory;

namespace RiskEngine.Benchmarks.Storage;

/// <summary>What the stores do: durable commits, memory a subject, time to serve. Prints a table; says nothing of pass or fail.</summary>
public static class StorageBenchmark
{
    private const int Subjects = 1_000_000;

    public const string Usage = "storage [--events N] [--rows N] [--folder DIR] [--short | --compare [--subjects N] | --leave FILE | --open FILE]   N events a measurement (default 1000000), on an empty file and on one with N events in it (default 1000000); --short leaves out memory and the comparison of 1,000 with 1,000,000 subjects, --compare everything else, with --subjects for one number of them only, --leave only fills a file and ends as a kill would, --open only opens one";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var events = (int)Option(arguments, "--events", 1_000_000);
        var rows = Option(arguments, "--rows", 1_000_000);
        if (Text(arguments, "--leave") is { } left) await FilledBenchmark.LeaveAsync(left, rows);
        if (Text(arguments, "--open") is { } file)
        {
            await FilledBenchmark.StartAsync(file);
            return 0;
        }

        var isShort = arguments.Contains("--short");
        var folder = Directory.CreateDirectory(Path.Combine(Text(arguments, "--folder") ?? Path.GetTempPath(), $"riskengine-storage-{Environment.ProcessId}"));
        try
        {
            if (arguments.Contains("--compare"))
            {
                await FilledBenchmark.CompareSubjectsAsync(folder.FullName, events, (int)Option(arguments, "--subjects", 0));
                return 0;
            }

            if (!isShort) await SubjectMemory.MeasureAsync(Subjects, Print);
            if (!isShort) await MemoryAsync(events);
            await FlushAsync(folder.FullName);
            await FilledBenchmark.RunAsync(folder.FullName, events, rows, isShort);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return 0;
    }

    internal static void Print(string what, string figure, string more) => Console.WriteLine($"{what,-66} {figure,18}   {more}");

    private static async Task MemoryAsync(int events)
    {
        await using var store = new InMemoryStateStore(new InMemoryStoreSettings { Assessments = 0 }, TimeProvider.System);
        var work = new SyntheticWork(store, Subjects, 1);
        await Commits.RunAsync(store, work, Math.Min(events, 50_000), inFlight: 1);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var (seconds, storing) = await Commits.RunAsync(store, work, events, inFlight: 1);
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

    private static long Option(string[] arguments, string name, long otherwise) =>
        Text(arguments, name) is { } text ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : otherwise;

    private static string? Text(string[] arguments, string name) => Array.IndexOf(arguments, name) is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : null;
}
