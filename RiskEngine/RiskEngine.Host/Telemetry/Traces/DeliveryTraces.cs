using System.Diagnostics;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Telemetry.Traces;

/// <summary>Which trace brought the events that something is owed because of, so that its delivery leads there.</summary>
/// <remarks>
/// In memory and of the last <see cref="Capacity"/> that were owed within a recorded trace: the outbox keeps no traces, and what waited through a restart leads nowhere.
/// Noted before the batch is stored, since a delivery may be faster than whoever is told of the batch. Thread-safe.
/// </remarks>
internal sealed class DeliveryTraces
{
    public const int Capacity = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Responder, string Key), ActivityContext> _traces = [];
    private readonly Queue<(string Responder, string Key)> _order = [];

    public void Note(OutboxItem item, ActivityContext trace)
    {
        var key = (item.Responder, item.IdempotencyKey);
        lock (_gate)
        {
            if (!_traces.TryAdd(key, trace)) return;
            _order.Enqueue(key);
            if (_order.Count > Capacity) _traces.Remove(_order.Dequeue());
        }
    }

    /// <summary>The trace that it is owed because of; null where nobody knows.</summary>
    public ActivityContext? Find(OutboxItem item)
    {
        lock (_gate) return _traces.TryGetValue((item.Responder, item.IdempotencyKey), out var trace) ? trace : null;
    }
}
