namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>The runs that count, newest first, for whoever reads.</summary>
/// <remarks>
/// Thread-safe: one thread sets, others read. A list is set after the transaction that made it so; who reads takes the list first and then begins a snapshot,
/// so that the snapshot is never older than the list. A block that is not there any more has been carried over: what the tables have is as new.
/// </remarks>
internal sealed class SortedRuns
{
    private SortedRun[] _current = [];

    public SortedRun[] Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }

    /// <summary>Reads the list of what is durable, newest first.</summary>
    /// <exception cref="FormatException">A directory is damaged.</exception>
    public static SortedRun[] Read(SqliteDatabase database) =>
        [.. database.Query("SELECT number, directory FROM runs ORDER BY number DESC", row => SortedRun.Read(row.Integer(0), row.Blob(1)))];
}
