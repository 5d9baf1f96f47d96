using RiskEngine.Core.State;

namespace RiskEngine.Responders;

/// <summary>Does what is owed: one way in which decisions reach somebody.</summary>
/// <remarks>
/// Called for several items at once, never for two of one order key. An item may come again after a crash or a failure, so doing it twice must have the
/// effect of doing it once. What cannot be done is an answer, not an exception. Thread-safe.
/// </remarks>
public interface IResponder
{
    /// <summary>Gets the name that items are stored under and metrics show.</summary>
    /// <value>1 to 64 lower-case letters, digits, dashes and dots; unique.</value>
    string Name { get; }

    /// <summary>Does it, within a bounded time.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled; whether it was done is not known.</exception>
    Task<DeliveryResult> DeliverAsync(OutboxItem item, CancellationToken cancellationToken);
}
