using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Shared;

/// <summary>Rows that a unit of work changed: what they become, and what they were judged by. Not thread-safe.</summary>
internal sealed class ChangedRows
{
    private readonly List<RowKey> _rows = [];
    private readonly List<RowValue> _before = [];
    private readonly List<byte[]> _bodies = [];

    public int Count => _rows.Count;

    /// <summary>Gets the rows and what they become.</summary>
    public IEnumerable<(RowKey Key, byte[] Body)> All => _rows.Zip(_bodies);

    /// <summary>Gets the columns as arrays, for one command on all of them.</summary>
    public short[] Kinds => [.. _rows.Select(row => (short)row.Kind)];

    public Guid[] Keys => [.. _rows.Select(row => PgKey.Of(row.Key))];

    public long[] Expected => [.. _before.Select(row => row.Expected)];

    public byte[][] Bodies => [.. _bodies];

    /// <param name="before">The row as it was given to the judge.</param>
    public void Add(RowKey key, RowValue before, byte[] body)
    {
        _rows.Add(key);
        _before.Add(before);
        _bodies.Add(body);
    }

    /// <summary>Adds what was changed to rows that others have changed since.</summary>
    /// <param name="moved">These rows as they are now.</param>
    /// <returns>Whether all of them could be merged. Otherwise the unit of work has to be judged again.</returns>
    public bool TryMerge(IReadOnlyList<(RowKey Key, RowValue Value)> moved)
    {
        if (moved.Count == 0) return true;
        var places = new Dictionary<RowKey, int>(_rows.Count);
        for (var i = 0; i < _rows.Count; i++) places[_rows[i]] = i;
        foreach (var (key, current) in moved)
        {
            var place = places[key];
            if (RowMerge.TryMerge(key.Kind, current.Body.Span, _bodies[place], _before[place].Body.Span) is not { } merged) return false;
            (_bodies[place], _before[place]) = (merged, current);
        }

        return true;
    }

    /// <summary>How many rows of that kind are new.</summary>
    public int Added(StateRowKind kind)
    {
        var added = 0;
        for (var i = 0; i < _rows.Count; i++)
        {
            if (_rows[i].Kind == kind && !_before[i].IsThere) added++;
        }

        return added;
    }
}
