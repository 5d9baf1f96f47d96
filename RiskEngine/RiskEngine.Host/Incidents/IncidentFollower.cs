using RiskEngine.Core.Incidents;
using RiskEngine.Core.State;
using RiskEngine.Storage.Shared;

namespace RiskEngine.Host.Incidents;

/// <summary>Finds incidents among the events of all replicas, by reading what they stored, in the order in which it was stored.</summary>
/// <remarks>
/// So every replica finds the same ones, under the same ids, and a new one finds those of before. It is a second behind, and not for want of room behind whoever
/// judges: what is not read yet lies in the store. Where a subject was erased, by whichever replica, it begins anew, as after a start. Nobody waits for it.
/// </remarks>
internal sealed partial class IncidentFollower : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>After a failure, so that a store in trouble is not asked every second.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly SharedFeed _feed;
    private readonly IncidentWatch _watch;
    private readonly ILogger _logger;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _following;
    private FeedPlace? _place;
    private bool _isFailing;

    private IncidentFollower(SharedFeed feed, IncidentWatch watch, ILogger logger, TimeProvider clock)
    {
        (_feed, _watch, _logger, _clock) = (feed, watch, logger, clock);
        watch.BeginAnew();
        _following = Task.Run(RunAsync);
    }

    /// <summary>Begins to read; to be called before the first event is judged.</summary>
    public static IncidentFollower Begin(SharedFeed feed, IncidentWatch watch, ILogger logger, TimeProvider clock) => new(feed, watch, logger, clock);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                if (await TryReadAsync() is { } wait && wait > TimeSpan.Zero) await Task.Delay(wait, _clock, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The server is stopping.
        }
    }

    /// <summary>Reads on, and says how long to wait then.</summary>
    private async Task<TimeSpan> TryReadAsync()
    {
        try
        {
            var wait = await ReadAsync();
            if (_isFailing) LogBack(_logger);
            _isFailing = false;
            return wait;
        }
        catch (StateStoreException failure)
        {
            if (!_isFailing) LogFailure(_logger, failure.Message);
            _isFailing = true;
            return Pause;
        }
    }

    private async Task<TimeSpan> ReadAsync()
    {
        _place ??= await _feed.BeginAsync(TimeSpan.FromDays(_watch.Settings.LookBackDays), _stop.Token);
        _place = await _feed.ReadAsync(_place.Value, login => _watch.Restore(AssessedEvent.Of(login)), _stop.Token);
        if (_place is not { } place)
        {
            _watch.BeginAnew();
            return TimeSpan.Zero;
        }

        if (!place.IsAtEnd) return TimeSpan.Zero;
        if (!_watch.IsReady)
        {
            _watch.Release();
            LogFound(_logger, _watch.Read(book => book.Open.Count + book.Closed.Count), _feed.Damaged);
        }

        return Interval;
    }

    [LoggerMessage(1, LogLevel.Warning, "Incidents stand still, since the events of the replicas cannot be read. It goes on by itself. {Reason}")]
    private static partial void LogFailure(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Information, "Events of the replicas are read again for incidents; none was missed.")]
    private static partial void LogBack(ILogger logger);

    [LoggerMessage(3, LogLevel.Information, "{Count} incidents of before were found again in the stored assessments of all replicas; {Damaged} damaged events were passed over.")]
    private static partial void LogFound(ILogger logger, int count, long damaged);
}
