using System.Buffers.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Serving;

/// <summary>Events that a webhook told of and that the poll has still to confirm.</summary>
/// <remarks>
/// There only where a poller runs; then the webhook is no source of events but of hints. A hint that two polls, begun after it and read to their end, did
/// not bring is counted and told: authentik's own record does not know the event. Bounded; thread-safe.
/// </remarks>
public sealed class HintLedger
{
    private const int Capacity = 10_000;
    private const int PollsToConfirm = 2;

    private readonly Dictionary<string, int> _pending = [];
    private readonly HintMetrics _metrics;
    private readonly TimeProvider _clock;

    internal HintLedger(InstrumentSet instruments, TimeProvider clock)
    {
        _clock = clock;
        _metrics = new HintMetrics(instruments, () => PendingCount);
    }

    /// <summary>Gets the number of hints that wait.</summary>
    public int PendingCount
    {
        get
        {
            lock (_pending) return _pending.Count;
        }
    }

    /// <summary>Whether a poll could bring the event too: its id is one of authentik's own.</summary>
    internal static bool IsConfirmable(EventBatch batch, in LoginEvent e)
    {
        var id = batch.Text(e.Id);
        return Utf8Parser.TryParse(id, out Guid _, out var used, 'D') && used == id.Length;
    }

    /// <summary>Makes hints of the events that the poll will bring.</summary>
    /// <param name="confirmedHere">Whether the store knows what the poll brought. A collector's does not, and hands no hint on.</param>
    internal void Mark(EventBatch batch, bool confirmedHere = true)
    {
        var now = EventTime.From(_clock.GetUtcNow());
        for (var i = 0; i < batch.Count; i++)
        {
            ref var e = ref batch[i];
            // What is left are failures of unknown names, which are let in by a setting: ConfirmableFormat refuses all others.
            if (!IsConfirmable(batch, e)) continue;
            e.Hint = true;
            if (e.OccurredAt > now) e.OccurredAt = now;
            if (confirmedHere && e.Kind != EventKind.Other) Note(batch.String(e.Id));
        }
    }

    /// <summary>The hints that a poll which begins now can confirm.</summary>
    internal IReadOnlyList<string> BeginPoll()
    {
        lock (_pending) return [.. _pending.Keys];
    }

    /// <summary>Looks what of them the store knows by now.</summary>
    /// <param name="asked">From <see cref="BeginPoll"/>, before a poll that was read to its end.</param>
    /// <returns>Hints that are given up.</returns>
    internal async Task<int> ConfirmAsync(IReadOnlyList<string> asked, IRecordStore records, CancellationToken cancellation)
    {
        var unconfirmed = 0;
        foreach (var id in asked)
        {
            var isKnown = await records.FindEventAsync("default", id, cancellation) is not null;
            lock (_pending)
            {
                if (isKnown || ++_pending[id] >= PollsToConfirm) _pending.Remove(id);
                else continue;
            }

            _metrics.Told(isKnown);
            if (!isKnown) unconfirmed++;
        }

        return unconfirmed;
    }

    private void Note(string id)
    {
        lock (_pending)
        {
            if (_pending.Count < Capacity) _pending.TryAdd(id, 0);
            else if (!_pending.ContainsKey(id)) _metrics.Untracked();
        }
    }
}
