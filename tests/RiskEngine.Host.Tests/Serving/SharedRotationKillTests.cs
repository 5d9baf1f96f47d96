using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Shared;
using RiskEngine.Testing.Servers;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Serving;

/// <summary><c>keys rotate-hashes</c> on a shared store, killed without warning: the store has the old secret or the new one, and knows everybody by it.</summary>
/// <remarks><c>RISKENGINE_LONG_TESTS=1</c> runs the long form: 40 kills and 20,000 events in place of 6 and 2,000.</remarks>
public sealed class SharedRotationKillTests(ITestOutputHelper output)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("RISKENGINE_LONG_TESTS") == "1";

    private readonly int _kills = IsLong ? 40 : 6;
    private readonly int _events = IsLong ? 20_000 : 2_000;
    private readonly Random _random = new(20261124);

    [LinuxFact("psql", "redis-server")]
    public async Task A_killed_rotation_leaves_the_old_secret_or_the_new_one_and_loses_nobody()
    {
        using var folder = new TemporaryFolder();
        var connection = await (await PostgreSqlServer.CurrentAsync()).NewDatabaseAsync();
        var config = folder.Write("riskengine.yaml", SharedStoreSection.Of(connection, await RedisServer.CurrentAsync()));
        await HashRotation.FillAsync(folder, _events, _random);
        // The first run reads the program from the disk; the second is what a kill has to be within.
        await HashRotation.RunAsync(kill: null, "--config", config);
        var usual = await HashRotation.RunAsync(kill: null, "--config", config);
        var turned = await CheckAsync(connection);
        Assert.Equal(2, turned.Times);
        for (var kill = 0; kill < _kills; kill++)
        {
            await HashRotation.RunAsync(usual * (0.3 + (0.7 * _random.NextDouble())), "--config", config);
            var now = await CheckAsync(connection);
            Assert.InRange(now.Times, turned.Times, turned.Times + 1);
            Assert.Equal(now.Times > turned.Times, now.Pseudonym != turned.Pseudonym);
            turned = now;
        }

        output.WriteLine($"{_kills} kills within {usual.TotalMilliseconds:0} ms: {turned.Times - 2} after the secret was turned.");
        await HashRotation.RunAsync(kill: null, "--config", config);
        Assert.Equal(turned.Times + 1, (await CheckAsync(connection)).Times);
        await HashRotation.AssertBlocksAsync(folder);
    }

    /// <summary>Opens the store, once PostgreSQL knows that the command is gone, and asserts that everybody is found in it by its secret.</summary>
    /// <returns>How often the secret was turned, as the audit has it, and what a name is hashed to.</returns>
    private async Task<(int Times, string Pseudonym)> CheckAsync(string connection)
    {
        SharedStateStore? opened = null;
        await TestServer.UntilAsync(
            async () =>
            {
                try
                {
                    opened = await SharedStateStore.OpenAsync(new SharedStoreSettings { ConnectionString = connection, Timeout = TimeSpan.FromSeconds(30), MayLead = false, MayPoll = false }, TimeProvider.System, CancellationToken.None);
                    return true;
                }
                catch (StateStoreException refused) when (refused.Message.Contains("is being turned", StringComparison.Ordinal))
                {
                    return false;
                }
            },
            "the end of what the command had begun");
        await using var store = opened!;
        await StoredLogins.AssertOnceAsync(store, [.. Enumerable.Range(0, _events)]);
        var audit = await store.ReadAuditAsync(0, 1000, CancellationToken.None);
        return (audit.Count(record => record.Entry.What == "hash_secret.rotate"), store.Hash.UnknownName("somebody"));
    }
}
