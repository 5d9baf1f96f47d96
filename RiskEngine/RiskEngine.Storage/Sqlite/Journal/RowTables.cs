namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>Names and statements of the tables of state, by the kind of their rows.</summary>
internal static class RowTables
{
    /// <summary>Gets the kinds whose rows are keyed by 128 bits; names are cells of a sketch.</summary>
    public static IReadOnlyList<StateRowKind> Keyed { get; } = [StateRowKind.Profile, StateRowKind.Reputation, StateRowKind.Pair, StateRowKind.Skeleton];

    public static bool IsKeyed(StateRowKind kind) => kind is StateRowKind.Profile or StateRowKind.Reputation or StateRowKind.Pair or StateRowKind.Skeleton;

    public static string NameOf(StateRowKind kind) => kind switch
    {
        StateRowKind.Profile => "profiles",
        StateRowKind.Reputation => "reputation",
        StateRowKind.Pair => "pairs",
        StateRowKind.Skeleton => "skeletons",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Rows of this kind are not keyed."),
    };

    /// <summary>The column with the low half of the key, by which all but reputation are ordered.</summary>
    public static string LowColumnOf(StateRowKind kind) => kind == StateRowKind.Reputation ? "low" : "id";

    /// <summary>Prepares one statement for each kind, to be looked up by it.</summary>
    public static SqliteStatement?[] Prepare(SqliteDatabase database, Func<StateRowKind, string> sql)
    {
        var statements = new SqliteStatement?[(int)Keyed.Max() + 1];
        foreach (var kind in Keyed) statements[(int)kind] = database.Prepare(sql(kind));
        return statements;
    }
}
