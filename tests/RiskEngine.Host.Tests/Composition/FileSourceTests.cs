using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Host.Tests.Telemetry;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Composition;

public sealed class FileSourceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly FormatContext Common = new() { Hash = new KeyedHash(new byte[16]), Clock = new ClockInBerlin() };

    [Fact]
    public void Without_a_word_lines_are_in_the_time_zone_of_this_machine() =>
        Assert.Equal("Berlin", FileSource.ContextOf(new FileSourceSettings { Path = "auth.log" }, Common).Zone.Id);

    [Fact]
    public void An_offset_takes_its_place()
    {
        var settings = new FileSourceSettings { Path = "auth.log", UtcOffset = new UtcOffset(TimeSpan.FromHours(-5)) };
        Assert.Equal(TimeSpan.FromHours(-5), FileSource.ContextOf(settings, Common).Zone.GetUtcOffset(DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void Two_files_of_one_name_have_labels_and_ids_of_their_own_once_one_is_named()
    {
        var (one, other) = (new FileSourceSettings { Path = "a/auth.log" }, new FileSourceSettings { Path = "b/auth.log", Name = "bastion" });
        Assert.Equal(("file:auth.log", "file:bastion"), (FileSource.LabelOf(one), FileSource.LabelOf(other)));
        Assert.Equal(("", "bastion"), (FileSource.ContextOf(one, Common).SourceName, FileSource.ContextOf(other, Common).SourceName));
    }

    [Fact]
    public async Task Of_a_file_with_one_event_that_cannot_be_judged_the_others_are_stored()
    {
        using var folder = new TemporaryFolder();
        string[] lines = [.. Enumerable.Range(0, 9).Select(i => $$"""{"id":"e{{i}}","occurred_at":"2026-11-21T20:15:0{{i}}Z","kind":"login","subject":{"id":"{{(i == 4 ? "poison" : "jane")}}"} }""")];
        var file = folder.Write("events.jsonl", string.Join('\n', lines) + "\n");
        var memory = new InMemoryStateStore(new InMemoryStoreSettings(), TimeProvider.System);
        var failing = new FailingStore(memory) { PoisonSubject = "poison" };
        var settings = new RiskEngineSettings { Sources = new SourceSettings { File = [new FileSourceSettings { Path = file, Format = "riskengine", Follow = false }] } };
        using var log = new RecordingLoggerFactory();
        await using var engine = RunningEngine.Start(null, settings, new OpenStore(failing, memory, memory.Meter, "memory"), [], NullLoggerFactory.Instance);
        await new FileSource(settings.Sources.File[0], engine, log).RunAsync(CancellationToken.None);
        for (var i = 0; i < 9; i++) Assert.Equal(i != 4, await memory.FindEventAsync("default", $"e{i}", CancellationToken.None) is not null);
        Assert.Contains("riskengine_events_rejected_total{reason=\"unjudgeable\",source=\"file:events.jsonl\"} 1", engine.Telemetry.Scrape(openMetrics: false), StringComparison.Ordinal);
        Assert.Contains("cannot be judged", Assert.Single(log.Messages), StringComparison.Ordinal);
    }

    [LinuxFact]
    public async Task A_pipe_that_nobody_writes_to_holds_nothing_up()
    {
        using var folder = new TemporaryFolder();
        await using var piped = await PipedAsync(folder);
        using var stop = new CancellationTokenSource();
        var begun = Task.Factory.StartNew(() => piped.Source.RunAsync(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var running = await begun.WaitAsync(Patience);
        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        await running.WaitAsync(Patience);
    }

    [LinuxFact]
    public async Task What_was_written_to_a_pipe_is_stored_also_when_the_process_stops_at_once()
    {
        using var folder = new TemporaryFolder();
        await using var piped = await PipedAsync(folder);
        using var stop = new CancellationTokenSource();
        var begun = Task.Factory.StartNew(() => piped.Source.RunAsync(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var lines = Enumerable.Range(0, 1000).Select(i => $$"""{"id":"e{{i}}","occurred_at":"2026-11-21T20:15:00Z","kind":"login","subject":{"id":"jane"},"user_agent":"{{new string('x', 200)}}"}""");
        await Task.Run(() => File.WriteAllLines(piped.Path, lines)).WaitAsync(Patience);
        await stop.CancelAsync();
        await (await begun.WaitAsync(Patience)).WaitAsync(Patience);
        Assert.Equal(1000, (await piped.Memory.StatisticsAsync(CancellationToken.None)).Events);
    }

    private static async Task<Piped> PipedAsync(TemporaryFolder folder)
    {
        var path = folder.File("events.pipe");
        using var made = System.Diagnostics.Process.Start("mkfifo", [path]);
        await made.WaitForExitAsync().WaitAsync(Patience);
        var memory = new InMemoryStateStore(new InMemoryStoreSettings(), TimeProvider.System);
        var settings = new RiskEngineSettings { Sources = new SourceSettings { File = [new FileSourceSettings { Path = path, Format = "riskengine", Follow = false }] } };
        var engine = RunningEngine.Start(null, settings, new OpenStore(memory, memory, memory.Meter, "memory"), [], NullLoggerFactory.Instance);
        return new Piped(path, memory, engine, new FileSource(settings.Sources.File[0], engine, NullLogger.Instance));
    }

    private sealed record Piped(string Path, InMemoryStateStore Memory, RunningEngine Engine, FileSource Source) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Engine.DisposeAsync();
    }

    private sealed class ClockInBerlin : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("Berlin", TimeSpan.FromHours(1), "Berlin", "Berlin");
    }
}
