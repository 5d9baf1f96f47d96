using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Sqlite;

/// <summary>What is in memory of the state on the disk, and how the rest of it is found. After a failed write a new one takes its place as a whole.</summary>
/// <remarks>Thread-safe, as its parts are.</remarks>
internal sealed class ResidentState
{
    /// <summary>The number under which rows of the journal are counted after a start; commits are numbered on from here.</summary>
    public const long ReplayedCommit = 1;

    private readonly Pager _pager;
    private readonly byte[] _room = new byte[SubjectProfile.MaxLength];
    private readonly HashSet<UInt128> _names = [];

    private ResidentState(TableCaps caps, SqliteReaders readers)
    {
        Tables = new StateTables(caps);
        _pager = new Pager(Tables, readers);
        Horizon = new HorizonLoader(Tables, readers);
    }

    public StateTables Tables { get; }

    public HorizonLoader Horizon { get; }

    /// <summary>Reads what has to be in memory before the first load: the journal, the sketch of names, the watermark. The rest comes as it is asked for.</summary>
    public static ResidentState Read(TableCaps caps, SqliteReaders readers, SqliteReader reader)
    {
        var state = new ResidentState(caps, readers);
        state.Tables.NoteStored(0);
        state._pager.Start(reader);
        reader.ReadNames(state.Tables);
        reader.ReadJournal(state.Replay);
        state._names.Clear();
        state.Tables.Carry(reader.ReadCarried());
        state.Tables.Watermark = reader.ReadWatermark();
        state.Horizon.Start(reader, state.Tables.Watermark);
        return state;
    }

    /// <summary>Fills the rows of the view, from memory first and then from the disk.</summary>
    public void Load(StateView view)
    {
        var unread = Horizon.UnreadBelow;
        Tables.Load(view);
        _pager.Load(view);
        Horizon.Load(view, unread);
    }

    /// <summary>Takes the rows of one unit of work that no newer one has; they stay until they are in their tables.</summary>
    /// <exception cref="FormatException">The bytes are no such rows.</exception>
    private void Replay(ReadOnlySpan<byte> unit)
    {
        var from = new ByteReader(unit);
        try
        {
            lock (Tables.Gate)
            {
                while (!from.IsAtEnd) Replay(StateRow.Read(ref from));
            }
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new FormatException("The journal of rows is damaged: a row ends too early.", exception);
        }
    }

    private void Replay(StateRow row)
    {
        switch (row.Kind)
        {
            case StateRowKind.Profile: ReplayProfile(row); break;
            case StateRowKind.Reputation: Replay(row, Tables.Reputation); break;
            case StateRowKind.Pair: Replay(row, Tables.Pairs); break;
            case StateRowKind.Name when row.Key < 2 * StateKeys.NameCells && StoredRow.TryRead<NameRow>(row.Body, out var name) && _names.Add(row.Key): Tables.Names.Put(row.Key, name); break;
            case StateRowKind.Skeleton: Replay(row, Tables.Skeletons); break;
            case < StateRowKind.Profile or > StateRowKind.Skeleton: throw new FormatException($"The journal of rows is damaged: no row is of kind {row.Kind}.");
        }
    }

    private static void Replay<TRow>(StateRow row, BoundedTable<TRow> table)
        where TRow : struct
    {
        if (!table.Contains(row.Key) && StoredRow.TryRead<TRow>(row.Body, out var stored)) table.Put(row.Key, ReplayedCommit) = stored;
    }

    private void ReplayProfile(StateRow row)
    {
        if (!Tables.Profiles.Contains(row.Key) && PackedProfile.TryRead(row.Body, _room)) Tables.Profiles.Put(row.Key, _room.AsSpan(0, new SubjectProfile(_room).UsedLength), ReplayedCommit);
    }
}
