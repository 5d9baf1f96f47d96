using System.Text;
using RiskEngine.Configuration;
using RiskEngine.Host.Logging.Loki;
using RiskEngine.Outbound;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Logging;

/// <summary>A shipper on a clock that a test moves, with a Loki to send to.</summary>
internal sealed class Shipping : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private Shipping(LokiStandIn loki, LokiSettings settings, Func<LokiTarget, LokiTarget> target)
    {
        Loki = loki;
        Loki.Now = Clock.GetUtcNow;
        Shipper = new LokiShipper(target(new LokiTarget { Url = loki.Url, Outbound = new OutboundTarget { Timeout = TimeSpan.FromSeconds(30) }, Seed = 1 }), settings, Clock);
    }

    public ManualTimeProvider Clock { get; } = new(Start);

    public LokiStandIn Loki { get; }

    public LokiShipper Shipper { get; }

    public LokiMeter Meter => Shipper.Meter;

    public static async Task<Shipping> StartAsync(LokiSettings? settings = null, Func<LokiTarget, LokiTarget>? target = null) =>
        new(await LokiStandIn.StartAsync(), settings ?? new LokiSettings(), target ?? (made => made));

    /// <summary>Adds lines with these numbers to the log of the program.</summary>
    public void Add(int from, int count, LokiStreams stream = LokiStreams.App)
    {
        for (var i = from; i < from + count; i++) Shipper.Add(Entry(stream, $"{{\"number\":{i}}}"));
    }

    public LokiEntry Entry(LokiStreams stream, string line) => new(
        stream, stream == LokiStreams.App ? Shipper.Labels.OfApp("info", "Test") : stream == LokiStreams.Audit ? Shipper.Labels.OfAudit() : Shipper.Labels.OfAssessment(Core.Events.RiskLevel.High, Core.Events.DecisionAction.Block),
        LokiEntry.NanosecondsOf(Clock.GetUtcNow()), Encoding.UTF8.GetBytes(line), [new("source", "Test")]);

    public Task<TimeSpan> TurnAsync() => Shipper.TurnAsync(isLast: false, CancellationToken.None);

    /// <summary>Lets the period pass and sends until there is nothing to do; gives the wait that was asked for.</summary>
    public async Task<TimeSpan> SendAllAsync()
    {
        Clock.Advance(Shipper.Settings.Period);
        TimeSpan wait;
        do wait = await TurnAsync();
        while (wait == TimeSpan.Zero);
        return wait;
    }

    /// <summary>The numbers that Loki has of a stream, in the order of their times.</summary>
    public IEnumerable<int> Numbers(string stream = "app") => Loki.Of(stream).OrderBy(line => line.Nanoseconds).Select(line => line.Json.GetProperty("number").GetInt32());

    public async ValueTask DisposeAsync()
    {
        Shipper.Dispose();
        await Loki.DisposeAsync();
    }
}
