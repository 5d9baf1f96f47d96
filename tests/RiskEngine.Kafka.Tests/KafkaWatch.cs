using System.Collections.Concurrent;
using RiskEngine.Core.Events;

namespace RiskEngine.Kafka.Tests;

/// <summary>Notes what it is told.</summary>
internal sealed class KafkaWatch : IKafkaObserver
{
    private int _tracesRefused;

    public ConcurrentQueue<string> Faults { get; } = [];

    /// <summary>Gets what was said of each of them.</summary>
    public ConcurrentQueue<string> Words { get; } = [];

    public ConcurrentQueue<Rebalance> Rebalances { get; } = [];

    public ConcurrentQueue<(int Partition, long Offset, Defect Defect)> Letters { get; } = [];

    public ConcurrentQueue<bool> Pauses { get; } = [];

    public ConcurrentQueue<Exception> Breaks { get; } = [];

    public int TracesRefused => Volatile.Read(ref _tracesRefused);

    public long Lag { get; private set; } = -1;

    public int Assigned { get; private set; }

    public void Failed(KafkaFault fault)
    {
        Words.Enqueue(fault.Words);
        Faults.Enqueue(fault.Reason);
    }

    public void Rebalanced(Rebalance kind, int partitions, int assigned)
    {
        Rebalances.Enqueue(kind);
        Assigned = assigned;
    }

    public void Lagging(long records) => Lag = records;

    public void Paused(bool isPaused) => Pauses.Enqueue(isPaused);

    public void DeadLettered(int partition, long offset, Defect defect) => Letters.Enqueue((partition, offset, defect));

    public void TraceRefused() => Interlocked.Increment(ref _tracesRefused);

    public void Produced(string topic, KafkaFault? fault)
    {
        if (fault is not null) Failed(fault);
    }

    public void BrokenOff(Exception failure) => Breaks.Enqueue(failure);
}

/// <summary>Waits for what has to come to pass.</summary>
internal static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static async Task IsSoAsync(Func<bool> isSo, string what, TimeSpan? patience = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < (patience ?? Patience), $"It did not come to pass that {what}.");
            await Task.Delay(10);
        }
    }
}
