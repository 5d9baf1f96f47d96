using System.Collections.Concurrent;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.ForwardAuth;

/// <summary>When something last happened to a key, for keys it happened to lately.</summary>
/// <remarks>Two halves of bounded size: a full one takes the place of the older, so the oldest are forgotten first. Any number of readers and writers.</remarks>
/// <param name="capacity">Keys that a half takes, however often each comes; as many that came last are remembered at least.</param>
internal sealed class RecentTable(int capacity)
{
    private readonly Lock _turning = new();
    private int _keys;
    private volatile ConcurrentDictionary<UInt128, EventTime> _newer = new();
    private volatile ConcurrentDictionary<UInt128, EventTime> _older = new();

    public void Put(UInt128 key, EventTime at)
    {
        var newer = _newer;
        if (!newer.TryAdd(key, at))
        {
            newer[key] = at;
            return;
        }

        if (Interlocked.Increment(ref _keys) <= capacity) return;
        lock (_turning)
        {
            if (!ReferenceEquals(newer, _newer)) return;
            _keys = 0;
            (_older, _newer) = (newer, new ConcurrentDictionary<UInt128, EventTime>());
        }
    }

    /// <summary>The same of a word that may be late: what is known and is newer stays.</summary>
    public void PutNewer(UInt128 key, EventTime at)
    {
        if (!(Find(key) >= at)) Put(key, at);
    }

    public EventTime? Find(UInt128 key) => _newer.TryGetValue(key, out var at) || _older.TryGetValue(key, out at) ? at : null;
}
