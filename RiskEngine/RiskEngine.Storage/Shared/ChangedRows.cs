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
    public IReadOnlyCollection<(RowKey Key, byte[] Body)> All => [.. _rows.Zip(_bodies)];

    /// <param name="before">The row as it was given to the judge.</param>
    public void Add(RowKey key, RowValue before, byte[] body)
    {
        _rows.Add(key);
        _before.Add(before);
        _bodies.Add(body);
    }

    /// <summary>Adds what was changed to what others made of the same rows since.</summary>
    /// <returns>Whether all of these could be merged. Otherwise the unit of work has to be judged again.</returns>
    public bool TryMerge(JournalRows journal)
    {
        var current = _before.Select(row => row.Version == RowValue.Underway ? default : row).ToArray();
        journal.Find(_rows, current, withUnderway: false);
        for (var i = 0; i < current.Length; i++)
        {
            if (_before[i].IsStill(current[i])) continue;
            if (RowMerge.TryMerge(_rows[i].Kind, current[i].Body.Span, _bodies[i], _before[i].Body.Span) is not { } merged) return false;
            (_bodies[i], _before[i]) = (merged, current[i]);
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
