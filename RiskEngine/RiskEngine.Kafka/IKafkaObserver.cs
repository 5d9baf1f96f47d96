using RiskEngine.Core.Events;

namespace RiskEngine.Kafka;

/// <summary>What became of the assignment of partitions.</summary>
public enum Rebalance : byte
{
    /// <summary>Partitions came.</summary>
    Assigned,

    /// <summary>Partitions went in good order: what was in hand was finished first, as far as time allowed.</summary>
    Revoked,

    /// <summary>Partitions went without our being asked: nothing of them is acknowledged any more.</summary>
    Lost,
}

/// <summary>Is told of what happens with Kafka: metrics and log lines. Thread-safe, and must neither block nor throw.</summary>
public interface IKafkaObserver
{
    /// <summary>Something failed; it is tried again by itself.</summary>
    void Failed(KafkaFault fault);

    /// <summary>Partitions came or went.</summary>
    /// <param name="assigned">How many there are now.</param>
    void Rebalanced(Rebalance kind, int partitions, int assigned);

    /// <summary>How many records wait behind what was acknowledged, in the partitions that we have, as of the last fetch of each; one that was never fetched does not count yet.</summary>
    void Lagging(long records);

    /// <summary>Fetching was paused because too much is in hand, or goes on.</summary>
    void Paused(bool isPaused);

    /// <summary>A record was not understood, or could not be judged, and its dead letter is durable.</summary>
    void DeadLettered(int partition, long offset, Defect defect);

    /// <summary>A record came with a header <c>traceparent</c> that is none; it is judged without a trace.</summary>
    void TraceRefused();

    /// <summary>A record was sent; null where it arrived.</summary>
    void Produced(string topic, KafkaFault? fault);

    /// <summary>The consumer broke off and begins anew.</summary>
    void BrokenOff(Exception failure);
}
