using System.Runtime.InteropServices;
using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Shared;

/// <summary>The rows that a view asks for, in one list, with what was found of them: how a view is filled, and how the store knows at the commit what it had given.</summary>
/// <remarks>Kept by the view as its origin and used again with it. Not thread-safe.</remarks>
internal sealed class LoadedRows
{
    private readonly List<RowKey> _keys = [];
    private RowValue[] _values = [];

    /// <summary>Gets every key that the view asks for, kind by kind one after the other.</summary>
    public IReadOnlyList<RowKey> Keys => _keys;

    /// <summary>Gets what was found, by the same index.</summary>
    public Span<RowValue> Values => _values.AsSpan(0, _keys.Count);

    /// <summary>The indexes of keys of whose rows something is so.</summary>
    public List<int> Where(Func<RowValue, bool> isSo)
    {
        List<int> found = new(_keys.Count);
        for (var i = 0; i < _keys.Count; i++)
        {
            if (isSo(_values[i])) found.Add(i);
        }

        return found;
    }

    /// <summary>Gets or sets the state of the store that repeats were looked for in; null where nobody looked.</summary>
    public PgHead? Head { get; set; }

    /// <summary>Gets or sets the units of work of this replica that were on their way to PostgreSQL then, in their order.</summary>
    public IReadOnlyList<CommitPlan> BuiltOn { get; set; } = [];

    private int Reputation { get; set; }

    private int Pairs { get; set; }

    private int Names { get; set; }

    private int Skeletons { get; set; }

    private int Carried { get; set; }

    /// <summary>Takes the keys of a view; nothing is found yet.</summary>
    public void Ask(StateView view)
    {
        _keys.Clear();
        Head = null;
        BuiltOn = [];
        Add(StateRowKind.Profile, view.Profiles.Rows);
        Reputation = Add(StateRowKind.Reputation, view.Reputation);
        Pairs = Add(StateRowKind.Pair, view.Pairs);
        Names = Add(StateRowKind.Name, view.Names);
        Skeletons = Add(StateRowKind.Skeleton, view.Skeletons);
        Carried = _keys.Count;
        _keys.Add(RowKey.Carried);
        if (_values.Length < _keys.Count) _values = new RowValue[Math.Max(_keys.Count, _values.Length * 2)];
        Values.Clear();
    }

    /// <summary>Puts what was found into the view.</summary>
    public void Fill(StateView view)
    {
        for (var slot = 0; slot < view.Profiles.Count; slot++)
        {
            if (_values[slot].IsThere && PackedProfile.TryRead(_values[slot].Body.Span, view.Profiles.Room(slot))) view.Profiles.Rows.MarkFound(slot);
        }

        Fill(view.Reputation, Reputation);
        Fill(view.Pairs, Pairs);
        Fill(view.Names, Names);
        Fill(view.Skeletons, Skeletons);
        view.Carried.Load(_values[Carried].Body.Span);
    }

    /// <summary>Writes down the rows of the view that were changed.</summary>
    public ChangedRows Changed(StateView view)
    {
        var changed = new ChangedRows();
        Span<byte> packed = new byte[Math.Max(PackedProfile.MaxLength, StoredRow.PackedLength<Core.Models.ReputationRow>())];
        for (var slot = 0; slot < view.Profiles.Count; slot++)
        {
            if (view.Profiles.Rows.IsDirty(slot)) changed.Add(_keys[slot], _values[slot], packed[..PackedProfile.Write(view.Profiles.Used(slot), packed)].ToArray());
        }

        for (var slot = 0; slot < view.Reputation.Count; slot++)
        {
            if (view.Reputation.IsDirty(slot)) changed.Add(_keys[Reputation + slot], _values[Reputation + slot], packed[..StoredRow.Pack(view.Reputation.Row(slot), packed)].ToArray());
        }

        Plain(changed, view.Pairs, Pairs);
        Plain(changed, view.Names, Names);
        Plain(changed, view.Skeletons, Skeletons);
        if (view.Carried.IsDirty) changed.Add(RowKey.Carried, _values[Carried], view.Carried.Value.ToArray());
        return changed;
    }

    private int Add<TRow>(StateRowKind kind, RowSet<TRow> rows)
        where TRow : struct
    {
        var start = _keys.Count;
        for (var slot = 0; slot < rows.Count; slot++) _keys.Add(new RowKey(kind, rows.Key(slot)));
        return start;
    }

    private void Fill<TRow>(RowSet<TRow> rows, int start)
        where TRow : struct
    {
        for (var slot = 0; slot < rows.Count; slot++)
        {
            if (!_values[start + slot].IsThere || !StoredRow.TryRead(_values[start + slot].Body.Span, out TRow row)) continue;
            rows.Row(slot) = row;
            rows.MarkFound(slot);
        }
    }

    private void Plain<TRow>(ChangedRows changed, RowSet<TRow> rows, int start)
        where TRow : struct
    {
        for (var slot = 0; slot < rows.Count; slot++)
        {
            if (rows.IsDirty(slot)) changed.Add(_keys[start + slot], _values[start + slot], MemoryMarshal.AsBytes(new ReadOnlySpan<TRow>(in rows.Row(slot))).ToArray());
        }
    }
}
