using System.Threading.Channels;
using RiskEngine.Configuration;
using RiskEngine.Responders;
using RiskEngine.Responders.Delivery;

namespace RiskEngine.Host.Logging.Loki;

/// <summary>Carries entries to Loki in batches, in order, by one loop; whoever adds some never waits.</summary>
/// <remarks>
/// <para>
/// A batch goes when it is full or its first entry has waited for the period. What Loki cannot take now (429, 5xx, no answer, a credential that is refused)
/// is sent again after a wait drawn at random whose bound doubles, no sooner than Loki asks for; everything behind it waits. Each entry is given up at an age.
/// </para>
/// <para>
/// What Loki never takes (other 4xx) is halved until the faulty entries stand alone, which are dropped; after <see cref="MostRefusals"/> refusals of one batch
/// the part in hand is dropped whole. Loki keeps the valid entries of a refused request, and an entry that comes twice once, since it has the same time.
/// </para>
/// <para>Adding is thread-safe. The end sends what is left, for <see cref="LokiTarget.StopPatience"/> at most. Every entry that is lost is counted by its reason.</para>
/// </remarks>
internal sealed partial class LokiShipper : IDisposable
{
    /// <summary>Refusals of one batch after which no more is looked for: enough for six faulty entries of a thousand.</summary>
    public const int MostRefusals = 64;

