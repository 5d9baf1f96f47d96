namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>Where a row lies among all rows: by table, and in there as SQLite orders it.</summary>
/// <remarks>Numbers are signed in SQLite; reputation is ordered by the high half of its key, the others by the low one.</remarks>
internal readonly record struct RowPosition(StateRowKind Kind, long First, long Second) : IComparable<RowPosition>
{
    public static RowPosition Of(StateRowKind kind, UInt128 key)
    {
        var (high, low) = ((long)(ulong)(key >> 64), (long)(ulong)key);
        return kind == StateRowKind.Reputation ? new RowPosition(kind, high, low) : new RowPosition(kind, low, high);
    }

    public static RowPosition Of(StateRow row) => Of(row.Kind, row.Key);

    public int CompareTo(RowPosition other)
    {
        if (Kind != other.Kind) return Kind < other.Kind ? -1 : 1;
        return First != other.First ? First.CompareTo(other.First) : Second.CompareTo(other.Second);
    }
}
