using System.Collections.Concurrent;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.ForwardAuth;

/// <summary>When something last happened to a key, for keys it happened to lately.</summary>
/// <remarks>Two halves of bounded size: a full one takes the place of the older, so the oldest are forgotten first. Any number of readers and writers.</remarks>
/// <param name="capacity">What a half takes; as many that came last are remembered at least.</param>
internal sealed class RecentTable(int capacity)
{
    private readonly Lock _turning = new();
    private int _puts;
    private volatile ConcurrentDictionary<UInt128, EventTime> _newer = new();
    private volatile ConcurrentDictionary<UInt128, EventTime> _older = new();

    public void Put(UInt128 key, EventTime at)
    {
        var newer = _newer;
        newer[key] = at;
        if (Interlocked.Increment(ref _puts) <= capacity) return;
        lock (_turning)
        {
            if (!ReferenceEquals(newer, _newer)) return;
            _puts = 0;
            (_older, _newer) = (newer, new ConcurrentDictionary<UInt128, EventTime>());
        }
    }

    public EventTime? Find(UInt128 key) => _newer.TryGetValue(key, out var at) || _older.TryGetValue(key, out at) ? at : null;
}
