using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Pipeline;

/// <summary>Sizes of the pipeline.</summary>
public sealed record PipelineSettings
{
    /// <summary>Gets the number of submissions that may wait; then submitters wait, up to <see cref="SubmitTimeout"/>.</summary>
    /// <value>1 to 65,536. The default is 256.</value>
    [Range(1, 65_536)]
    public int QueueCapacity { get; init; } = 256;

    /// <summary>Gets the number of events above which waiting submissions are no longer joined into one unit of work.</summary>
    /// <value>1 to 65,536. The default is 1024.</value>
    [Range(1, 65_536)]
    public int BatchSize { get; init; } = 1024;

    /// <summary>Gets the number of batches that may be on their way to durable storage while the next is judged.</summary>
    /// <value>1 to 64. The default is 16: what waits for the disk shares one transaction, and pages that many events touch are written once.</value>
    [Range(1, 64)]
    public int BatchesInFlight { get; init; } = 16;

    /// <summary>Gets how long a submitter waits for its turn, for room in the queue and in it, before it is told that the pipeline is busy and took nothing.</summary>
    /// <value>One second to one hour. The default is ten seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan SubmitTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how long a submitter waits, once its events were taken, until they are durable, before it is told that this is not known.</summary>
    /// <value>One second to one hour. The default is thirty seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan CommitTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the number of evaluations that may run at once; beyond it they answer from lists and blocks alone.</summary>
    /// <value>1 to 10,000. The default is 256.</value>
    [Range(1, 10_000)]
    public int ConcurrentEvaluations { get; init; } = 256;
}
