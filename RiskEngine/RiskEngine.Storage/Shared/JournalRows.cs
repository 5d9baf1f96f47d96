using RiskEngine.Storage.PostgreSql;

namespace RiskEngine.Storage.Shared;

/// <summary>A row that is in the journal.</summary>
/// <param name="Seen">The day of its change, in days since 1970.</param>
internal readonly record struct JournalRow(RowKey Key, RowValue Value, int Seen);

/// <summary>The newest row of each key that the journal of PostgreSQL has, as every replica holds them in memory.</summary>
/// <remarks>
/// <para>
/// What is here is newer than the table, and than any copy in Redis. A replica takes what others appended whenever it looks at the head, and again under the lock of the head when it
/// commits: then it holds every row that was changed since <see cref="PgHead.Forgotten"/>, and can tell by itself which of them moved.
/// </para>
/// <para>Taking a change twice, or an older one after a newer one, does no harm. Thread-safe.</para>
/// </remarks>
internal sealed class JournalRows
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RowKey, (RowValue Value, int Seen)> _rows = [];
    private readonly Queue<(long Number, RowKey[] Keys)> _units = new();
    private readonly Dictionary<RowKey, byte[]> _underway = [];
    private long _through;
    private long _forgotten;
    private long _bytes;
    private long _appended;

    /// <summary>Gets the change up to which everything was taken: what to ask the journal for begins behind it.</summary>
    public long Through
    {
        get
        {
            lock (_gate) return _through;
        }
    }

    /// <summary>Gets about how many bytes of memory the rows take up.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate) return _bytes;
        }
    }

    /// <summary>Gets how many bytes of rows were appended so far, as far as this replica has seen it: a row counts each time it changes.</summary>
    public long Appended
    {
        get
        {
            lock (_gate) return _appended;
        }
    }

    /// <summary>Takes what the journal has behind <see cref="Through"/>, and gives up what it was cut by.</summary>
    /// <param name="head">Read before or together with the units.</param>
    public void Take(PgHead head, IReadOnlyList<JournalUnit> units)
    {
        lock (_gate)
        {
            foreach (var unit in units) Put(unit.Number, unit.Seen, unit.Rows());
            _through = Math.Max(_through, Math.Max(head.Number, units.Count > 0 ? units[^1].Number : 0));
            Forget(head.Forgotten);
        }
    }

    /// <summary>Gives up what the journal was cut by. Nothing is said of what was appended meanwhile.</summary>
    public void Cut(long forgotten)
    {
        lock (_gate) Forget(forgotten);
    }

    /// <summary>Shows rows to those who load from now on, before they are stored.</summary>
    public void Begin(IReadOnlyCollection<(RowKey Key, byte[] Body)> rows)
    {
        lock (_gate)
        {
            foreach (var (key, body) in rows) _underway[key] = body;
        }
    }

    /// <summary>Shows these rows no longer: they are stored by now, or never will be.</summary>
    /// <param name="rows">As they were at the beginning.</param>
    public void End(IReadOnlyCollection<(RowKey Key, byte[] Body)> rows)
    {
        lock (_gate)
        {
            foreach (var (key, body) in rows)
            {
                if (_underway.TryGetValue(key, out var shown) && ReferenceEquals(shown, body)) _underway.Remove(key);
            }
        }
    }

    /// <summary>Takes a change that this replica made.</summary>
    public void Add(long number, int seen, IReadOnlyCollection<(RowKey Key, byte[] Body)> rows)
    {
        lock (_gate)
        {
            // In the place of what was read of it meanwhile: who was shown these rows knows them by their bodies.
            Put(number, seen, [.. rows.Select(row => (row.Key, new RowValue(number, row.Body)))], isOwn: true);
            if (number == _through + 1) _through = number;
        }
    }

    /// <summary>Puts rows into the places of their keys where they are newer than what is there.</summary>
    /// <param name="withUnderway">Whether those that this replica is about to store count as the newest.</param>
    public void Find(IReadOnlyList<RowKey> keys, Span<RowValue> values, bool withUnderway)
    {
        lock (_gate)
        {
            if (_rows.Count == 0 && _underway.Count == 0) return;
            for (var i = 0; i < keys.Count; i++)
            {
                if (withUnderway && _underway.TryGetValue(keys[i], out var body)) values[i] = new RowValue(RowValue.Underway, body);
                else if (_rows.TryGetValue(keys[i], out var row) && row.Value.Version > values[i].Version) values[i] = row.Value;
            }
        }
    }

    /// <summary>Whether the row was changed on that day or later, and the table may not know it yet.</summary>
    public bool HasSince(RowKey key, int day)
    {
        lock (_gate) return _rows.TryGetValue(key, out var row) && row.Seen >= day;
    }

    /// <summary>Rows that were changed last behind one change and up to another, in the order of their table, and the change up to which everything is known.</summary>
    public (List<JournalRow> Rows, long Through) Between(long after, long upTo)
    {
        List<JournalRow> found = [];
        long through;
        lock (_gate)
        {
            through = _through;
            foreach (var (key, (value, seen)) in _rows)
            {
                if (value.Version > after && value.Version <= upTo) found.Add(new JournalRow(key, value, seen));
            }
        }

        found.Sort((one, other) => (one.Key.Kind, one.Key.Key).CompareTo((other.Key.Kind, other.Key.Key)));
        return (found, through);
    }

    private static int Weight(RowValue value) => value.Body.Length + 120;

    private void Put(long number, int seen, List<(RowKey Key, RowValue Value)> rows, bool isOwn = false)
    {
        if (number <= _forgotten || rows.Count == 0) return;
        foreach (var (key, value) in rows)
        {
            _appended += value.Body.Length;
            if (_rows.TryGetValue(key, out var there))
            {
                if (there.Value.Version > number || (there.Value.Version == number && !isOwn)) continue;
                _bytes -= Weight(there.Value);
            }

            _rows[key] = (value, seen);
            _bytes += Weight(value);
        }

        _units.Enqueue((number, [.. rows.Select(row => row.Key)]));
    }

    private void Forget(long number)
    {
        if (number <= _forgotten) return;
        _forgotten = number;
        while (_units.TryPeek(out var unit) && unit.Number <= number)
        {
            _units.Dequeue();
            foreach (var key in unit.Keys)
            {
                if (!_rows.TryGetValue(key, out var row) || row.Value.Version != unit.Number) continue;
                _rows.Remove(key);
                _bytes -= Weight(row.Value);
            }
        }
    }
}
