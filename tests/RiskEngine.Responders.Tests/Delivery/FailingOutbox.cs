using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Responders.Tests.Delivery;

/// <summary>An outbox that cannot note anything while a test says so, and counts how often it is asked.</summary>
internal sealed class FailingOutbox(IOutbox inner) : IOutbox
{
    private int _takes;

    public bool Fails { get; set; }

    /// <summary>Gets how often it was asked for items.</summary>
    public int Takes => _takes;

    public OutboxSignals Signals => inner.Signals;

    public long Removals => inner.Removals;

    public ValueTask<OutboxBatch> TakeAsync(OutboxRequest request, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _takes);
        return inner.TakeAsync(request, cancellationToken);
    }

    public ValueTask AddAsync(IReadOnlyList<OutboxItem> items, CancellationToken cancellationToken) => inner.AddAsync(items, cancellationToken);

    public ValueTask CompleteAsync(long id, CancellationToken cancellationToken) => Fails ? throw new StateStoreException("The disk is full.") : inner.CompleteAsync(id, cancellationToken);

    public ValueTask PostponeAsync(long id, EventTime due, string failure, CancellationToken cancellationToken) => inner.PostponeAsync(id, due, failure, cancellationToken);

    public ValueTask KillAsync(long id, string reason, string failure, CancellationToken cancellationToken) => inner.KillAsync(id, reason, failure, cancellationToken);

    public ValueTask<IReadOnlyList<OutboxDepth>> DepthsAsync(CancellationToken cancellationToken) => inner.DepthsAsync(cancellationToken);

    public ValueTask<IReadOnlyList<OutboxItem>> ListAsync(OutboxQuery query, CancellationToken cancellationToken) => inner.ListAsync(query, cancellationToken);

    public ValueTask<bool> ReviveAsync(long id, AuditEntry audit, CancellationToken cancellationToken) => inner.ReviveAsync(id, audit, cancellationToken);

    public ValueTask<bool> DropAsync(long id, AuditEntry audit, CancellationToken cancellationToken) => inner.DropAsync(id, audit, cancellationToken);
}
