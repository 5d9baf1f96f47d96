using RiskEngine.Testing.Servers;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>What a configuration says of a store that replicas share on real servers; a leader that was killed is waited for two seconds.</summary>
internal static class SharedStoreSection
{
    /// <param name="redis">None where it is null.</param>
    public static string Of(string connection, RedisServer? redis = null) => $$"""
        store: { kind: shared, lease: 2s }
        postgres: { connection_string: "{{connection}}" }
        {{(redis is null ? "" : $"redis: {{ endpoints: [\"{redis.Endpoint}\"] }}")}}
        """;

    /// <summary>The same of a database that is made for it, and the Redis of all tests.</summary>
    public static async Task<string> NewAsync() => Of(await (await PostgreSqlServer.CurrentAsync()).NewDatabaseAsync(), await RedisServer.CurrentAsync());

    /// <summary>Writes a configuration of such a store and nothing else.</summary>
    /// <returns>Its path.</returns>
    public static async Task<string> WriteAsync(TemporaryFolder folder) => folder.Write("riskengine.yaml", await NewAsync());
}
