namespace RiskEngine.Storage.Rotation;

/// <summary>What became of the rows of one table.</summary>
/// <param name="Table">As docs/privacy.md calls it.</param>
/// <param name="Kept">Rows that are found under the new secret.</param>
/// <param name="Lost">Rows, or parts of rows, that nobody can hash anew, because what they were made from is not kept.</param>
public sealed record RotatedTable(string Table, long Kept, long Lost);

/// <summary>What turning the secret of the hashes did, or would do.</summary>
public sealed record RotationReport(IReadOnlyList<RotatedTable> Tables)
{
    public const string Events = "events", Profiles = "profiles", Pairs = "pairs", Looks = "looks", Names = "names", Blocks = "blocks",
        Feedback = "feedback", AuditKeys = "audit keys", Outbox = "outbox", Devices = "devices", Sessions = "sessions", Applications = "applications";

    /// <summary>Gets whether Redis could not be asked, so that copies under old hashes are still there: nobody reads them, and they go with their time.</summary>
    public bool HasCopiesLeft { get; init; }

    public RotatedTable this[string table] => Tables.First(row => row.Table == table);

    /// <summary>The words of the audit.</summary>
    public override string ToString() => string.Join(", ", Tables.Where(table => table.Kept + table.Lost > 0).Select(table => $"{table.Table} {table.Kept} kept {table.Lost} lost"));
}

/// <summary>Counts what becomes of rows, by table in the order of their naming. Not thread-safe.</summary>
internal sealed class RotationCount
{
    private readonly Dictionary<string, (long Kept, long Lost)> _tables = [];
    private readonly List<string> _order = [];

    public void Keep(string table, long rows = 1) => Add(table, rows, 0);

    public void Lose(string table, long rows = 1) => Add(table, 0, rows);

    public RotationReport Report() => new([.. _order.Select(table => new RotatedTable(table, _tables[table].Kept, _tables[table].Lost))]);

    private void Add(string table, long kept, long lost)
    {
        if (!_tables.TryGetValue(table, out var count)) _order.Add(table);
        _tables[table] = (count.Kept + kept, count.Lost + lost);
    }
}
