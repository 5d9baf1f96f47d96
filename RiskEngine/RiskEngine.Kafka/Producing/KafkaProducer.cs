using Confluent.Kafka;

namespace RiskEngine.Kafka.Producing;

/// <summary>How hard records are sent. Immutable.</summary>
public sealed record ProducerSettings
{
    /// <summary>Gets how long records wait for others to share a request with.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Gets how batches are compressed: none, gzip, snappy or lz4.</summary>
    public string Compression { get; init; } = "lz4";

    /// <summary>Gets the records that may wait to be sent.</summary>
    public int QueueRecords { get; init; } = 100_000;

    /// <summary>Gets how long a record is tried before it counts as not sent.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Writes records, idempotently and acknowledged by all replicas in sync.</summary>
/// <remarks>
/// A record that was reported as sent is on the brokers once, in order with those of its key; one that was reported as failed may be there all the same. What waits is
/// bounded in number and in time. A client that cannot go on is made anew. Thread-safe.
/// </remarks>
public sealed class KafkaProducer : IDisposable
{
    private readonly Lock _gate = new();
    private readonly KafkaConnection _connection;
    private readonly ProducerSettings _settings;
    private readonly IKafkaObserver _observer;
    private IProducer<byte[]?, byte[]?>? _client;
    private PasswordRenewal? _renewal;
    private volatile bool _isFatal;
    private bool _isDisposed;

    public KafkaProducer(KafkaConnection connection, ProducerSettings settings, IKafkaObserver observer) =>
        (_connection, _settings, _observer) = (connection, settings, observer);

    /// <summary>Hands a record over without waiting.</summary>
    /// <param name="done">Told once what became of it, null for sent, mostly by the client's own thread: must neither block nor throw.</param>
    public void Send(OutgoingRecord record, Action<KafkaFault?> done)
    {
        var message = new Message<byte[]?, byte[]?> { Key = record.Key, Value = record.Value };
        if (record.Headers is { } headers)
        {
            message.Headers = [];
            foreach (var (name, value) in headers) message.Headers.Add(name, value);
        }

        try
        {
            Client().Produce(record.Topic, message, report => Told(record.Topic, report.Error, done));
        }
        catch (ProduceException<byte[]?, byte[]?> failure)
        {
            Told(record.Topic, failure.Error, done);
        }
        catch (KafkaException failure)
        {
            Told(record.Topic, failure.Error, done);
        }
        catch (InvalidDataException failure)
        {
            Told(record.Topic, new KafkaFault(KafkaFault.Credentials, failure.Message), done);
        }
        catch (ObjectDisposedException)
        {
            Told(record.Topic, new KafkaFault(KafkaFault.Other, "the program is stopping"), done);
        }
    }

    /// <summary>Sends a record and waits for what became of it, no longer than <see cref="ProducerSettings.DeliveryTimeout"/> and a little.</summary>
    public Task<KafkaFault?> SendAsync(OutgoingRecord record)
    {
        var done = new TaskCompletionSource<KafkaFault?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Send(record, fault => done.TrySetResult(fault));
        return done.Task;
    }

    /// <summary>Waits for what is on its way, for a little while.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _client?.Flush(_settings.DeliveryTimeout);
            Drop();
        }
    }

    private void Told(string topic, Error error, Action<KafkaFault?> done) => Told(topic, error.Code == ErrorCode.NoError ? null : KafkaFault.Of(error), done);

    private void Told(string topic, KafkaFault? fault, Action<KafkaFault?> done)
    {
        _observer.Produced(topic, fault);
        done(fault);
    }

    private IProducer<byte[]?, byte[]?> Client()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_isFatal)
            {
                Drop();
                _isFatal = false;
            }

            return _client ??= Build();
        }
    }

    private void Drop()
    {
        _renewal?.Dispose();
        _client?.Dispose();
        (_client, _renewal) = (null, null);
    }

    private IProducer<byte[]?, byte[]?> Build()
    {
        var config = new ProducerConfig
        {
            EnableIdempotence = true,
            Acks = Acks.All,
            LingerMs = _settings.Linger.TotalMilliseconds,
            QueueBufferingMaxMessages = _settings.QueueRecords,
            QueueBufferingMaxKbytes = 128 * 1024,
            MessageTimeoutMs = (int)_settings.DeliveryTimeout.TotalMilliseconds,
            RetryBackoffMaxMs = 1000,
        };
        _connection.Apply(config);
        config.Set("compression.type", _settings.Compression);
        var client = new ProducerBuilder<byte[]?, byte[]?>(config)
            .SetErrorHandler((_, error) =>
            {
                if (error.IsFatal) _isFatal = true;
                _observer.Failed(KafkaFault.Of(error));
            })
            .SetLogHandler((_, _) => { })
            .Build();
        _renewal = PasswordRenewal.Of(_connection, client, config, _observer);
        return client;
    }
}
