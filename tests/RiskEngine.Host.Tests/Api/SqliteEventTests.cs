using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Host.Tests.Api;

/// <summary>The same on the store that keeps events on the disk.</summary>
public sealed class SqliteEventTests : EventTests, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("riskengine-sqlite-");

    public void Dispose() => _folder.Delete(recursive: true);

    protected override Task<RunningServer> StartAsync()
    {
        var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = Path.Combine(_folder.FullName, "events.db") }, TimeProvider.System);
        return RunningServer.StartAsync(store, store);
    }
}
