using System.Collections.Concurrent;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Kafka.Consuming;
using RiskEngine.Kafka.Producing;
using RiskEngine.Storage.InMemory;
using RiskEngine.Testing;

namespace RiskEngine.Kafka.Tests;

/// <summary>A real engine on a store in memory, for one consumer or more.</summary>
internal sealed class Engines : IPipelineObserver, IAsyncDisposable
{
    private readonly InMemoryStateStore _store = new(new InMemoryStoreSettings { Assessments = 1_000_000 }, TimeProvider.System);
    private int _events;
    private int _duplicates;

    public Engines() => Loop = new JudgeLoop(_store, new EngineReference(Some.Engine(_store.Hash)), new PipelineSettings(), [this]);

    public JudgeLoop Loop { get; }

    public FormatContext Formats => new() { Hash = _store.Hash, Clock = TimeProvider.System, SourceName = Topics.Logins };

    /// <summary>Gets how often each event was assessed.</summary>
    public ConcurrentDictionary<string, int> Assessed { get; } = new();

    public int Events => _events;

    public int Duplicates => _duplicates;

    public void Committed(Effects effects, in BatchTiming timing)
    {
        for (var i = 0; i < effects.Count; i++)
        {
            if (effects[i].Outcome == EventOutcome.Duplicate) Interlocked.Increment(ref _duplicates);
            if (effects[i].Outcome != EventOutcome.Accepted) continue;
            Assessed.AddOrUpdate(effects.Batch.String(effects.Batch[i].Id), 1, (_, count) => count + 1);
            Interlocked.Increment(ref _events);
        }
    }

    public void AssertEachOnce(int count)
    {
        Assert.Equal(Enumerable.Range(0, count).Select(Topics.IdOf).Order(StringComparer.Ordinal), Assessed.Keys.Order(StringComparer.Ordinal));
        Assert.All(Assessed.Values, times => Assert.Equal(1, times));
    }

    public async ValueTask DisposeAsync()
    {
        await Loop.DisposeAsync();
        await _store.DisposeAsync();
    }
}

/// <summary>One consumer at work.</summary>
internal sealed class Consuming : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly KafkaProducer _producer;
    private readonly Task _running;

    public Consuming(MockBroker broker, Engines engines, ConsumerSettings? settings = null, Func<RecordBatch, CancellationToken, Task>? judge = null)
        : this(broker.Connection, engines, settings, judge)
    {
    }

    public Consuming(KafkaConnection connection, Engines engines, ConsumerSettings? settings = null, Func<RecordBatch, CancellationToken, Task>? judge = null)
    {
        _producer = new KafkaProducer(connection, new ProducerSettings { DeliveryTimeout = TimeSpan.FromSeconds(2) }, Watch);
        Letters = new DeadLetterWriter(_producer, Topics.DeadLetters, TimeProvider.System);
        var consumer = new LoginConsumer(
            connection, settings ?? Settings, new LoginFormats(new RiskEngineFormat(engines.Formats), new RiskEngineFormat(engines.Formats)),
            judge ?? ((batch, cancellation) => engines.Loop.SubmitAsync(batch.Events, "kafka", null, cancellation)), Letters, Watch, TimeProvider.System);
        _running = consumer.RunAsync(_stop.Token);
    }

    public static ConsumerSettings Settings { get; } = new() { Topic = Topics.Logins, GroupId = Topics.Group, SessionTimeout = TimeSpan.FromSeconds(6) };

    public KafkaWatch Watch { get; } = new();

    public DeadLetterWriter Letters { get; }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _producer.Dispose();
        _stop.Dispose();
    }
}
