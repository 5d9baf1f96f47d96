using Confluent.Kafka;
using RiskEngine.Core.Pipeline;

namespace RiskEngine.Kafka.Consuming;

/// <summary>One client of the group from its joining to its leaving: fetches, pauses, acknowledges, gives partitions back.</summary>
/// <remarks>Not thread-safe: one thread runs it, and the client calls back on that thread.</remarks>
internal sealed class ConsumerSession : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100), Gather = TimeSpan.FromMilliseconds(2), LagInterval = TimeSpan.FromSeconds(1);

    private readonly ConsumerSettings _settings;
    private readonly RecordIntake _intake;
    private readonly IKafkaObserver _observer;
    private readonly TimeProvider _clock;
    private readonly PartitionLedger _ledger;
    private readonly Dictionary<int, long> _acknowledged = [];
    private readonly Dictionary<int, long> _begun = [];
    private readonly CancellationTokenSource _abort = new();
    private readonly IConsumer<byte[]?, byte[]?> _client;
    private bool _isPaused;
    private bool _isBreakingOff;
    private bool _isClosed;
    private long _lagTold;

    /// <param name="ledger">That of all sessions: what an earlier one began must not count for this one.</param>
    public ConsumerSession(KafkaConnection connection, ConsumerSettings settings, RecordIntake intake, PartitionLedger ledger, IKafkaObserver observer, TimeProvider clock)
    {
        (_settings, _intake, _ledger, _observer, _clock, _lagTold) = (settings, intake, ledger, observer, clock, clock.GetTimestamp());
        var config = new ConsumerConfig
        {
            GroupId = settings.GroupId,
            GroupInstanceId = settings.GroupInstanceId,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
            SessionTimeoutMs = (int)settings.SessionTimeout.TotalMilliseconds,
            HeartbeatIntervalMs = (int)Math.Max(settings.SessionTimeout.TotalMilliseconds / 10, 100),
            AutoOffsetReset = AutoOffsetReset.Earliest,
            // What is stored is committed now and then, and only what is acknowledged is stored.
            EnableAutoCommit = true,
            AutoCommitIntervalMs = 1000,
            EnableAutoOffsetStore = false,
            AllowAutoCreateTopics = false,
            IsolationLevel = IsolationLevel.ReadCommitted,
            QueuedMaxMessagesKbytes = 32 * 1024,
            FetchWaitMaxMs = 100,
            FetchErrorBackoffMs = 200,
            TopicMetadataRefreshIntervalMs = 60_000,
        };
        connection.Apply(config);
        _client = new ConsumerBuilder<byte[]?, byte[]?>(config)
            .SetErrorHandler((_, error) => _observer.Failed(KafkaFault.Of(error)))
            .SetLogHandler((_, _) => { })
            .SetPartitionsAssignedHandler((_, partitions) => Assigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => Revoked(partitions))
            .SetPartitionsLostHandler((_, partitions) => Lost(partitions))
            .SetOffsetsCommittedHandler((_, committed) => Committed(committed.Error))
            .Build();
    }

    /// <summary>Consumes until it is told to stop, and leaves the group in good order.</summary>
    /// <exception cref="KafkaException">The client cannot go on.</exception>
    public void Run(CancellationToken stop)
    {
        _client.Subscribe(_settings.Topic);
        while (!stop.IsCancellationRequested)
        {
            Acknowledge();
            TellLag();
            if (_ledger.Outstanding >= _settings.MaxInFlight) HoldBack();
            else Fetch();
        }

        // Closing gives the partitions back, which finishes what is in hand.
        Close();
    }

    /// <summary>Ends at once: what is not acknowledged is read again.</summary>
    public void Dispose()
    {
        _abort.Cancel();
        foreach (var partition in _ledger.Partitions.ToArray()) _ledger.Close(partition);
        _intake.Forget();
        _isBreakingOff = true;
        if (!_isClosed) Leave();
        _client.Dispose();
        _abort.Dispose();
    }

    private void Close()
    {
        _isClosed = true;
        _client.Close();
    }

    /// <summary>Without a word the group would wait for us until the session is over.</summary>
    private void Leave()
    {
        try
        {
            Close();
        }
        catch (KafkaException failure)
        {
            _observer.Failed(KafkaFault.Of(failure.Error));
        }
    }

    private void Fetch()
    {
        if (_isPaused && _ledger.Outstanding <= _settings.MaxInFlight / 2) SetPaused(false);
        var record = Next(_intake.HasSome ? Gather : Look);
        if (record is null) _intake.SendOn(_abort.Token);
        else Take(record);
    }

    private void Take(ConsumeResult<byte[]?, byte[]?> record)
    {
        var (partition, offset) = (record.Partition.Value, record.Offset.Value);
        _begun.TryAdd(partition, offset);
        _intake.Take(record, _ledger.Take(partition, offset), _abort.Token);
    }

    /// <summary>Too much is in hand. The pipeline is waited for a little; then fetching pauses, and the group is told that we live.</summary>
    private void HoldBack()
    {
        _intake.SendOn(_abort.Token);
        if (!_isPaused)
        {
            if (_intake.WaitForDone(_settings.Patience)) return;
            SetPaused(true);
        }

        // Partitions that came meanwhile are not paused, and what they give is taken.
        if (Next(Look) is { } record) Take(record);
    }

    private ConsumeResult<byte[]?, byte[]?>? Next(TimeSpan atMost)
    {
        try
        {
            return _client.Consume(atMost);
        }
        catch (ConsumeException failure) when (!failure.Error.IsFatal)
        {
            _observer.Failed(KafkaFault.Of(failure.Error));
            return null;
        }
    }

    private void SetPaused(bool isPaused)
    {
        if (isPaused) _client.Pause(_client.Assignment);
        else _client.Resume(_client.Assignment);
        _isPaused = isPaused;
        _observer.Paused(isPaused);
    }

    /// <summary>Stores, for the next commit, how far each partition is done with.</summary>
    private void Acknowledge()
    {
        _intake.NoteDone(_ledger);
        foreach (var partition in _ledger.Partitions)
        {
            if (!_ledger.TryAdvance(partition, out var next)) continue;
            _acknowledged[partition] = next;
            Store(At(partition, next));
        }
    }

    /// <summary>A partition that was lost a moment ago takes no offset any more, and that is how it has to be.</summary>
    private void Store(TopicPartitionOffset place)
    {
        try
        {
            _client.StoreOffset(place);
        }
        catch (KafkaException failure)
        {
            _observer.Failed(KafkaFault.Of(failure.Error));
        }
    }

    private TopicPartitionOffset At(int partition, long next) => new(_settings.Topic, new Partition(partition), new Offset(next));

    private void Assigned(List<TopicPartition> partitions)
    {
        foreach (var partition in partitions) _ledger.Open(partition.Partition.Value);
        _observer.Rebalanced(Rebalance.Assigned, partitions.Count, _ledger.Partitions.Count);
    }

    private void Revoked(List<TopicPartitionOffset> revoked)
    {
        int[] partitions = [.. revoked.Select(partition => partition.Partition.Value)];
        Drain(partitions);
        List<TopicPartitionOffset> done = [.. partitions.Where(_acknowledged.ContainsKey).Select(partition => At(partition, _acknowledged[partition]))];
        try
        {
            if (done.Count > 0) _client.Commit(done);
        }
        catch (KafkaException failure)
        {
            _observer.Failed(KafkaFault.Of(failure.Error));
        }

        GiveUp(Rebalance.Revoked, partitions);
    }

    private void Lost(List<TopicPartitionOffset> lost) => GiveUp(Rebalance.Lost, [.. lost.Select(partition => partition.Partition.Value)]);

    private void GiveUp(Rebalance kind, int[] partitions)
    {
        foreach (var partition in partitions)
        {
            _ledger.Close(partition);
            _acknowledged.Remove(partition);
            _begun.Remove(partition);
        }

        _observer.Rebalanced(kind, partitions.Length, _ledger.Partitions.Count);
    }

    /// <summary>Waits until nothing of these partitions is in hand, as long as time allows.</summary>
    private void Drain(int[] partitions)
    {
        if (_isBreakingOff) return;
        _intake.SendOn(_abort.Token);
        var started = _clock.GetTimestamp();
        while (true)
        {
            Acknowledge();
            var left = _settings.DrainTimeout - _clock.GetElapsedTime(started);
            if (left <= TimeSpan.Zero || !partitions.Any(partition => _ledger.OutstandingOf(partition) > 0)) return;
            _intake.WaitForDone(left < Look ? left : Look);
        }
    }

    private void Committed(Error error)
    {
        if (error.IsError && error.Code != ErrorCode.Local_NoOffset) _observer.Failed(KafkaFault.Of(error));
    }

    private void TellLag()
    {
        if (_clock.GetElapsedTime(_lagTold) < LagInterval) return;
        _lagTold = _clock.GetTimestamp();
        long lag = 0;
        foreach (var partition in _ledger.Partitions)
        {
            var place = new TopicPartition(_settings.Topic, new Partition(partition));
            var end = _client.GetWatermarkOffsets(place).High;
            if (!_acknowledged.TryGetValue(partition, out var from) && !_begun.TryGetValue(partition, out from)) continue;
            if (end != Offset.Unset) lag += Math.Max(0, end.Value - from);
        }

        _observer.Lagging(lag);
    }
}
