using RiskEngine.Core.State;

namespace RiskEngine.Responders.Delivery;

/// <summary>Stands in for a responder, tells what that would be asked to do, and does nothing.</summary>
/// <param name="tell">Told of each item.</param>
public sealed class DryRunResponder(string name, Action<OutboxItem> tell) : IResponder
{
    public string Name => name;

    public Task<DeliveryResult> DeliverAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        tell(item);
        return Task.FromResult(DeliveryResult.DryRun);
    }
}
