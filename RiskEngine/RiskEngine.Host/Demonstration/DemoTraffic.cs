using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Simulation;

namespace RiskEngine.Host.Demonstration;

/// <summary>Plays a simulated week into the engine: the first days at once, so that people have a past, the last one in fast motion.</summary>
/// <remarks>All events lie before now, so that whatever is sent to the demo by hand comes after them.</remarks>
internal sealed class DemoTraffic(JudgeLoop loop, IEventFormat format, TimeProvider clock)
{
    public const string Source = "demo";

    private const int Users = 300;
    private const int Days = 7;
    private const int HistoryBatch = 512;

    private readonly EventBatch _batch = new();
    private long _offset;

    /// <summary>Gets how long the last day takes to play.</summary>
    public static TimeSpan PlayTime { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets where in the simulated week the playing is.</summary>
    public EventTime Now { get; private set; }

    public static FormatContext ContextOf(KeyedHash hash) => new() { Hash = hash, Clock = TimeProvider.System, SourceName = Source };

    public static IEventFormat FormatOf(KeyedHash hash) => new RiskEngineFormat(ContextOf(hash));

    public async Task PlayAsync(long seed, CancellationToken cancellation)
    {
        var end = clock.GetUtcNow();
        end = new DateTimeOffset(end.Ticks - (end.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        var settings = new SimulationSettings { Users = Users, Days = Days, Seed = seed, Start = end - TimeSpan.FromDays(Days) };
        var lastDay = EventTime.From(end - TimeSpan.FromDays(1));
        var began = clock.GetTimestamp();
        var isLive = false;
        foreach (var line in new SimulatedTraffic(settings).Lines())
        {
            if (cancellation.IsCancellationRequested) return;
            if (line.OccurredAt >= lastDay)
            {
                if (!isLive) began = clock.GetTimestamp();
                isLive = true;
                await KeepPaceAsync((line.OccurredAt - lastDay) / TimeSpan.FromDays(1) * PlayTime, began, cancellation);
            }

            Now = line.OccurredAt;
            format.Parse(line.Json.Span, new SourcePosition(0, 0, _offset++), _batch);
            if (!isLive && _batch.Count >= HistoryBatch) await FlushAsync();
        }

        await FlushAsync();
    }

    /// <summary>Waits until that much of the play time is over, having sent what is due.</summary>
    private async Task KeepPaceAsync(TimeSpan due, long began, CancellationToken cancellation)
    {
        var ahead = due - clock.GetElapsedTime(began);
        if (ahead < TimeSpan.FromMilliseconds(50)) return;
        await FlushAsync();
        await Task.Delay(ahead, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task FlushAsync()
    {
        if (_batch.Count == 0) return;
        await loop.SubmitAsync(_batch, Source, null, CancellationToken.None);
        _batch.Clear();
    }
}
