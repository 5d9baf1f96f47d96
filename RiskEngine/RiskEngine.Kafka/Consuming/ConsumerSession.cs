using Confluent.Kafka;
using RiskEngine.Core.Pipeline;

namespace RiskEngine.Kafka.Consuming;

/// <summary>One client of the group from its joining to its leaving: fetches, pauses, acknowledges, gives partitions back.</summary>
/// <remarks>Not thread-safe: one thread runs it, and the client calls back on that thread.</remarks>
internal sealed class ConsumerSession : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100), Gather = TimeSpan.FromMilliseconds(2), LagInterval = TimeSpan.FromSeconds(1), CommittedPatience = TimeSpan.FromSeconds(5);

    private readonly ConsumerSettings _settings;
    private readonly RecordIntake _intake;
    private readonly IKafkaObserver _observer;
    private readonly TimeProvider _clock;
    private readonly PartitionLedger _ledger;
    private readonly PartitionPlaces _places;
    private readonly CancellationTokenSource _abort = new();
    private readonly IConsumer<byte[]?, byte[]?> _client;
    private readonly PasswordRenewal? _renewal;
    private bool _isPaused;

    /// <summary>Partitions that came while others were paused are not.</summary>
    private bool _hasUnpaused;
    private bool _isBreakingOff;
    private bool _isClosed;
    private long _lagTold;

    /// <param name="ledger">That of all sessions: what an earlier one began must not count for this one.</param>
    public ConsumerSession(KafkaConnection connection, ConsumerSettings settings, RecordIntake intake, PartitionLedger ledger, IKafkaObserver observer, TimeProvider clock)
    {
        (_settings, _intake, _ledger, _observer, _clock, _lagTold) = (settings, intake, ledger, observer, clock, clock.GetTimestamp());
        _places = new PartitionPlaces(settings.Topic, ledger);
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
        _renewal = PasswordRenewal.Of(connection, _client, config, _observer);
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
            if (_places.Outstanding >= _settings.MaxInFlight) HoldBack();
            else Fetch();
        }

        // Closing gives the partitions back, which finishes what is in hand.
        Close();
    }

    /// <summary>Ends at once: what is not acknowledged is read again.</summary>
    public void Dispose()
    {
        _abort.Cancel();
        _places.CloseAll();
        _intake.Forget();
        _isBreakingOff = true;
        if (!_isClosed) Leave();
        _client.Dispose();
        _abort.Dispose();
    }

    private void Close()
    {
        _isClosed = true;
        _renewal?.Dispose();
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
        if (_isPaused && _places.Outstanding <= _settings.MaxInFlight / 2) SetPaused(false);
        var record = Next(_intake.HasSome ? Gather : Look);
        if (record is null) _intake.SendOn(_abort.Token);
        else Take(record);
    }

    private void Take(ConsumeResult<byte[]?, byte[]?> record) => _intake.Take(record, _places.Take(record), _abort.Token);

    /// <summary>Too much is in hand. The pipeline is waited for a little; then fetching pauses, and the group is told that we live.</summary>
    private void HoldBack()
    {
        _intake.SendOn(_abort.Token);
        if (!_isPaused)
        {
            if (_intake.WaitForDone(_settings.Patience)) return;
            SetPaused(true);
        }
        else if (_hasUnpaused)
        {
            SetPaused(true);
        }

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
        (_isPaused, _hasUnpaused) = (isPaused, false);
        _observer.Paused(isPaused);
    }

    /// <summary>Stores, for the next commit, how far each partition is done with.</summary>
    private void Acknowledge()
    {
        _intake.NoteDone(_ledger);
        foreach (var place in _places.Advance()) Store(place);
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

    private void Assigned(List<TopicPartition> partitions)
    {
        _places.Open(partitions.Select(partition => partition.Partition.Value));
        _hasUnpaused = true;
        LookWhere(partitions);
        _observer.Rebalanced(Rebalance.Assigned, partitions.Count, _places.Count);
    }

    private void LookWhere(List<TopicPartition> partitions)
    {
        try
        {
            _places.Begin(_client.Committed(partitions, CommittedPatience));
        }
        catch (KafkaException failure)
        {
            // The lag is known a little later then.
            _observer.Failed(KafkaFault.Of(failure.Error));
        }
    }

    private void Revoked(List<TopicPartitionOffset> revoked)
    {
        int[] partitions = [.. revoked.Select(partition => partition.Partition.Value)];
        Drain(partitions);
        try
        {
            if (_places.Done(partitions) is { Count: > 0 } done) _client.Commit(done);
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
        _places.Close(partitions);
        _observer.Rebalanced(kind, partitions.Length, _places.Count);
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
            if (left <= TimeSpan.Zero || !_places.IsBusy(partitions)) return;
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
        _observer.Lagging(_places.Lag(_client.GetWatermarkOffsets));
    }
}
