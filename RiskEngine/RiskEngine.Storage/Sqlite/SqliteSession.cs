namespace RiskEngine.Storage.Sqlite;

/// <summary>The writer's connection with all it has prepared. After a failure it is thrown away and another one opened.</summary>
internal sealed class SqliteSession : IDisposable
{
    public SqliteSession(SqliteFile file)
    {
        Database = file.OpenWriter();
        Changes = new ChangeWriter(Database);
        Records = new RecordWriter(Database);
    }

    public SqliteDatabase Database { get; }

    public ChangeWriter Changes { get; }

    public RecordWriter Records { get; }

    public void Begin() => Database.Execute("BEGIN IMMEDIATE");

    /// <summary>Ends the transaction; it is on the disk when this returns.</summary>
    public void Commit() => Database.Execute("COMMIT");

    public void Dispose() => Database.Dispose();
}
