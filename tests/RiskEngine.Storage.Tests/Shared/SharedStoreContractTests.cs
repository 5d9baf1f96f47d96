using RiskEngine.Core.State;
using RiskEngine.Storage.Tests.Audit;
using RiskEngine.Storage.Tests.Erasure;
using RiskEngine.Testing;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Storage.Tests.Shared;

// The same suites as every store, on real servers of PostgreSQL and Redis.
public sealed class SharedStateStoreTests : StateStoreContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => SharedStores.OpenAsync(Time);
}

public sealed class SharedRecordStoreTests : RecordStoreContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => SharedStores.OpenAsync(Time);
}

public sealed class SharedOutboxTests : OutboxContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => SharedStores.OpenAsync(Time, Capacity);
}

public sealed class SharedAuditTests : AuditContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => SharedStores.OpenAsync(Time);
}

public sealed class SharedErasureTests : ErasureContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => SharedStores.OpenAsync(Time);
}

public sealed class SharedChallengeTests : ChallengeContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => SharedStores.OpenAsync(Time);
}

/// <summary>The state contract with copies on a Redis Cluster of three masters.</summary>
public sealed class RedisClusterStateTests : StateStoreContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => SharedStores.OpenAsync(Time, isCluster: true);
}

/// <summary>The contract of records by way of PgBouncer in transaction mode.</summary>
public sealed class PgBouncerRecordTests : RecordStoreContract
{
    protected override async Task<IStateStore> OpenAsync(int rowsPerTable)
    {
        var settings = await SharedStores.SettingsAsync();
        return await SharedStores.AtAsync(settings with { ConnectionString = await PgBouncer.InFrontOfAsync(settings.ConnectionString) }, Time);
    }
}
