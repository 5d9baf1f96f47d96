using System.Runtime.CompilerServices;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Brings rows that are not in memory from the disk when they are asked for.</summary>
/// <remarks>
/// Thread-safe. A row read from the disk is taken into memory only if no rows left the journal or were erased meanwhile: otherwise a newer one may have been
/// written and given up in between, and it is read again. Tables that have been in memory as a whole since the start are not looked for on the disk.
/// </remarks>
internal sealed class Pager(StateTables tables, SqliteReaders readers)
{
    private readonly StateTables _tables = tables;
    private readonly bool[] _wereEmpty = new bool[(int)RowTables.Keyed.Max() + 1];

    /// <summary>Notes which tables on the disk are empty, when memory is empty too.</summary>
    public void Start(SqliteReader reader)
    {
        foreach (var kind in RowTables.Keyed) _wereEmpty[(int)kind] = !reader.HasRows(kind);
    }

    /// <summary>Fills the rows of the view that memory did not have.</summary>
    public void Load(StateView view)
    {
        var missing = Incomplete();
        missing.Profiles &= HasMiss(view.Profiles.Rows);
        missing.Reputation &= HasMiss(view.Reputation);
        missing.Pairs &= HasMiss(view.Pairs);
        missing.Skeletons &= HasMiss(view.Skeletons);
        if (!missing.Profiles && !missing.Reputation && !missing.Pairs && !missing.Skeletons) return;
        readers.Read(StoreOperation.Load, (Pager: this, View: view, Missing: missing), static (reader, arguments) =>
        {
            var (pager, view, missing) = arguments;
            // One snapshot for all rows: opening one per row would cost more than reading it.
            var stored = pager._tables.Version;
            reader.BeginSnapshot();
            if (missing.Profiles) pager.LoadProfiles(reader, view.Profiles, ref stored);
            if (missing.Reputation) pager.LoadRows(reader, view.Reputation, StateRowKind.Reputation, pager._tables.Reputation, ref stored);
            if (missing.Pairs) pager.LoadRows(reader, view.Pairs, StateRowKind.Pair, pager._tables.Pairs, ref stored);
            if (missing.Skeletons) pager.LoadRows(reader, view.Skeletons, StateRowKind.Skeleton, pager._tables.Skeletons, ref stored);
            reader.EndSnapshot();
            return true;
        });
    }

    private (bool Profiles, bool Reputation, bool Pairs, bool Skeletons) Incomplete()
    {
        lock (_tables.Gate)
        {
            return (IsIncomplete(StateRowKind.Profile, _tables.Profiles.Evictions),
                IsIncomplete(StateRowKind.Reputation, _tables.Reputation.Evictions),
                IsIncomplete(StateRowKind.Pair, _tables.Pairs.Evictions),
                IsIncomplete(StateRowKind.Skeleton, _tables.Skeletons.Evictions));
        }
    }

    private bool IsIncomplete(StateRowKind kind, long evictions) => !_wereEmpty[(int)kind] || evictions > 0;

    private static bool HasMiss<TRow>(RowSet<TRow> rows)
        where TRow : struct
    {
        for (var slot = 0; slot < rows.Count; slot++)
        {
            if (!rows.IsFound(slot)) return true;
        }

        return false;
    }

    private void LoadProfiles(SqliteReader reader, ProfileSet set, ref long stored)
    {
        for (var slot = 0; slot < set.Count; slot++)
        {
            if (set.Rows.IsFound(slot)) continue;
            var key = set.Rows.Key(slot);
            int length;
            while ((length = AdoptProfile(key, set.Room(slot), reader.ReadProfile(key, set.Room(slot)), stored)) < 0) stored = Renew(reader);
            if (length > 0) set.Rows.MarkFound(slot);
        }
    }

    /// <summary>The length of the profile that holds now, 0 for none, −1 for "read again".</summary>
    private int AdoptProfile(UInt128 key, Span<byte> room, int length, long stored)
    {
        lock (_tables.Gate)
        {
            var newer = _tables.Profiles.Find(key);
            newer.CopyTo(room);
            if (!newer.IsEmpty) return newer.Length;
            if (_tables.Version != stored) return -1;
            if (_tables.IsErasing(key))
            {
                room.Clear();
                return 0;
            }

            if (length > 0) _tables.Profiles.Put(key, room[..length], commit: 0);
            return length;
        }
    }

    private void LoadRows<TRow>(SqliteReader reader, RowSet<TRow> set, StateRowKind kind, BoundedTable<TRow> table, ref long stored)
        where TRow : struct
    {
        for (var slot = 0; slot < set.Count; slot++)
        {
            if (set.IsFound(slot)) continue;
            var found = reader.TryRead(kind, set.Key(slot), out set.Row(slot));
            while (!Adopt(table, set.Key(slot), ref set.Row(slot), ref found, stored))
            {
                stored = Renew(reader);
                found = reader.TryRead(kind, set.Key(slot), out set.Row(slot));
            }

            if (found) set.MarkFound(slot);
        }
    }

    /// <summary>Goes on with a newer snapshot and returns the version of the memory that it is not older than.</summary>
    private long Renew(SqliteReader reader)
    {
        var stored = _tables.Version;
        reader.EndSnapshot();
        reader.BeginSnapshot();
        return stored;
    }

    private bool Adopt<TRow>(BoundedTable<TRow> table, UInt128 key, ref TRow row, ref bool found, long stored)
        where TRow : struct
    {
        lock (_tables.Gate)
        {
            ref var newer = ref table.Find(key);
            if (!Unsafe.IsNullRef(ref newer))
            {
                (row, found) = (newer, true);
                return true;
            }

            if (_tables.Version != stored) return false;
            if (_tables.IsErasing(key)) (row, found) = (default, false);
            if (found) table.Put(key, commit: 0) = row;
            return true;
        }
    }
}
