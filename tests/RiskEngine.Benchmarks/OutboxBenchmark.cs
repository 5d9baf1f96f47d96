using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Composition;

namespace RiskEngine.Benchmarks;

/// <summary>From a decision to the request that acts on it, through a durable store; and what becomes of a backlog when a target comes back.</summary>
internal sealed class OutboxBenchmark : IAsyncDisposable
{
    public const string Usage = "       outbox [SECONDS_DOWN]";

    private const int Subjects = 500, Calm = 2_000, Backlog = 10_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("riskengine-benchmark-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, long> _submitted = new();
    private readonly ConcurrentDictionary<string, long> _durable = new();
    private readonly ConcurrentDictionary<string, int> _taken = new();
    private readonly ConcurrentDictionary<string, int> _last = new();
    private readonly ConcurrentBag<(double FromSubmit, double FromDurable)> _times = [];
    private volatile bool _isDown;
    private int _outOfOrder;
    private int _refused;
    private WebApplication? _receiver;
    private RunningEngine _engine = null!;
    private Task _pumps = Task.CompletedTask;

    public static async Task<int> RunAsync(int secondsDown)
    {
        await using var run = new OutboxBenchmark();
        await run.StartAsync();
        await run.SubmitAsync("warm", 500, TimeSpan.Zero);
        await run.WaitForAsync(500);
        run._times.Clear();

        await run.SubmitAsync("calm", Calm, TimeSpan.FromMilliseconds(5));
        await run.WaitForAsync(500 + Calm);
        Print("from handing the event in to the request", run._times.Select(time => time.FromSubmit));
        Print("from the durable decision to the request", run._times.Select(time => time.FromDurable));

        run._isDown = true;
        var before = Memory();
        var peak = before;
        await run.SubmitAsync("down", Backlog, TimeSpan.Zero, batch: 50, meanwhile: () => peak = Math.Max(peak, Memory()));
        await Task.Delay(TimeSpan.FromSeconds(secondsDown));
        var tries = run._refused;
        run._isDown = false;
        var started = Stopwatch.GetTimestamp();
        await run.WaitForAsync(500 + Calm + Backlog, () => peak = Math.Max(peak, Memory()));
        var drained = Stopwatch.GetElapsedTime(started);
        var twice = run._taken.Count(key => key.Value > 1);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Backlog} decisions while the target was down for {secondsDown} s: {tries} requests while down, drained {drained.TotalSeconds:N1} s after it was back,"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {run._taken.Count - 500 - Calm} delivered, {twice} keys seen twice, {run._outOfOrder} out of order, managed memory {before / 1048576.0:N0} MiB before, {peak / 1048576.0:N0} MiB at most"));
        return run._outOfOrder == 0 && run._taken.Count == 500 + Calm + Backlog ? 0 : 1;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pumps;
        await _engine.DisposeAsync();
        await _receiver!.DisposeAsync();
        _stop.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static long Memory() => GC.GetTotalMemory(forceFullCollection: true);

    private static void Print(string what, IEnumerable<double> times)
    {
        double[] sorted = [.. times.Order()];
        double At(double share) => sorted[(int)(share * (sorted.Length - 1))];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {sorted.Length} decisions, p50 {At(0.5):N1} ms, p90 {At(0.9):N1} ms, p99 {At(0.99):N1} ms, most {sorted[^1]:N1} ms"));
    }

    private async Task StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _receiver = builder.Build();
        _receiver.Run(async context =>
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            if (_isDown)
            {
                Interlocked.Increment(ref _refused);
                context.Response.StatusCode = 503;
                return;
            }

            if (body.RootElement.GetProperty("type").GetString() == "decision") Take(body.RootElement, Stopwatch.GetTimestamp());
        });
        await _receiver.StartAsync();
        File.WriteAllText(Path.Combine(_folder, "secret"), new string('s', 32));
        var config = Path.Combine(_folder, "riskengine.yaml");
        File.WriteAllText(config, $"webhooks:\n  - name: soc\n    url: {_receiver.Urls.First()}\n    secret_file: secret\n    window: 0s\n    most_per_hour: 100000\n    events: [decisions]\n    names: true\n");
        var settings = SettingsLoader.Load(config);
        _engine = RunningEngine.Start(config, settings, Stores.OpenFile(Path.Combine(_folder, "store.db"), settings), [], NullLoggerFactory.Instance);
        _pumps = _engine.Responders.RunAsync(_stop.Token);
        for (var i = 0; i < Subjects; i++)
        {
            var block = new Block { Scope = BlockScope.Subject, Value = $"s{i}", Reason = "benchmark", Origin = BlockOrigin.Person, CreatedAt = new EventTime(0), Owner = "benchmark" };
            await _engine.Parts.Records.AddBlockAsync(block, new BlockKey(SubjectHandle.Of(_engine.Parts.State.Hash, "default", block.Value)), new AuditEntry(0, block.CreatedAt, "benchmark", "block.add", "", ""), CancellationToken.None);
        }
    }

    /// <summary>Notes what arrived; a later event of a subject must not come before an earlier one.</summary>
    private void Take(JsonElement body, long now)
    {
        var (id, subject) = (body.GetProperty("event_id").GetString()!, body.GetProperty("subject").GetString()!);
        var number = int.Parse(id[(id.IndexOf('-', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
        if (_taken.AddOrUpdate(id, 1, (_, times) => times + 1) > 1) return;
        var key = $"{id[..id.IndexOf('-', StringComparison.Ordinal)]}/{subject}";
        if (_last.TryGetValue(key, out var before) && before > number) Interlocked.Increment(ref _outOfOrder);
        _last[key] = number;
        var submitted = _submitted[id];
        var durable = _durable.GetValueOrDefault(id, now);
        _times.Add((Stopwatch.GetElapsedTime(submitted, now).TotalMilliseconds, Math.Max(0, Stopwatch.GetElapsedTime(durable, now).TotalMilliseconds)));
    }

    private async Task SubmitAsync(string name, int count, TimeSpan pause, int batch = 1, Action? meanwhile = null)
    {
        for (var start = 0; start < count; start += batch)
        {
            var events = new EventBatch();
            for (var i = start; i < start + batch; i++)
            {
                var id = $"{name}-{i}";
                ref var e = ref events.Add(default);
                e.Id = events.Append(Encoding.UTF8.GetBytes(id));
                e.OccurredAt = EventTime.From(TimeProvider.System.GetUtcNow());
                e.Kind = EventKind.Login;
                e.SubjectId = events.Append(Encoding.UTF8.GetBytes($"s{i % Subjects}"));
                e.SourceIp = IpAddress.Parse("203.0.113.7");
                _submitted[id] = Stopwatch.GetTimestamp();
            }

            await _engine.Parts.Judge.SubmitAsync(events, "benchmark", null, CancellationToken.None);
            for (var i = start; i < start + batch; i++) _durable[$"{name}-{i}"] = Stopwatch.GetTimestamp();
            if (start % 2_000 == 0) meanwhile?.Invoke();
            if (pause > TimeSpan.Zero) await Task.Delay(pause);
        }
    }

    private async Task WaitForAsync(int count, Action? meanwhile = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (_taken.Count < count)
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(5)) throw new InvalidOperationException($"{_taken.Count} of {count} arrived within five minutes.");
            await Task.Delay(200);
            meanwhile?.Invoke();
        }
    }
}
