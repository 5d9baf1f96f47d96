using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Sqlite;

public sealed class SqliteStateStoreTests : SqliteStateContract
{
    protected override SqliteStateStore Open(string path, int rowsPerTable) => SomeSqliteStore.At(path, Time, rowsPerTable);
}

/// <summary>The state contract once more with rows carried over at once and a cache so small that nearly every row comes from the disk.</summary>
public sealed class SqlitePagingTests : SqliteStateContract
{
    protected override SqliteStateStore Open(string path, int rowsPerTable) => SomeSqliteStore.At(path, Time, 2, journalLength: 1);
}

/// <summary>The same, with rows that are carried over now and then, while others arrive.</summary>
public sealed class SqliteJournalPagingTests : SqliteStateContract
{
    protected override SqliteStateStore Open(string path, int rowsPerTable) => SomeSqliteStore.At(path, Time, 2, journalLength: 150_000);
}

/// <summary>The state contract with every commit a run of its own, of which eight at a time are carried over, and nearly every row from the disk.</summary>
public sealed class SqliteRunPagingTests : SqliteStateContract
{
    protected override SqliteStateStore Open(string path, int rowsPerTable) => SomeSqliteStore.At(path, Time, 2, journalLength: 1, smallestRun: 1);
}

/// <summary>The same, with runs of several commits that are written while others arrive.</summary>
public sealed class SqliteLongRunPagingTests : SqliteStateContract
{
    protected override SqliteStateStore Open(string path, int rowsPerTable) => SomeSqliteStore.At(path, Time, 2, journalLength: 20_000, smallestRun: 1);
}

public sealed class SqliteRecordStoreTests : RecordStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private int _files;

    public SqliteRecordStoreTests() => Own(_folder);

    protected override Task<IStateStore> OpenAsync(int rowsPerTable) =>
        Task.FromResult<IStateStore>(SomeSqliteStore.At(_folder.File($"{++_files}.db"), Time, rowsPerTable));
}

/// <summary>The state contract on files of its own.</summary>
public abstract class SqliteStateContract : StateStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private int _files;

    protected SqliteStateContract() => Own(_folder);

    protected abstract SqliteStateStore Open(string path, int rowsPerTable);

    protected sealed override Task<IStateStore> OpenAsync(int rowsPerTable) => Task.FromResult<IStateStore>(Open(_folder.File($"{++_files}.db"), rowsPerTable));
}

internal static class SomeSqliteStore
{
    public static SqliteStateStore At(string path, TimeProvider time, int rowsPerTable = 100_000, long journalLength = 64 << 20, long smallestRun = 8 << 20) => SqliteStateStore.Open(
        new SqliteStoreSettings
        {
            Path = path, JournalLength = journalLength, SmallestRun = smallestRun, Caps = new TableCaps { Profiles = rowsPerTable, Reputation = rowsPerTable, Pairs = rowsPerTable },
        },
        time);
}
