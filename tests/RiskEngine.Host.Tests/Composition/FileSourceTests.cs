using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Tests.Telemetry;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Composition;

public sealed class FileSourceTests
{
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
        using var folder = new Serving.TemporaryFolder();
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

    private sealed class ClockInBerlin : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.CreateCustomTimeZone("Berlin", TimeSpan.FromHours(1), "Berlin", "Berlin");
    }
}
