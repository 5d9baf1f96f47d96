using System.Runtime.CompilerServices;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.InMemory;

/// <summary>Ids of accepted events with the day of their event time; they count until the watermark has left that day behind.</summary>
/// <remarks>
/// <para>
/// An id is known for at least <see cref="IStateStore.Horizon"/> behind the watermark, and for a day more at most. Ids are told apart by 64 bits of their keyed
/// hash: among ten million of them, one new event in two trillion is taken for a repeat, and nobody can choose which.
/// </para>
/// <para>
/// One table by open addressing for all days, so that a new event is looked for in one place, in parts that grow one by one, so that no growth takes long.
/// What lies behind the watermark is left out when its part is full. Not thread-safe: the owner locks.
/// </para>
/// </remarks>
internal sealed class EventIdWindow
{
    private const long MillisecondsPerDay = 86_400_000;

    private const int Parts = 256, FirstLength = 16;

    private readonly Part[] _parts = new Part[Parts];
    private long _oldest;

    /// <summary>The first day, counted from 1970, that is still remembered under that watermark.</summary>
    public static long FirstDay(EventTime watermark) => DayOf(watermark - IStateStore.Horizon);

    public static long DayOf(EventTime time) => time.UnixMilliseconds / MillisecondsPerDay;

    public bool Contains(UInt128 eventKey)
    {
        var hash = Stored((ulong)eventKey);
        ref readonly var part = ref _parts[hash >> 56];
        if (part.Hashes is null) return false;
        var at = part.Find(hash);
        return part.Hashes[at] == hash && part.Days[at] >= _oldest;
    }

    /// <summary>Brings the places near at which ids are looked for: waiting for many at a time takes no longer than for one. The number says nothing.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public ulong Approach(ReadOnlySpan<UInt128> eventKeys)
    {
        var sum = 0UL;
        foreach (var key in eventKeys)
        {
            var hash = Stored((ulong)key);
            if (_parts[hash >> 56].Hashes is { } hashes) sum += hashes[(int)hash & (hashes.Length - 1)];
        }

        return sum;
    }

    public void Add(UInt128 eventKey, EventTime occurredAt) => Add((ulong)eventKey, DayOf(occurredAt));

    public void Add(ulong hash, long day)
    {
        hash = Stored(hash);
        ref var part = ref _parts[hash >> 56];
        if (part.Hashes is null || part.Count * 3 >= part.Hashes.Length * 2) part = part.WithRoom(_oldest);
        part.Put(hash, (ushort)day);
    }

    /// <summary>Forgets the days that lie wholly behind the horizon.</summary>
    public void DropBefore(EventTime watermark) => _oldest = Math.Max(_oldest, FirstDay(watermark));

    /// <summary>Zero means "free", so the hash of zero is kept as one.</summary>
    private static ulong Stored(ulong hash) => hash == 0 ? 1 : hash;

    /// <summary>A part of the table, found by the upper bits of a hash. Days end in 2149, where 16 bits do.</summary>
    private struct Part
    {
        public ulong[] Hashes;
        public ushort[] Days;
        public int Count;

        /// <summary>Where a hash is, or would be put.</summary>
        public readonly int Find(ulong hash)
        {
            var mask = Hashes.Length - 1;
            var at = (int)hash & mask;
            while (Hashes[at] != 0 && Hashes[at] != hash) at = (at + 1) & mask;
            return at;
        }

        /// <summary>Of an id that is there already the later day counts.</summary>
        public void Put(ulong hash, ushort day)
        {
            var at = Find(hash);
            if (Hashes[at] == 0) Count++;
            (Hashes[at], Days[at]) = (hash, Math.Max(Days[at], day));
        }

        /// <summary>The same ids without those of days before, and with room for as many more at least.</summary>
        public readonly Part WithRoom(long oldest)
        {
            var kept = 0;
            for (var at = 0; at < Hashes?.Length; at++) kept += Hashes[at] != 0 && Days[at] >= oldest ? 1 : 0;
            var length = Math.Max(FirstLength, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(kept * 3)));
            var grown = new Part { Hashes = new ulong[length], Days = new ushort[length] };
            for (var at = 0; at < Hashes?.Length; at++)
            {
                if (Hashes[at] != 0 && Days[at] >= oldest) grown.Put(Hashes[at], Days[at]);
            }

            return grown;
        }
    }
}
