using System.Runtime.InteropServices;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Facts;

/// <summary>All feeds in one structure: one look-up finds every feed that names an address, each by its longest prefix.</summary>
/// <remarks>
/// Each feed's prefixes become disjoint ranges; the ranges of all feeds are cut along each other, and every piece points to the set of feeds that hold
/// there. There are few different sets (of feed and number of lists), so each is kept once, ready to be copied into <see cref="AddressFacts"/>.
/// The cost of a look-up does not grow with the number of feeds. Immutable and thread-safe.
/// </remarks>
public sealed class FeedSet
{
    /// <summary>The most feeds there can be: their index is a byte.</summary>
    public const int MaximumFeeds = 255;

    private readonly RangeMap _map;
    private readonly List<HitSet> _sets = [new HitSet([], NetworkKinds.None)];
    private readonly Dictionary<uint, HitSet> _systems = [];

    /// <exception cref="ArgumentException">There are more than <see cref="MaximumFeeds"/>.</exception>
    public FeedSet(IReadOnlyList<Feed> feeds)
    {
        if (feeds.Count > MaximumFeeds) throw new ArgumentException($"There can be at most {MaximumFeeds} feeds.", nameof(feeds));
        Feeds = feeds;
        var maps = feeds.Select(feed => Map(feed.Content)).ToArray();
        var interned = new Dictionary<Combination, uint>();
        _map = new RangeMap(
            Combine([.. maps.Select(map => map.Ranges4())], interned),
            Combine([.. maps.Select(map => map.Ranges6())], interned));
        foreach (var group in feeds.SelectMany((feed, index) => feed.Content.AutonomousSystems.Select(asn => (asn, index))).GroupBy(pair => pair.asn, pair => pair.index))
        {
            var lists = new ushort[feeds.Count];
            foreach (var index in group) lists[index] = 1;
            _systems.Add(group.Key, MakeSet(lists));
        }
    }

    /// <summary>Gets the feeds, in the order of their indices.</summary>
    public IReadOnlyList<Feed> Feeds { get; }

    /// <summary>Adds every feed that names the address or its autonomous system.</summary>
    /// <param name="address">A public one.</param>
    /// <param name="facts">Its <see cref="AddressFacts.Asn"/> is already known.</param>
    public void AddTo(in IpAddress address, ref AddressFacts facts)
    {
        var set = _map.Find(address);
        if (set != 0) Add(CollectionsMarshal.AsSpan(_sets)[(int)set], ref facts);
        if (facts.Asn != 0 && _systems.TryGetValue(facts.Asn, out var system)) Add(system, ref facts);
    }

    private static void Add(in HitSet set, ref AddressFacts facts)
    {
        facts.Networks |= set.Networks;
        foreach (ref readonly var hit in set.Hits.AsSpan()) facts.AddFeedHit(hit);
    }

    private static RangeMap Map(FeedContent content)
    {
        var builder = new RangeMapBuilder();
        foreach (var entry in content.Prefixes) builder.Add(entry.Prefix, entry.Lists);
        return builder.Build();
    }

    /// <summary>Sweeps over the starts of all feeds' ranges and notes what set of feeds holds from each on.</summary>
    private ReadOnlySpan<RangeStart<T>> Combine<T>(IEnumerable<RangeStart<T>>[] ranges, Dictionary<Combination, uint> interned)
        where T : struct, IComparable<T>, IEquatable<T>
    {
        var changes = new List<Change<T>>();
        for (var feed = 0; feed < ranges.Length; feed++)
        {
            foreach (var range in ranges[feed]) changes.Add(new Change<T>(range.Start, feed, (ushort)range.Value));
        }

        var sorted = CollectionsMarshal.AsSpan(changes);
        sorted.Sort();
        var starts = new List<RangeStart<T>>(sorted.Length);
        var current = new ushort[ranges.Length];
        for (var i = 0; i < sorted.Length; i++)
        {
            current[sorted[i].Feed] = sorted[i].Lists;
            if (i + 1 < sorted.Length && sorted[i + 1].Start.Equals(sorted[i].Start)) continue;
            var value = Intern(current, interned);
            if ((starts.Count == 0 ? 0 : starts[^1].Value) != value) starts.Add(new RangeStart<T>(sorted[i].Start, value));
        }

        return CollectionsMarshal.AsSpan(starts);
    }

    private uint Intern(ushort[] lists, Dictionary<Combination, uint> interned)
    {
        if (!lists.AsSpan().ContainsAnyExcept((ushort)0)) return 0;
        if (interned.TryGetValue(new Combination(lists), out var known)) return known;
        var copy = lists.ToArray();
        _sets.Add(MakeSet(copy));
        return interned[new Combination(copy)] = (uint)_sets.Count - 1;
    }

    /// <summary>A feed that only names a kind of network and carries no evidence sets the kind and takes no place among the hits.</summary>
    private HitSet MakeSet(ushort[] lists)
    {
        var hits = new List<FeedHit>();
        var networks = NetworkKinds.None;
        for (var i = 0; i < lists.Length; i++)
        {
            if (lists[i] == 0) continue;
            var kind = Feeds[i].Group.Networks();
            networks |= kind;
            if (kind == NetworkKinds.None || Feeds[i].Evidence != 0) hits.Add(new FeedHit((byte)i, Feeds[i].Evidence, lists[i]));
        }

        // The strongest first, so that at most four need to be copied.
        return new HitSet([.. hits.OrderByDescending(hit => MathF.Abs(hit.Evidence)).Take(AddressFacts.MaximumFeedHits)], networks);
    }

    private readonly record struct HitSet(FeedHit[] Hits, NetworkKinds Networks);

    private readonly record struct Change<T>(T Start, int Feed, ushort Lists) : IComparable<Change<T>>
        where T : struct, IComparable<T>
    {
        public int CompareTo(Change<T> other) => Start.CompareTo(other.Start);
    }

    /// <summary>For each feed the number of lists, 0 where it says nothing; equal by content.</summary>
    private readonly struct Combination(ushort[] lists) : IEquatable<Combination>
    {
        private readonly ushort[] _lists = lists;

        public bool Equals(Combination other) => _lists.AsSpan().SequenceEqual(other._lists);

        public override bool Equals(object? obj) => obj is Combination other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.AddBytes(MemoryMarshal.AsBytes(_lists.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
