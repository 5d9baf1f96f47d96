using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Shared;

/// <summary>Which row of state it is.</summary>
internal readonly record struct RowKey(StateRowKind Kind, UInt128 Key)
{
    /// <summary>What the judge carries from batch to batch, one row like the others.</summary>
    public static RowKey Carried => new(StateRowKind.Carried, 0);
}

/// <summary>A row of state as it is stored. A version of 0 and an empty body is a row that is not there.</summary>
/// <param name="Version">The number of the change that wrote it, see <see cref="PostgreSql.PgHead"/>: rises with every change of the row, also when it went and came again.</param>
internal readonly record struct RowValue(long Version, ReadOnlyMemory<byte> Body)
{
    public bool IsThere => !Body.IsEmpty;

    /// <summary>Gets the version that the table has: none for a row that is not there, whatever a copy says of when it went.</summary>
    public long Expected => IsThere ? Version : 0;
}
