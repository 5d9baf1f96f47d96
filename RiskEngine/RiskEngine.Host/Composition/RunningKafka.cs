using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Host.Telemetry;
using RiskEngine.Kafka;
using RiskEngine.Kafka.Producing;

namespace RiskEngine.Host.Composition;

/// <summary>What this process writes to Kafka, and with what. Made before the pipeline, disposed of after it.</summary>
internal sealed class RunningKafka : IDisposable
{
    private RunningKafka(KafkaSettings settings, KafkaWatch watch)
    {
        (Settings, Watch) = (settings, watch);
        Connection = KafkaParts.ConnectionOf(settings);
        Producer = new KafkaProducer(Connection, KafkaParts.ProducerOf(settings), watch);
        DeadLetters = new DeadLetterWriter(Producer, settings.Topics.DeadLetters, TimeProvider.System);
        Assessments = settings.Assessments ? new AssessmentWriter(Producer, settings.Topics.Assessments, TimeProvider.System) : null;
    }

    public KafkaSettings Settings { get; }

    public KafkaConnection Connection { get; }

    public KafkaWatch Watch { get; }

    public KafkaProducer Producer { get; }

    public DeadLetterWriter DeadLetters { get; }

    /// <summary>Gets what writes assessments; null where nothing does.</summary>
    public AssessmentWriter? Assessments { get; }

    /// <summary>What the settings ask for; null where there is no Kafka.</summary>
    public static RunningKafka? Of(RiskEngineSettings settings, EngineTelemetry telemetry) =>
        settings.Kafka.IsOn ? new RunningKafka(settings.Kafka, telemetry.Kafka) : null;

    /// <summary>What a collector submits to: the topic of logins; cursors go to the store.</summary>
    public IEventSink SinkTo(JudgeLoop judge, SourceMetrics sources) => new LoginWriter(
        Producer, Settings.Topics.Logins,
        async (source, cursor, cancellation) => await judge.SubmitAsync(new EventBatch(0), source, cursor, cancellation),
        source => sources.Succeeded(source, TimeProvider.System.GetUtcNow()));

    public void Dispose() => Producer.Dispose();
}
