using RiskEngine.Host.ForwardAuth;
using RiskEngine.Storage.Shared;

namespace RiskEngine.Host.Challenges;

/// <summary>Once a second tells the other replicas of a shared store what happened here to challenges, and hears what happened there.</summary>
/// <remarks>
/// So a challenge that one replica asked for and another saw passed counts as passed, and a proxy is answered the same by all of them. Bounded: what is to be told beyond
/// <see cref="Waiting"/> notes is dropped and counted, and its person is asked once more. Where the store cannot be asked everything stands as it is, and goes on by itself. Nobody waits for it.
/// </remarks>
internal sealed partial class ChallengeFollower : IAsyncDisposable
{
    private const int Waiting = 32_768;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly SharedChallengeFeed _feed;
    private readonly ChallengeLedger _ledger;
    private readonly ChallengeBook _book;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly NoteQueue _notes;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _following;
    private bool _isFailing;

    private ChallengeFollower(SharedChallengeFeed feed, Func<bool> leads, ChallengeLedger ledger, ChallengeBook book, ChallengeMetrics metrics, TimeProvider clock, ILogger logger)
    {
        (_feed, _ledger, _book, _clock, _logger) = (feed, ledger, book, clock, logger);
        _notes = new NoteQueue(Waiting, metrics.NoteDropped);
        ledger.Share(leads, _notes.Add);
        book.Share(_notes.Add);
        _following = Task.Run(RunAsync);
    }

    /// <summary>Begins; to be called before the first event is judged and the first question answered.</summary>
    /// <param name="leads">Whether this replica ends challenges of replicas that are gone.</param>
    public static ChallengeFollower Begin(
        SharedChallengeFeed feed, Func<bool> leads, ChallengeLedger ledger, ChallengeBook book, ChallengeMetrics metrics, TimeProvider clock, ILogger logger) =>
        new(feed, leads, ledger, book, metrics, clock, logger);

    /// <summary>Ends, and tells what is not told yet.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        await TryAsync(() => WriteAsync(CancellationToken.None));
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await TryAsync(async () =>
                {
                    await WriteAsync(_stop.Token);
                    await ReadAsync(_stop.Token);
                });
                await Task.Delay(Interval, _clock, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The server is stopping.
        }
    }

    private async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
            _isFailing = false;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whatever it is: a follower that ended here would be missed by nobody.
            if (!_isFailing) LogFailure(_logger, failure.Message);
            _isFailing = true;
        }
    }

    /// <summary>Tells what happened here. What could not be told is told the next time.</summary>
    private async Task WriteAsync(CancellationToken cancellation)
    {
        var notes = _notes.Waiting();
        await _feed.WriteAsync(notes, cancellation);
        _notes.Remove(notes.Length);
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        var (challenges, notes) = await _feed.ReadAsync(cancellation);
        _ledger.Take(challenges);
        foreach (var note in notes)
        {
            _book.Take(note);
            _ledger.Take(note);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "What other replicas know of challenges cannot be asked, so who passed elsewhere may be asked once more. It goes on by itself. {Reason}")]
    private static partial void LogFailure(ILogger logger, string reason);
}
