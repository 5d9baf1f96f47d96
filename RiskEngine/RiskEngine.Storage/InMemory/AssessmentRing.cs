using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.InMemory;

/// <summary>The newest events with their assessments, in their stored form; the oldest give way.</summary>
/// <remarks>Thread-safe: one short lock per event written, one per page read. Steady state allocates nothing.</remarks>
internal sealed class AssessmentRing(int capacity)
{
    private const int PageLength = 256 * 1024;

    private readonly Lock _gate = new();
    private readonly StoredEventCodec _codec = new(new TextTable());
    private readonly ByteBuffer _buffer = new();
    private readonly Entry[] _entries = new Entry[capacity];
    private readonly Queue<byte[]> _pages = [];
    private readonly Stack<byte[]> _spare = [];
    private byte[] _page = [];
    private int _pageUsed;
    private long _next;

    public long Count
    {
        get
        {
            lock (_gate) return Math.Min(_next, capacity);
        }
    }

    /// <summary>Keeps the accepted events of the effects.</summary>
    public void Add(Effects effects)
    {
        if (capacity == 0) return;
        for (var i = 0; i < effects.Count; i++)
        {
            if (!StoredEvents.IsKept(effects, i)) continue;
            lock (_gate) Add(effects, i);
        }
    }

    public AssessmentPage Find(AssessmentQuery query)
    {
        List<StoredEvent> found = [];
        var from = StoredEvents.CursorOf(query);
        var left = StoredEvents.LongestSearch;
        lock (_gate)
        {
            for (var number = Math.Min(_next - 1, from - 1); number >= Math.Max(0, _next - capacity); number--)
            {
                if (left-- <= 0) return new AssessmentPage(found, StoredEvents.CursorAt(number + 1));
                ref var entry = ref _entries[number % capacity];
                if (!entry.Matches(query)) continue;
                if (found.Count == query.Limit) return new AssessmentPage(found, StoredEvents.CursorAt(number + 1));
                found.Add(Read(entry));
            }
        }

        return new AssessmentPage(found, null);
    }

    public StoredEvent? Find(UInt128 eventKey)
    {
        lock (_gate)
        {
            for (var number = _next - 1; number >= Math.Max(0, _next - capacity); number--)
            {
                ref var entry = ref _entries[number % capacity];
                if (entry.Key == eventKey) return Read(entry);
            }
        }

        return null;
    }

    /// <summary>Every event that has those bytes in it.</summary>
    public IReadOnlyList<StoredEvent> With(ReadOnlySpan<byte> bytes)
    {
        List<StoredEvent> found = [];
        lock (_gate)
        {
            for (var number = Math.Max(0, _next - capacity); number < _next; number++)
            {
                ref var entry = ref _entries[number % capacity];
                if (entry.Page.AsSpan(entry.Offset, entry.Length).IndexOf(bytes) >= 0) found.Add(Read(entry));
            }
        }

        return found;
    }

    /// <summary>The events of subjects, which are overwritten unless <paramref name="dryRun"/>.</summary>
    public IReadOnlyList<StoredEvent> Erase(IReadOnlyList<UInt128> subjects, bool dryRun)
    {
        List<StoredEvent> found = [];
        lock (_gate)
        {
            for (var number = Math.Max(0, _next - capacity); number < _next; number++)
            {
                ref var entry = ref _entries[number % capacity];
                if (!subjects.Contains(entry.Subject)) continue;
                found.Add(Read(entry));
                if (dryRun) continue;
                var erased = StoredEventCodec.Erased(entry.OccurredAt);
                entry.Page.AsSpan(entry.Offset, entry.Length).Clear();
                erased.CopyTo(entry.Page.AsSpan(entry.Offset));
                (entry.Key, entry.Subject, entry.Address, entry.Judged, entry.Length) = (0, 0, default, false, erased.Length);
            }
        }

        return found;
    }

    private void Add(Effects effects, int index)
    {
        _buffer.Clear();
        _codec.Write(_buffer, effects, index);
        ref var entry = ref _entries[_next % capacity];
        var oldest = entry.Page;
        var keys = effects.View[index];
        entry = new Entry
        {
            Key = effects.View.Events.Key(keys.Event),
            Subject = keys.SubjectKey,
            Address = effects.Batch[index].SourceIp,
            OccurredAt = effects.Batch[index].OccurredAt,
            Level = effects[index].Level,
            Judged = effects[index].Judged,
            Page = PageFor(_buffer.Length),
            Offset = _pageUsed,
            Length = _buffer.Length,
        };
        _buffer.Written.CopyTo(entry.Page.AsSpan(_pageUsed));
        _pageUsed += _buffer.Length;
        _next++;
        if (oldest is not null) FreePagesUpTo(_entries[_next % capacity].Page);
    }

    private byte[] PageFor(int length)
    {
        if (_page.Length - _pageUsed >= length) return _page;
        _page = length <= PageLength && _spare.TryPop(out var spare) ? spare : new byte[Math.Max(PageLength, length)];
        _pages.Enqueue(_page);
        _pageUsed = 0;
        return _page;
    }

    /// <summary>Frees the pages in front of the one that the oldest entry lies in.</summary>
    private void FreePagesUpTo(byte[]? first)
    {
        while (_pages.TryPeek(out var page) && page != first && page != _page)
        {
            if (_pages.Dequeue().Length == PageLength) _spare.Push(page);
        }
    }

    private StoredEvent Read(in Entry entry) => _codec.Read(entry.Page.AsSpan(entry.Offset, entry.Length));

    private struct Entry
    {
        public UInt128 Key;
        public UInt128 Subject;
        public IpAddress Address;
        public EventTime OccurredAt;
        public byte[]? Page;
        public int Offset;
        public int Length;
        public RiskLevel Level;
        public bool Judged;

        public readonly bool Matches(AssessmentQuery query) =>
            (query.Subject is not { } subject || subject == Subject)
            && (query.Address is not { } address || address == Address)
            && (query.MinimumLevel is not { } level || (Judged && Level >= level))
            && (query.Since is not { } since || OccurredAt >= since)
            && (Judged || query.WithUnjudged);
    }
}
