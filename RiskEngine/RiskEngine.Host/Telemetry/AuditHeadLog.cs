using RiskEngine.Core.State;

namespace RiskEngine.Host.Telemetry;

/// <summary>Writes the head of the audit's chain to the log, at the start and every hour.</summary>
/// <remarks>
/// Who keeps the log elsewhere can prove with it that the audit up to there was not changed, also by somebody who can write to the store's file:
/// <c>riskengine export audit --verify --head HASH</c>.
/// </remarks>
internal sealed partial class AuditHeadLog(IRecordStore records, TimeProvider clock, ILogger<AuditHeadLog> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Writes it once, now.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (_, head) = await records.ReadAuditEndsAsync(cancellationToken);
            LogHead(logger, head.Number, head.Hash);
        }
        catch (StateStoreException failure)
        {
            LogFailed(logger, failure.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            await WriteAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1, LogLevel.Information, "The audit ends with record {Number}, head {Hash}.")]
    private static partial void LogHead(ILogger logger, long number, string hash);

    [LoggerMessage(2, LogLevel.Error, "The head of the audit cannot be told: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
