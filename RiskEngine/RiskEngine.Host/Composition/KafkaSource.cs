using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Kafka;
using RiskEngine.Kafka.Consuming;

namespace RiskEngine.Host.Composition;

/// <summary>Brings the topic of logins into the judge loop for as long as the process runs. See <see cref="LoginConsumer"/> for what it promises.</summary>
internal sealed partial class KafkaSource(RunningKafka kafka, RunningEngine engine, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1), FirstLook = TimeSpan.FromSeconds(10);

    private readonly SourceSubmitter _submitter = new(KafkaParts.Label, $"Kafka topic {kafka.Settings.Topics.Logins}", engine, logger);

    /// <summary>The source that the settings and roles ask for, or none.</summary>
    public static IEnumerable<KafkaSource> Of(RunningEngine engine, ServeRoles roles, ILoggerFactory loggers) =>
        engine.Kafka is { } kafka && roles.HasFlag(ServeRoles.Engine) ? [new KafkaSource(kafka, engine, loggers.CreateLogger<KafkaSource>())] : [];

    /// <summary>Looks at the topics before anything runs.</summary>
    /// <returns>What is wrong with them; empty where they are in order, and where no broker answers, which is told and waited for.</returns>
    public static IReadOnlyList<string> LookAtTopics(Configuration.KafkaSettings settings, ServeRoles roles, ILogger logger)
    {
        var report = TopicCheck.Look(KafkaParts.ConnectionOf(settings), KafkaParts.ExpectedOf(settings, roles), FirstLook);
        if (report.Unreachable is { } fault) LogUnreachable(logger, fault.Words);
        return report.Faults;
    }

    public Task RunAsync(CancellationToken cancellation)
    {
        var context = engine.Formats with { SourceName = kafka.Settings.Topics.Logins };
        var formats = new LoginFormats(new RiskEngineFormat(context), new RiskEngineFormat(context with { Shared = null }));
        // Records of a partition are judged in their order, also where the store refuses some of them for a while.
        var inOrder = new OrderedSubmitter<RecordBatch>((batch, order, token) => _submitter.TryAsync(batch.Events, order, token), SubmitAsync);
        var consumer = new LoginConsumer(kafka.Connection, KafkaParts.ConsumerOf(kafka.Settings), formats, (batch, token) => JudgeAsync(inOrder, batch, token), kafka.DeadLetters, kafka.Watch, TimeProvider.System);
        LogConsuming(logger, kafka.Settings.Topics.Logins, kafka.Settings.GroupId);
        return consumer.RunAsync(cancellation);
    }

    private Task<SubmitResult> SubmitAsync(RecordBatch batch, CancellationToken cancellation) =>
        _submitter.SubmitAsync(batch.Events, null, cancellation, (position, attempts) => LeaveOutAsync(batch, position, attempts, cancellation));

    private async Task JudgeAsync(OrderedSubmitter<RecordBatch> inOrder, RecordBatch batch, CancellationToken cancellation)
    {
        var mark = kafka.Assessments?.Sent ?? 0;
        var result = await inOrder.SubmitAsync(batch, cancellation);
        if (kafka.Assessments is not { } assessments) return;
        // Repeats were stored before a crash or a rebalance that may have come between the commit and the writing.
        while (result.Duplicates > 0 || !await assessments.ArrivedSinceAsync(mark, cancellation))
        {
            if (await RepeatAsync(assessments, batch.Events, cancellation)) return;
        }
    }

    private async Task<bool> RepeatAsync(Kafka.Producing.AssessmentWriter assessments, EventBatch batch, CancellationToken cancellation)
    {
        try
        {
            await assessments.RepeatAsync(batch, engine.Parts.Records, cancellation);
            return true;
        }
        catch (Core.State.StateStoreException failure)
        {
            LogStore(logger, failure.Message);
            await Task.Delay(Pause, TimeProvider.System, cancellation);
            return false;
        }
    }

    private async Task LeaveOutAsync(RecordBatch batch, SourcePosition position, int attempts, CancellationToken cancellation)
    {
        var letter = batch.LetterFor(position, attempts);
        await kafka.DeadLetters.WriteAsync(letter, cancellation);
        kafka.Watch.DeadLettered(letter.Partition, letter.Offset, letter.Defect);
    }

    [LoggerMessage(1, LogLevel.Information, "Kafka: reading topic {Topic} as a member of the group {Group}.")]
    private static partial void LogConsuming(ILogger logger, string topic, string group);

    [LoggerMessage(2, LogLevel.Warning, "Kafka: assessments that were stored and not yet written wait for the store: {Reason}")]
    private static partial void LogStore(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Error, "Kafka: the topics could not be looked at: {Reason}. Tried again by itself until it works; nothing is lost meanwhile.")]
    private static partial void LogUnreachable(ILogger logger, string reason);
}
