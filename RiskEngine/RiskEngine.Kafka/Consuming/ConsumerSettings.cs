namespace RiskEngine.Kafka.Consuming;

/// <summary>What is consumed and how much of it at once. Immutable.</summary>
public sealed record ConsumerSettings
{
    /// <summary>The most events of one batch: with half as many a commit to PostgreSQL costs an event a tenth more.</summary>
    public const int MostBatchEvents = 2048;

    public required string Topic { get; init; }

    /// <summary>Gets the consumer group: processes with the same name share the partitions.</summary>
    public required string GroupId { get; init; }

    /// <summary>Gets the name of this member, for static membership: partitions wait for it while it restarts. Null for a member without a name.</summary>
    public string? GroupInstanceId { get; init; }

    /// <summary>Gets the records that may be in hand, taken and not acknowledged; beyond it fetching pauses.</summary>
    public int MaxInFlight { get; init; } = 8192;

    /// <summary>Gets the events of one batch.</summary>
    public int BatchEvents { get; init; } = MostBatchEvents;

    /// <summary>Gets the largest record that is read; larger ones become dead letters.</summary>
    public int MaxRecordBytes { get; init; } = 1024 * 1024;

    /// <summary>Gets how long partitions that go are waited for, until what is in hand of them is done.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how long the group waits for a member that says nothing.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Gets how long a full pipeline is waited for before fetching pauses: pausing throws away what was fetched ahead.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Gets the pause before a consumer that broke off begins anew.</summary>
    public TimeSpan RestartPause { get; init; } = TimeSpan.FromSeconds(2);
}
