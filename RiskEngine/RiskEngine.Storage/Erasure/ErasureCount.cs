using RiskEngine.Core.State;

namespace RiskEngine.Storage.Erasure;

/// <summary>Counts what went, by table. Not thread-safe.</summary>
internal sealed class ErasureCount
{
    private readonly Dictionary<string, long> _rows = ErasureReport.Tables.ToDictionary(table => table, _ => 0L);

    public void Add(string table, long rows) => _rows[table] += rows;

    public void Add(BlockList list) => Add(list == BlockList.Block ? ErasureReport.Blocks : ErasureReport.AllowList, 1);

    public ErasureReport Report(bool isWiped) => new([], _rows, isWiped);

    public static ErasureReport Ambiguous(IReadOnlyList<string> accounts) => new ErasureCount().Report(isWiped: true) with { Accounts = accounts };

    /// <summary>The words of the audit.</summary>
    public override string ToString() => string.Join(", ", _rows.Where(table => table.Value > 0).Select(table => $"{table.Key} {table.Value}")) is { Length: > 0 } words ? words : "nothing was there";
}
