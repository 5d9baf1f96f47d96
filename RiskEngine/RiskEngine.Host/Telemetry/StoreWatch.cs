using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RiskEngine.Core.State;
using RiskEngine.Host.Security;

namespace RiskEngine.Host.Telemetry;

/// <summary>Asks the store now and then how it is, and for keys that were changed elsewhere, so that no scrape or request has to wait for it.</summary>
internal sealed partial class StoreWatch(IRecordStore records, TimeProvider clock, ILogger<StoreWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private volatile StoreStatistics _statistics = new(0, 0, 0, 0, new Dictionary<string, long>());

    public StoreStatistics Statistics => _statistics;

    /// <summary>Gets or sets the keys to read again.</summary>
    public KeyRing? Keys { get; set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                _statistics = await records.StatisticsAsync(stoppingToken);
                if (Keys is { } keys) await keys.RefreshAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogFailed(logger, failure);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1, LogLevel.Warning, "The store did not answer when asked for its size and keys; those known last stay in use.")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
