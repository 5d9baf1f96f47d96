using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Collectors.Syslog;
using RiskEngine.Configuration;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Telemetry;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Composition;

public sealed class SyslogSourceTests
{
    [Theory, InlineData(SyslogProtocol.Udp), InlineData(SyslogProtocol.Tcp)]
    public async Task What_comes_by_syslog_is_judged_and_stored_and_what_is_not_understood_counted(SyslogProtocol protocol)
    {
        var settings = new SyslogSourceSettings { Name = "bastion", Protocol = protocol, Port = 0, Format = "riskengine" };
        await using var engine = RunningEngine.Start(null, new RiskEngineSettings { Sources = new SourceSettings { Syslog = [settings] } }, Stores.Memory(keepsAssessments: true), [], NullLoggerFactory.Instance);
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var queue = new RecordQueue(1 << 20);
        var source = new SyslogSource(settings, engine, NullLogger.Instance);
        using var listener = source.Open(queue);
        var running = source.ListenAsync(listener, queue, stop.Token);
        string[] messages =
        [
            "<134>1 - vpn1 app - - - nonsense\n",
            "<134>1 - vpn1 app - - - " + JsonSerializer.Serialize(SomeEvent.Login("by-syslog")) + "\n",
        ];
        using (var sender = new Socket(listener.Address.AddressFamily, protocol == SyslogProtocol.Tcp ? SocketType.Stream : SocketType.Dgram, ProtocolType.Unspecified))
        {
            await sender.ConnectAsync(listener.Address);
            foreach (var message in messages) await sender.SendAsync(Encoding.UTF8.GetBytes(message));
            while (await engine.Parts.Records.FindEventAsync("default", "by-syslog", stop.Token) is null) await Task.Delay(5, stop.Token);
        }

        var scrape = engine.Telemetry.Scrape(openMetrics: false);
        Assert.Contains("riskengine_events_rejected_total{reason=\"invalid_json\",source=\"syslog:bastion\"} 1", scrape, StringComparison.Ordinal);
        Assert.Contains("riskengine_syslog_lost_total{reason=\"queue_full\",source=\"syslog:bastion\"} 0", scrape, StringComparison.Ordinal);
        await stop.CancelAsync();
        Assert.Same(running, await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(60), CancellationToken.None)));
    }

    [Theory, InlineData(SyslogProtocol.Udp), InlineData(SyslogProtocol.Tcp)]
    public async Task A_receiver_that_died_ends_the_reading_so_that_it_is_told_and_begun_anew(SyslogProtocol protocol)
    {
        var settings = new SyslogSourceSettings { Name = "bastion", Protocol = protocol, Port = 0, Format = "riskengine" };
        await using var engine = RunningEngine.Start(null, new RiskEngineSettings { Sources = new SourceSettings { Syslog = [settings] } }, Stores.Memory(keepsAssessments: true), [], NullLoggerFactory.Instance);
        using var queue = new RecordQueue(1 << 20);
        var source = new SyslogSource(settings, engine, NullLogger.Instance);
        var listener = source.Open(queue);
        var running = source.ListenAsync(listener, queue, CancellationToken.None);
        listener.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => running.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task What_waits_when_the_process_stops_is_counted_as_lost_and_told_in_one_line()
    {
        var settings = new SyslogSourceSettings { Name = "bastion", Port = 0, Format = "riskengine" };
        await using var memory = new InMemoryStateStore(new InMemoryStoreSettings(), TimeProvider.System);
        var failing = new FailingStore(memory);
        using var log = new RecordingLoggerFactory();
        await using var engine = RunningEngine.Start(null, new RiskEngineSettings { Sources = new SourceSettings { Syslog = [settings] } }, new OpenStore(failing, memory, memory.Meter, "memory"), [], NullLoggerFactory.Instance);
        using var stop = new CancellationTokenSource();
        using var queue = new RecordQueue(1 << 20);
        var source = new SyslogSource(settings, engine, log);
        using var listener = source.Open(queue);
        failing.FailNextCommits(int.MaxValue);
        for (var i = 0; i < 3; i++) Assert.True(queue.TryAdd(Message($"taken-{i}")));
        var running = source.ListenAsync(listener, queue, stop.Token);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (log.Messages.Count == 0) await Task.Delay(5, patience.Token);
        for (var i = 0; i < 4; i++) Assert.True(queue.TryAdd(Message($"waiting-{i}")));
        await stop.CancelAsync();
        Assert.Same(running, await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(60), CancellationToken.None)));
        source.Finish(queue);
        Assert.Contains("riskengine_syslog_lost_total{reason=\"stopped\",source=\"syslog:bastion\"} 7", engine.Telemetry.Scrape(openMetrics: false), StringComparison.Ordinal);
        Assert.Single(log.Messages, line => line.Contains("7 messages", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_waits_when_a_receiver_dies_is_read_with_the_next_and_nothing_is_lost()
    {
        var settings = new SyslogSourceSettings { Name = "bastion", Port = 0, Format = "riskengine" };
        await using var engine = RunningEngine.Start(null, new RiskEngineSettings { Sources = new SourceSettings { Syslog = [settings] } }, Stores.Memory(keepsAssessments: true), [], NullLoggerFactory.Instance);
        using var log = new RecordingLoggerFactory();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var queue = new RecordQueue(1 << 20);
        var source = new SyslogSource(settings, engine, log);
        var dead = source.Open(queue);
        dead.Dispose();
        for (var i = 0; i < 2000; i++) Assert.True(queue.TryAdd(Message($"waiting-{i}")));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => source.ListenAsync(dead, queue, stop.Token));
        using var listener = source.Open(queue);
        var running = source.ListenAsync(listener, queue, stop.Token);
        foreach (var id in (string[])["waiting-0", "waiting-1999"])
        {
            while (await engine.Parts.Records.FindEventAsync("default", id, stop.Token) is null) await Task.Delay(5, stop.Token);
        }

        await stop.CancelAsync();
        Assert.Same(running, await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(60), CancellationToken.None)));
        source.Finish(queue);
        Assert.Empty(log.Messages);
    }

    private static byte[] Message(string id) => Encoding.UTF8.GetBytes("<134>1 - vpn1 app - - - " + JsonSerializer.Serialize(SomeEvent.Login(id)) + "\n");
}
