using RiskEngine.Core.Events;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.CrowdSec;

/// <summary>Who polls: a key, from an address. Two bouncers that share a key are told apart by their addresses.</summary>
internal readonly record struct Bouncer(string Key, string Address);

/// <summary>How far each bouncer is told of changes.</summary>
/// <remarks>
/// In memory: after a restart, or where a table of 4,096 was full and its oldest gave way, a bouncer has no cursor and is told everything. That is
/// always right and only longer. Thread-safe.
/// </remarks>
internal sealed class BouncerCursors(TimeProvider clock)
{
    public const int Capacity = 4096;

    private static readonly TimeSpan Active = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<Bouncer, LinkedListNode<Cursor>> _cursors = [];
    private readonly LinkedList<Cursor> _byUse = [];

    /// <summary>The change up to which that bouncer has everything; null for nothing.</summary>
    public long? Find(Bouncer bouncer)
    {
        lock (_gate)
        {
            return _cursors.TryGetValue(bouncer, out var node) ? node.Value.Reached : null;
        }
    }

    /// <summary>Notes that an answer was written whole.</summary>
    /// <param name="before">Where it began; null for nothing.</param>
    /// <param name="head">The change up to which it went.</param>
    /// <param name="connection">What it left by: should the bouncer close that before it has read everything, the answer did not count.</param>
    public void Advance(Bouncer bouncer, long? before, long head, ConnectionEnd? connection)
    {
        var cursor = new Cursor(bouncer, before, head, connection, EventTime.From(clock.GetUtcNow()));
        lock (_gate)
        {
            if (_cursors.Remove(bouncer, out var known)) _byUse.Remove(known);
            _cursors[bouncer] = _byUse.AddLast(cursor);
            if (_cursors.Count <= Capacity) return;
            _cursors.Remove(_byUse.First!.Value.Bouncer);
            _byUse.RemoveFirst();
        }
    }

    /// <summary>Bouncers that had an answer within fifteen minutes.</summary>
    public int CountActive()
    {
        var now = EventTime.From(clock.GetUtcNow());
        lock (_gate)
        {
            return _byUse.Count(cursor => now - cursor.At < Active);
        }
    }

    private sealed record Cursor(Bouncer Bouncer, long? Before, long Head, ConnectionEnd? Connection, EventTime At)
    {
        public long? Reached => Connection is { IsUnread: true } ? Before : Head;
    }
}
