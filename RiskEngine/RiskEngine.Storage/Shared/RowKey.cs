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
    /// <summary>The version of a row that a unit of work on its way to PostgreSQL has changed: which number it gets is not known yet.</summary>
    public const long Underway = -1;

    public bool IsThere => !Body.IsEmpty;

    /// <summary>Whether a judge who was given this one judged by what is stored now.</summary>
    /// <param name="stored">The row as it is stored now.</param>
    public bool IsStill(RowValue stored) => Version == Underway ? stored.Body.Equals(Body) : stored.Version == Version;
}
