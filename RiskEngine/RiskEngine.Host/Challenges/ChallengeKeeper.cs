using RiskEngine.Core.State;

namespace RiskEngine.Host.Challenges;

/// <summary>Carries what changed in the <see cref="ChallengeLedger"/> and no commit took along to the store, once a second and at the end, and takes up what was open at the start.</summary>
/// <remarks>Nobody waits for it. Where the store cannot be written what changed waits, and is stored once it can.</remarks>
internal sealed partial class ChallengeKeeper(ChallengeLedger ledger, IChallengeStore store, TimeProvider clock, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Logins go with the commit of their events.</summary>
    private static readonly IReadOnlyDictionary<int, long> NoLogins = new Dictionary<int, long>();

    private readonly SemaphoreSlim _turn = new(1);
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
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var challenges = ledger.Take();
            if (challenges.Count == 0) return;
            try
            {
                await store.SaveAsync(challenges, NoLogins, CancellationToken.None);
            }
            catch
            {
                ledger.PutBack(challenges);
                throw;
            }
        }
        finally
        {
            _turn.Release();
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

    [LoggerMessage(1, LogLevel.Warning, "What became of challenges cannot be stored, and waits until it can: {Reason}")]
    private static partial void LogNotStored(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Challenges that were open before the start are not known, and are counted as open: {Reason}")]
    private static partial void LogNotRead(ILogger logger, string reason);
}
