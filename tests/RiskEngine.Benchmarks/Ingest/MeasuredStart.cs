using System.Diagnostics;
using RiskEngine.Benchmarks.Storage;

namespace RiskEngine.Benchmarks.Ingest;

/// <summary>What a server took from the start of its process to the first event that is durable.</summary>
/// <param name="Listening">Time until it listened.</param>
/// <param name="ProcessorListening">Processor time until then.</param>
/// <param name="Served">Time until the first 202.</param>
/// <param name="ProcessorServed">Processor time until then.</param>
/// <param name="FileBytes">How much there was to open.</param>
internal sealed record MeasuredStart(TimeSpan Listening, TimeSpan ProcessorListening, TimeSpan Served, TimeSpan ProcessorServed, long FileBytes)
{
    /// <summary>Starts a server in a folder and posts to it as soon as it listens.</summary>
    /// <param name="requests">What is posted, made while the clock runs.</param>
    public static async Task<(ServedEngine Engine, MeasuredStart Measured)> OfAsync(string folder, Func<ServedEngine, byte[][]> requests)
    {
        var bytes = BytesIn(folder);
        var started = Stopwatch.GetTimestamp();
        var engine = await ServedEngine.StartAsync(folder);
        var (listening, before) = (Stopwatch.GetElapsedTime(started), engine.Counters.Processor);
        await Clients.PostAsync(engine.Place, requests(engine), 1);
        return (engine, new MeasuredStart(listening, before, Stopwatch.GetElapsedTime(started), engine.Counters.Processor, bytes));
    }

    public static long BytesIn(string folder) => new DirectoryInfo(folder).EnumerateFiles("riskengine.db*").Sum(file => file.Length);

    public void Print(string what) => StorageBenchmark.Print(
        $"ingest: {what}", $"{Served.TotalSeconds:N2} s",
        $"to the first 202, {ProcessorServed.TotalSeconds:N2} s of processor; listening after {Listening.TotalSeconds:N2} s, {ProcessorListening.TotalSeconds:N2} s of processor; {FileBytes / 1048576.0:N0} MiB of files; load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
}