    private const int BatchBytes = 1 << 20;

    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1), BetweenRefusals = TimeSpan.FromMinutes(1);

    private readonly LokiTarget _target;
    private readonly LokiSettings _settings;
    private readonly TimeProvider _clock;
    private readonly LokiQueue _queue;
    private readonly LokiClient _client;
    private readonly CancellationTokenSource _stop = new(), _abort = new();
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>What is left of the batch in hand, its first part on top.</summary>
    private readonly Stack<ReadOnlyMemory<LokiEntry>> _parts = new();

    private Task _running = Task.CompletedTask;
    private ILogger? _logger;
    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue, _refusalToldAt = DateTimeOffset.MinValue;
    private int _failures, _refusals, _requests;
    private bool _isDown, _isDisposed;

    public LokiShipper(LokiTarget target, LokiSettings settings, TimeProvider clock)
    {
        (_target, _settings, _clock) = (target, settings, clock);
        _queue = new LokiQueue(settings.QueueLimit, settings.QueueBytes, clock);
        _client = new LokiClient(target, clock);
        Labels = new LokiLabelSet(settings);
    }

    public LokiLabelSet Labels { get; }

    public LokiMeter Meter { get; } = new();

    public LokiQueue Queue => _queue;

    public LokiSettings Settings => _settings;

    /// <summary>Begins to send.</summary>
    /// <param name="logger">Is told when Loki goes and when it is back.</param>
    public void Start(ILogger logger)
    {
        _logger = logger;
        _running = Task.Run(RunAsync);
    }

    /// <summary>Whether an entry would be taken; where not, one is counted as lost, so that it need not be written.</summary>
    public bool HasRoom(LokiStreams stream)
    {
        if (_queue.HasRoom(stream)) return true;
        Meter.Lose(LokiLoss.Full);
        return false;
    }

    /// <summary>Gives an entry to the queue, or counts it as lost; returns at once.</summary>
    public bool Add(in LokiEntry entry)
    {
        if (_queue.TryAdd(entry, out var waiting))
        {
            if (waiting == 1 || waiting % _settings.BatchPostingLimit == 0) _wakes.Writer.TryWrite(true);
            return true;
        }

        Meter.Lose(LokiLoss.Full);
        return false;
    }

    /// <summary>Sends what is left, and waits for that no longer than its patience.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _stop.Cancel();
        _abort.CancelAfter(_target.StopPatience);
        _running.GetAwaiter().GetResult();
        _client.Dispose();
        _stop.Dispose();
        _abort.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var wait = await TurnAsync(isLast: false, _abort.Token).ConfigureAwait(false);
            if (wait > TimeSpan.Zero) await SleepAsync(wait).ConfigureAwait(false);
        }

        await FlushAsync(_abort.Token).ConfigureAwait(false);
    }

    /// <summary>Sends what is left, as long as Loki takes it; counts the rest.</summary>
    internal async Task FlushAsync(CancellationToken abort)
    {
        _pausedUntil = DateTimeOffset.MinValue;
        while (_queue.Count > 0 && !abort.IsCancellationRequested && await TurnAsync(isLast: true, abort).ConfigureAwait(false) == TimeSpan.Zero)
        {
        }

        Meter.Lose(LokiLoss.Stopped, _queue.Count);
    }

    /// <summary>Sends one part of a batch, where one is due.</summary>
    /// <param name="isLast">Whether not to wait for more entries.</param>
    /// <param name="abort">What is under way is to end.</param>
    /// <returns>How long there is nothing more to do, unless somebody adds something.</returns>
    internal async Task<TimeSpan> TurnAsync(bool isLast, CancellationToken abort)
    {
        var now = _clock.GetUtcNow();
        if (now < _pausedUntil) return _pausedUntil - now;
        if (_parts.Count == 0)
        {
            var wait = WaitAt(now, isLast);
            if (wait > TimeSpan.Zero) return wait;
            _parts.Push(_queue.Take(_settings.BatchPostingLimit, BatchBytes));
        }

        var part = WithoutExpired(_parts.Pop(), now);
        if (part.Length == 0) return TimeSpan.Zero;
        _parts.Push(part);
        _requests++;
        try
        {
            return After(await _client.PushAsync(part, abort).ConfigureAwait(false), part);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            return LongestSleep;
        }
        catch (Exception failure)
        {
            // Whatever it is, the loop must live: nobody else empties the queue.
            return After(DeliveryResult.Unavailable(DeliveryReasons.Failed, failure.GetType().Name), part);
        }
    }

    private TimeSpan After(DeliveryResult result, ReadOnlyMemory<LokiEntry> part)
    {
        Meter.Asked(result.Reason);
        switch (result.Verdict)
        {
            case DeliveryVerdict.Delivered:
                _parts.Pop();
                Meter.Send(part.Span, _clock.GetUtcNow());
                Forget(part);
                Told(isDown: false, "");
                return TimeSpan.Zero;
            case DeliveryVerdict.Never:
                _parts.Pop();
                Refused(part, result.Words);
                return TimeSpan.Zero;
            default:
                Told(isDown: true, result.Words);
                return Pause(result);
        }
    }

    /// <summary>Halves what was refused, or drops it where it cannot be halved any more.</summary>
    private void Refused(ReadOnlyMemory<LokiEntry> part, string words)
    {
        _refusals++;
        if (part.Length > 1 && _refusals < MostRefusals)
        {
            _parts.Push(part[(part.Length / 2)..]);
            _parts.Push(part[..(part.Length / 2)]);
            return;
        }

        Meter.Lose(LokiLoss.Rejected, part.Length);
        Forget(part);
        var now = _clock.GetUtcNow();
        if (_logger is null || now - _refusalToldAt < BetweenRefusals) return;
        _refusalToldAt = now;
        LogRefused(_logger, part.Length, words);
    }

    private void Forget(ReadOnlyMemory<LokiEntry> part)
    {
        _queue.Release(part.Span);
        if (_parts.Count == 0) _refusals = 0;
    }

    private TimeSpan Pause(DeliveryResult result)
    {
        _failures++;
        var wait = BackOff.Wait(_target.Seed + _requests, _failures, _target.FirstDelay, _target.LongestDelay);
        if (result.NotBefore > wait) wait = result.NotBefore.Value;
        if (wait < _target.FirstDelay / 5) wait = _target.FirstDelay / 5;
        _pausedUntil = _clock.GetUtcNow() + wait;
        return wait;
    }

    /// <summary>Says it once when Loki goes, and once when it is back.</summary>
    private void Told(bool isDown, string words)
    {
        if (!isDown) _failures = 0;
        if (_isDown == isDown) return;
        _isDown = isDown;
        if (_logger is null) return;
        if (isDown) LogDown(_logger, _target.Url.Authority, words);
        else LogBack(_logger, _target.Url.Authority, Meter.AllLost);
    }

    /// <summary>What is left of a part once the entries at its front that are too old are given up; they are in the order in which they came.</summary>
    private ReadOnlyMemory<LokiEntry> WithoutExpired(ReadOnlyMemory<LokiEntry> part, DateTimeOffset now)
    {
        var count = 0;
        while (count < part.Length && now - part.Span[count].At > _settings.GiveUpAfter) count++;
        if (count == 0) return part;
        Meter.Lose(LokiLoss.Expired, count);
        Forget(part[..count]);
        return part[count..];
    }

    private TimeSpan WaitAt(DateTimeOffset now, bool isLast)
    {
        var (waiting, since) = _queue.Head;
        if (waiting == 0) return LongestSleep;
        if (isLast || waiting >= _settings.BatchPostingLimit || _queue.Bytes >= BatchBytes) return TimeSpan.Zero;
        var left = since + _settings.Period - now;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left;
    }

    private async Task SleepAsync(TimeSpan wait)
    {
        using var timer = new CancellationTokenSource(wait, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, _stop.Token);
        Task woken = _wakes.Reader.WaitToReadAsync(either.Token).AsTask();
        await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_wakes.Reader.TryRead(out _))
        {
        }
    }

    [LoggerMessage(1, LogLevel.Error, "Loki at {Instance} takes no lines: {Reason}. They wait, up to loki.queue_limit and loki.queue_bytes; standard output has those of the program.")]
    private static partial void LogDown(ILogger logger, string instance, string reason);

    [LoggerMessage(2, LogLevel.Information, "Loki at {Instance} takes lines again; {Lost} were lost since the start.")]
    private static partial void LogBack(ILogger logger, string instance, long lost);

    [LoggerMessage(3, LogLevel.Warning, "Loki refused {Entries} lines for good: {Reason}. Its limits_config names what it takes.")]
    private static partial void LogRefused(ILogger logger, int entries, string reason);
}
