using RiskEngine.Core.State;
using RiskEngine.Host.Security;

namespace RiskEngine.Host.Telemetry;

/// <summary>Asks the store now and then how it is, and for keys that were changed elsewhere, so that no scrape or request has to wait for it.</summary>
internal sealed partial class StoreWatch(IRecordStore records, BlockTable blocks, KeyRing keys, OperatorAddresses? operators, TimeProvider clock, ILogger<StoreWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private volatile StoreStatistics _statistics = new(0, 0, 0, 0, new Dictionary<string, long>());

    private volatile IReadOnlyList<OutboxDepth> _outbox = [];

    public StoreStatistics Statistics => _statistics;

    /// <summary>Gets what responders are owed.</summary>
    public IReadOnlyList<OutboxDepth> Outbox => _outbox;

    /// <summary>Gets the blocks in force.</summary>
    public BlockCounts Blocks { get; } = new(blocks, clock);

    /// <summary>Asks once, now.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        Blocks.Recount();
        _statistics = await records.StatisticsAsync(cancellationToken);
        _outbox = await records.Outbox.DepthsAsync(cancellationToken);
        await keys.RefreshAsync(cancellationToken);
        operators?.Tidy();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RefreshAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogFailed(logger, failure);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The store did not answer when asked for its size and keys; those known last stay in use.")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
