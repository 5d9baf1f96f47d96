using System.Diagnostics.Metrics;
using RiskEngine.Host.Security;
using RiskEngine.Storage;

namespace RiskEngine.Host.Telemetry;

/// <summary>What is measured of the store itself, and what is said when it fails.</summary>
internal static partial class StoreMetrics
{
    private static readonly (StoreOperation Operation, string Name)[] Operations =
        [.. Enum.GetValues<StoreOperation>().Select(operation => (operation, operation.ToString().ToLowerInvariant()))];

    private static readonly (StoreTable Table, string Name)[] Tables = [.. Enum.GetValues<StoreTable>().Select(table => (table, table.ToString().ToLowerInvariant()))];

    /// <summary>Counts failures by operation and logs them, ten at once and then two a minute; every series is there from the start.</summary>
    public static void Register(InstrumentSet instruments, StoreMeter meter, ILogger logger)
    {
        instruments.ReadCounter("riskengine_store_errors_total", "Operations of the store that failed; a commit that fails is not acknowledged and comes again.", () => Operations.Select(operation => new Measurement<long>(
            meter.Errors(operation.Operation), new KeyValuePair<string, object?>("store", meter.Store), new KeyValuePair<string, object?>("operation", operation.Name))));
        instruments.ReadCounter("riskengine_rows_expired_total", "Rows removed for their age or number.", () => Tables.Select(table => new Measurement<long>(
            meter.Expired(table.Table), new KeyValuePair<string, object?>("table", table.Name))));
        var store = new KeyValuePair<string, object?>("store", meter.Store);
        instruments.ReadCounter("riskengine_store_conflicts_total", "Units of work that were judged again because another replica was faster; none is lost.", () => [new Measurement<long>(meter.Conflicts, store)]);
        instruments.ReadCounter("riskengine_store_copy_errors_total", "Times that Redis did not answer, or refused; rows are then read from PostgreSQL.", () => [new Measurement<long>(meter.CopyErrors, store)]);
        instruments.Gauge("riskengine_store_journal_bytes", "Memory that rows of the shared journal take up here, most of them not carried over yet into their table by the replica that leads; beyond 512 MiB nothing is stored.", () => [new(meter.Waiting, store)]);
        var flush = instruments.Histogram(
            "riskengine_store_flush_duration_seconds", "Time that one durable transaction took, with every commit that shared it; a commit also waits for its turn.", Buckets.Durations, Tags.Of("store", meter.Store));
        meter.Observed = (operation, elapsed) =>
        {
            if (operation == StoreOperation.Flush) flush.Record(elapsed.TotalSeconds, store);
        };
        // A store that cannot write tries again every second, for hours perhaps; the metric counts each try.
        var lines = new TokenBucket(perSecond: 1.0 / 30, burst: 10, TimeProvider.System);
        meter.Failed = (operation, failure) =>
        {
            if (lines.TryTake(out _)) LogFailure(logger, operation.ToString().ToLowerInvariant(), failure.Message);
        };
        meter.CopyFailed = failure =>
        {
            if (lines.TryTake(out _)) LogWithoutCopies(logger, failure.GetType().Name);
        };
    }

    [LoggerMessage(2, LogLevel.Warning, "Redis does not answer, or refuses ({Reason}): rows are read from PostgreSQL, which takes longer. See redis.endpoints and the log of Redis. Nothing is lost.")]
    private static partial void LogWithoutCopies(ILogger logger, string reason);

    [LoggerMessage(1, LogLevel.Error, "The store failed to {Operation}: {Reason} What was not stored was not acknowledged; its sources send it again.")]
    private static partial void LogFailure(ILogger logger, string operation, string reason);
}
