using Confluent.Kafka;
using RiskEngine.Core.Pipeline;
using RiskEngine.Kafka.Producing;

namespace RiskEngine.Kafka.Consuming;

/// <summary>Reads one topic of login events, at least once.</summary>
/// <remarks>
/// <para>
/// The offset of a record is acknowledged once its effects are durable, in order per partition (<see cref="PartitionLedger"/>); a record that is not understood or
/// cannot be judged is completed like any other once its dead letter is durable. A full pipeline pauses fetching, so back-pressure reaches the brokers as lag. Partitions that
/// are revoked are finished first, for <see cref="ConsumerSettings.DrainTimeout"/>; of what is left then, and of partitions that are lost, nothing is acknowledged and whoever has
/// them next reads it again. Repeats are told by event id.
/// </para>
/// <para>One thread of its own makes every call to the client. A client that breaks off is made anew.</para>
/// </remarks>
public sealed class LoginConsumer
{
    private readonly KafkaConnection _connection;
    private readonly ConsumerSettings _settings;
    private readonly IKafkaObserver _observer;
    private readonly TimeProvider _clock;
    private readonly RecordIntake _intake;
    private readonly PartitionLedger _ledger = new();

    /// <param name="formats">Read values; for this consumer alone.</param>
    /// <param name="judge">Brings a batch into the engine; its task completes once the effects are durable. It may be called again before that, and must not give up by itself.</param>
    public LoginConsumer(
        KafkaConnection connection, ConsumerSettings settings, LoginFormats formats, Func<RecordBatch, CancellationToken, Task> judge, DeadLetterWriter deadLetters,
        IKafkaObserver observer, TimeProvider clock)
    {
        (_connection, _settings, _observer, _clock) = (connection, settings, observer, clock);
        _intake = new RecordIntake(settings, formats, judge, deadLetters, observer);
    }

    /// <summary>Consumes until it is told to stop; then finishes what is in hand, for <see cref="ConsumerSettings.DrainTimeout"/>, and leaves the group.</summary>
    public Task RunAsync(CancellationToken stop)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            Run(stop);
            ended.TrySetResult();
        })
        { IsBackground = true, Name = "kafka-consumer" };
        thread.Start();
        return ended.Task;
    }

    private void Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var session = new ConsumerSession(_connection, _settings, _intake, _ledger, _observer, _clock);
                session.Run(stop);
            }
            catch (KafkaException failure)
            {
                _observer.Failed(KafkaFault.Of(failure.Error));
            }
            catch (InvalidDataException failure)
            {
                _observer.Failed(new KafkaFault(KafkaFault.Credentials, failure.Message));
            }
            catch (Exception failure)
            {
                // Whatever it is: a source that ended here would be missed by nobody.
                _observer.BrokenOff(failure);
            }

            stop.WaitHandle.WaitOne(_settings.RestartPause);
        }
    }
}
