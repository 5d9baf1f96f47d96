using RiskEngine.Core.Events;

namespace RiskEngine.Core.Pipeline;

/// <summary>Takes events and answers once they are safe: the judge that stores them, or a log from which judges in other processes read.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IEventSink
{
    /// <summary>Hands events over and waits until they are durable. The batch is the sink's until then.</summary>
    /// <param name="source">Label of the source, for metrics; also the name of its cursor.</param>
    /// <param name="cursor">Cursor of the source, stored no earlier than the events; null for none.</param>
    /// <exception cref="EventSinkException">They are not known to be durable; send them again.</exception>
    Task<SubmitResult> SubmitAsync(EventBatch batch, string source, string? cursor, CancellationToken cancellationToken);
}

/// <summary>Events are not known to be durable, with words for the operator. Send them again; what has an id counts once.</summary>
public sealed class EventSinkException(string message) : Exception(message);
