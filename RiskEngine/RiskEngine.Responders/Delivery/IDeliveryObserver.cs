using RiskEngine.Core.State;

namespace RiskEngine.Responders.Delivery;

/// <summary>Is told of deliveries: metrics and log lines. Thread-safe, and must not throw.</summary>
public interface IDeliveryObserver
{
    /// <summary>An item was tried.</summary>
    void Tried(string responder, DeliveryResult result, TimeSpan took);

    /// <summary>The target counts as out of order from now on, or no longer does.</summary>
    void TargetChanged(string responder, bool isDown, string words);

    /// <summary>An item was given up.</summary>
    void GivenUp(OutboxItem item, string reason, string words);

    /// <summary>The store failed, so that what was done could not be noted, or nothing be read.</summary>
    void StoreFailed(string responder, string words);

    /// <summary>A responder threw what it should have answered.</summary>
    void Threw(string responder, Exception failure);
}
