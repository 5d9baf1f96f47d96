using RiskEngine.Benchmarks.Storage;

namespace RiskEngine.Benchmarks.Ingest;

/// <summary>A server with so many subjects in its store, and clients that post to it.</summary>
internal sealed class FilledEngine : IAsyncDisposable
{
    public const int BatchSize = 1000, Clients = 4;

    private const int Singles = 64, Starts = 3, BatchesAround = 20, SeedsOfOpened = 50;

    /// <summary>Within the seven days in which repeats are told, so that no request is too old because another overtook it.</summary>
    private static readonly TimeSpan Past = TimeSpan.FromDays(6);

    private readonly string _folder;
    private readonly Fleet _fleet;
    private readonly bool _isArray;
    private ServedEngine _engine;
    private int _seeds;

    private FilledEngine(string folder, Fleet fleet, bool isArray, ServedEngine engine)
    {
        (_folder, _fleet, _isArray, _engine) = (folder, fleet, isArray, engine);
        Name = $"{fleet.Subjects:N0} subjects";
    }

    public string Name { get; }

    /// <summary>Starts a server in a folder that is made for it, fills its store with the past of every subject, and lets it come to rest.</summary>
    public static async Task<FilledEngine> FillAsync(string folder, int subjects, bool isArray)
    {
        Directory.CreateDirectory(folder);
        var filled = new FilledEngine(folder, new Fleet(subjects, subjects), isArray, await ServedEngine.StartAsync(folder));
        var past = filled.Requests().Past(BatchSize, DateTime.UtcNow - TimeSpan.FromSeconds(1), Past);
        var (elapsed, _) = await Ingest.Clients.PostAsync(filled._engine.Place, past, Clients);
        await filled._engine.SettleAsync();
        var logins = filled._fleet.Past.Length;
        StorageBenchmark.Print(
            $"ingest: {filled.Name}, filled", $"{logins / elapsed.TotalSeconds:N0} events/s",
            $"{logins:N0} logins, written as they are sent; {MeasuredStart.BytesIn(folder) / (double)logins:N0} B a login on disk, {filled._engine.Counters.Resident / 1048576.0:N0} MiB of memory");
        return filled;
    }

    /// <summary>Posts batches at full speed.</summary>
    public Task<Measured> BatchesAsync(int events, int clients) => MeasureAsync(events, BatchSize, clients);

    /// <summary>Posts single events from 64 connections.</summary>
    public Task<Measured> SinglesAsync(int events) => MeasureAsync(events, 1, Singles);

    /// <summary>Kills the server without warning in the middle of posting and starts it again, a few times: from the start of the process to the first event that is durable.</summary>
    public async Task StartAgainAsync()
    {
        for (var start = 0; start < Starts; start++)
        {
            await LeaveAsync(0);
            await _engine.DisposeAsync();
            // The request is made while the clock runs: a millisecond.
            (_engine, var measured) = await MeasuredStart.OfAsync(_folder, engine => Requests(engine).Next(1, 1));
            measured.Print($"{Name}, start after kill -9 under load");
        }
    }

    /// <summary>Kills the server without warning in the middle of posting, once so many events are behind, and leaves its folder as it is then.</summary>
    public async Task LeaveAsync(int events)
    {
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var posting = Ingest.Clients.PostAsync(_engine.Place, Batches(events / BatchSize, enough), Clients);
        await Task.WhenAny(posting, enough.Task);
        await _engine.KillAsync();
        try
        {
            await posting;
        }
        catch (Exception gone) when (gone is IOException or System.Net.Sockets.SocketException)
        {
            // The connections went with the server, which is what was meant.
        }
    }

    /// <summary>Starts a server a few times on copies of a folder that was left, each time as if it had been killed just now.</summary>
    public static async Task OpenAsync(string folder, int subjects, int starts)
    {
        var fleet = new Fleet(subjects, subjects);
        var copy = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + ".copy";
        for (var start = 0; start < starts; start++)
        {
            Directory.CreateDirectory(copy);
            try
            {
                foreach (var file in new DirectoryInfo(folder).EnumerateFiles()) file.CopyTo(Path.Combine(copy, file.Name));
                var seed = (subjects * 100) + SeedsOfOpened + start;
                var (engine, measured) = await MeasuredStart.OfAsync(copy, engine => new PreparedRequests(fleet, engine.Host, engine.Key, isArray: false, seed).Next(1, 1));
                await engine.DisposeAsync();
                measured.Print($"{subjects:N0} subjects, start on a copy");
            }
            finally
            {
                Directory.Delete(copy, recursive: true);
            }
        }
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private PreparedRequests Requests() => Requests(_engine);

    /// <summary>Requests whose ids no others have.</summary>
    private PreparedRequests Requests(ServedEngine engine) => new(_fleet, engine.Host, engine.Key, _isArray, (_fleet.Subjects * 100) + _seeds++);

    private async Task<Measured> MeasureAsync(int events, int size, int clients)
    {
        var requests = Requests().Next(events, size);
        await _engine.SettleAsync();
        var (before, flushes, client) = (_engine.Counters, await _engine.FlushesAsync(), Environment.CpuUsage.TotalTime);
        var (elapsed, answers) = await Ingest.Clients.PostAsync(_engine.Place, requests, clients);
        client = Environment.CpuUsage.TotalTime - client;
        var after = _engine.Counters;
        var done = await _engine.FlushesAsync();
        await _engine.SettleAsync();
        var still = _engine.Counters;
        return new Measured(
            events / elapsed.TotalSeconds, (after.Processor - before.Processor).TotalMicroseconds / events, (still.Processor - after.Processor).TotalMicroseconds / events,
            client.TotalMicroseconds / events, (still.Written - before.Written) / (double)events, answers, done.Since(flushes));
    }

    /// <summary>Batches made as they are sent, a few more than are asked for.</summary>
    private IEnumerable<byte[]> Batches(int count, TaskCompletionSource enough)
    {
        var requests = Requests();
        for (var batch = 0; batch < count + BatchesAround; batch++)
        {
            if (batch == count + (BatchesAround / 2)) enough.TrySetResult();
            yield return requests.Next(BatchSize, BatchSize)[0];
        }
    }
}
