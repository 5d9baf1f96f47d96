using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Shared;

/// <summary>Rows that a unit of work changed: what they become, and the version that they were judged by.</summary>
internal sealed class ChangedRows
{
    private readonly List<short> _kinds = [];
    private readonly List<Guid> _keys = [];
    private readonly List<long> _expected = [];
    private readonly List<byte[]> _bodies = [];
    private readonly List<RowKey> _rows = [];

    public int Count => _rows.Count;

    /// <summary>Gets the rows and what they become.</summary>
    public IEnumerable<(RowKey Key, byte[] Body)> All => _rows.Zip(_bodies);

    /// <summary>Gets the columns as arrays, for one command on all of them.</summary>
    public short[] Kinds => [.. _kinds];

    public Guid[] Keys => [.. _keys];

    public long[] Expected => [.. _expected];

    public byte[][] Bodies => [.. _bodies];

    /// <param name="loaded">The row as it was given to the judge.</param>
    public void Add(RowKey key, RowValue loaded, byte[] body)
    {
        _kinds.Add((short)key.Kind);
        _keys.Add(PgKey.Of(key.Key));
        _expected.Add(loaded.Expected);
        _bodies.Add(body);
        _rows.Add(key);
    }

    /// <summary>How many rows of that kind are new.</summary>
    public int Added(StateRowKind kind)
    {
        var added = 0;
        for (var i = 0; i < _rows.Count; i++)
        {
            if (_rows[i].Kind == kind && _expected[i] == 0) added++;
        }

        return added;
    }
}
