using System.Runtime.CompilerServices;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Brings rows that are not in memory from the disk when they are asked for.</summary>
/// <remarks>
/// Thread-safe. A row read from the disk is taken into memory only if no rows were carried over or erased meanwhile: otherwise a newer one may have been
/// written and given up in between, and it is read again. Tables that have been in memory as a whole since the start are not looked for on the disk.
/// </remarks>
internal sealed class Pager(StateTables tables, SqliteReaders readers)
{
    private readonly StateTables _tables = tables;
    private bool _profilesWereEmpty;
    private bool _reputationWasEmpty;
    private bool _pairsWereEmpty;

    /// <summary>Notes which tables on the disk are empty, when memory is empty too.</summary>
    public void Start(SqliteReader reader)
    {
        _profilesWereEmpty = IsEmpty(reader, "profiles");
        _reputationWasEmpty = IsEmpty(reader, "reputation");
        _pairsWereEmpty = IsEmpty(reader, "pairs");
    }

    /// <summary>Fills the rows of the view that memory did not have.</summary>
    public void Load(StateView view)
    {
        var (profiles, reputation, pairs) = Incomplete();
        profiles &= HasMiss(view.Profiles.Rows);
        reputation &= HasMiss(view.Reputation);
        pairs &= HasMiss(view.Pairs);
        if (!profiles && !reputation && !pairs) return;
        readers.Read(StoreOperation.Load, (Pager: this, View: view, profiles, reputation, pairs), static (reader, arguments) =>
        {
            // One snapshot for all rows: opening one per row would cost more than reading it.
            var stored = arguments.Pager._tables.Version;
            reader.BeginSnapshot();
            if (arguments.profiles) arguments.Pager.LoadProfiles(reader, arguments.View.Profiles, ref stored);
            if (arguments.reputation) arguments.Pager.LoadReputation(reader, arguments.View.Reputation, ref stored);
            if (arguments.pairs) arguments.Pager.LoadPairs(reader, arguments.View.Pairs, ref stored);
            reader.EndSnapshot();
            return true;
        });
    }

    private (bool Profiles, bool Reputation, bool Pairs) Incomplete()
    {
        lock (_tables.Gate)
        {
            return (!_profilesWereEmpty || _tables.Profiles.Evictions > 0,
                !_reputationWasEmpty || _tables.Reputation.Evictions > 0,
                !_pairsWereEmpty || _tables.Pairs.Evictions > 0);
        }
    }

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

    private void LoadReputation(SqliteReader reader, RowSet<ReputationRow> set, ref long stored)
    {
        for (var slot = 0; slot < set.Count; slot++)
        {
            if (set.IsFound(slot)) continue;
            var found = reader.TryReadReputation(set.Key(slot), out set.Row(slot));
            while (!Adopt(_tables.Reputation, set.Key(slot), ref set.Row(slot), ref found, stored))
            {
                stored = Renew(reader);
                found = reader.TryReadReputation(set.Key(slot), out set.Row(slot));
            }

            if (found) set.MarkFound(slot);
        }
    }

    private void LoadPairs(SqliteReader reader, RowSet<PairRow> set, ref long stored)
    {
        for (var slot = 0; slot < set.Count; slot++)
        {
            if (set.IsFound(slot)) continue;
            var found = reader.TryReadPair(set.Key(slot), out set.Row(slot));
            while (!Adopt(_tables.Pairs, set.Key(slot), ref set.Row(slot), ref found, stored))
            {
                stored = Renew(reader);
                found = reader.TryReadPair(set.Key(slot), out set.Row(slot));
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

    private static bool IsEmpty(SqliteReader reader, string table) => reader.Database.Number($"SELECT EXISTS (SELECT 1 FROM {table})") == 0;
}
