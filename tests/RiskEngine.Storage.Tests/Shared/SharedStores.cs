using RiskEngine.Core.State;
using RiskEngine.Storage.Redis;
using RiskEngine.Storage.Shared;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Storage.Tests.Shared;

/// <summary>Opens shared stores on real servers.</summary>
internal static class SharedStores
{
    /// <summary>An empty store on the servers of this test process.</summary>
    public static async Task<IStateStore> OpenAsync(TimeProvider time, int outbox = 50_000, bool isCluster = false) =>
        await AtAsync(await SettingsAsync(outbox, isCluster), time);

    public static Task<SharedStateStore> AtAsync(SharedStoreSettings settings, TimeProvider time) => SharedStateStore.OpenAsync(settings, time, CancellationToken.None);

    /// <summary>Carries everything over and cuts the journal as if it had settled: copies of all its rows are written, and memory gives them up.</summary>
    public static Task CutAsync(SharedStateStore store)
    {
        (store.Carrier.Settling, store.Carrier.Kept) = (TimeSpan.Zero, 0);
        return store.Carrier.CarryAsync();
    }

    /// <summary>Settings of a store that is not there yet.</summary>
    public static async Task<SharedStoreSettings> SettingsAsync(int outbox = 50_000, bool isCluster = false)
    {
        var postgres = await PostgreSqlServer.CurrentAsync();
        IReadOnlyList<string> redis = isCluster ? [.. (await RedisServer.ClusterAsync()).Select(server => server.Endpoint)] : [(await RedisServer.CurrentAsync()).Endpoint];
        return new SharedStoreSettings
        {
            ConnectionString = await postgres.NewDatabaseAsync(),
            OutboxCapacity = outbox,
            // A busy machine of tests is no failing server.
            Redis = new RedisSettings { Endpoints = redis, Timeout = TimeSpan.FromSeconds(5) },
            Timeout = TimeSpan.FromSeconds(30),
        };
    }
}
