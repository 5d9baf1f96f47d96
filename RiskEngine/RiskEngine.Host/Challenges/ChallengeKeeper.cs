using RiskEngine.Core.State;

namespace RiskEngine.Host.Challenges;

/// <summary>Carries what the <see cref="ChallengeLedger"/> knows and no commit took along to the store: before an answer to a question goes out, once a second, and at the end. Takes up what was open at the start.</summary>
/// <remarks>
/// All who wait share a transaction: one is under way, and one waits for its turn, whatever their number. Where the store cannot be written what changed
/// waits, and is stored once it can. Thread-safe.
/// </remarks>
internal sealed partial class ChallengeKeeper(ChallengeLedger ledger, IChallengeStore store, ChallengeMetrics metrics, TimeProvider clock, ILogger logger) : BackgroundService
{
    /// <summary>For how long an answer waits for its challenge to be stored: a quarter of what authentik waits by default.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Logins go with the commit of their events.</summary>
    private static readonly IReadOnlyDictionary<int, long> NoLogins = new Dictionary<int, long>();

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _gate = new();

    /// <summary>The transaction that has not begun yet; null for none.</summary>
    private Task? _next;
    private bool _isFailing;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            ledger.Restore(await store.ReadOpenAsync(cancellationToken));
        }
        catch (StateStoreException failure)
        {
            LogNotRead(logger, failure.Message);
        }

        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryFlushAsync(cancellationToken);
    }

    /// <summary>Stores what changed, now.</summary>
    /// <exception cref="StateStoreException">It cannot be stored; it waits.</exception>
    public Task FlushAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return (_next ??= Task.Run(StoreAsync, CancellationToken.None)).WaitAsync(cancellationToken);
    }

    /// <summary>Waits until what was asked about is stored; <see cref="Patience"/> at most, since somebody waits for the answer. What takes longer, or fails, is counted and stored later.</summary>
    public async Task StoreAskedAsync()
    {
        try
        {
            await FlushAsync(CancellationToken.None).WaitAsync(Patience, clock);
        }
        catch (TimeoutException)
        {
            metrics.AnsweredBefore(ChallengeMetrics.Slow);
        }
        catch (StateStoreException)
        {
            metrics.AnsweredBefore(ChallengeMetrics.Failed);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _turn.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await TryFlushAsync(stoppingToken);
    }

    /// <summary>The same; what cannot be stored is told once, and waits.</summary>
    public async Task TryFlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(cancellationToken);
            _isFailing = false;
        }
        catch (StateStoreException failure)
        {
            if (!_isFailing) LogNotStored(logger, failure.Message);
            _isFailing = true;
        }
    }

    private async Task StoreAsync()
    {
        await _turn.WaitAsync();
        try
        {
            // Who comes from here on may have brought something that is not taken below.
            lock (_gate) _next = null;
            var challenges = ledger.Unstored();
            if (challenges.Count == 0) return;
            await store.SaveAsync(challenges, NoLogins, CancellationToken.None);
            ledger.Stored(challenges);
        }
        finally
        {
            _turn.Release();
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "What became of challenges cannot be stored, and waits until it can: {Reason}")]
    private static partial void LogNotStored(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Challenges that were open before the start are not known, and are counted as open: {Reason}")]
    private static partial void LogNotRead(ILogger logger, string reason);
}
