using System.Diagnostics;
using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>What a service manager sees, and what callers lose, when the server is told to stop: nothing that was acknowledged.</summary>
public sealed class StopTests
{
    private const int Many = 100_000;

    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(10);

    [LinuxFact("sh")]
    public async Task Told_to_stop_while_clients_post_it_ends_well_in_time_and_keeps_every_202()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        var posters = new Posters(server, Submission.Cut(Many, new Random(7))) { Goal = 500 };
        var posting = posters.RunAsync();
        await posters.Reached;

        var clock = Stopwatch.StartNew();
        Assert.Equal(0, await server.StopAsync());
        Assert.True(clock.Elapsed < Allowed, $"it took {clock.Elapsed}");
        await posting;
        Assert.Empty(posters.Refusals);
        await using var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = folder.File("riskengine.db") }, TimeProvider.System);
        var stored = await StoredLogins.ReadIdsAsync(store);
        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.Empty(posters.Acknowledged.SelectMany(submission => submission.Numbers).Select(Submission.IdOf).Except(stored));
    }

    [LinuxFact("sh")]
    public async Task A_client_that_listens_to_the_stream_does_not_hold_it_up()
    {
        using var folder = new TemporaryFolder();
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        using var client = server.Client();
        using var stream = await client.GetAsync("/api/v1/stream", HttpCompletionOption.ResponseHeadersRead);
        Assert.True(stream.IsSuccessStatusCode);

        var clock = Stopwatch.StartNew();
        Assert.Equal(0, await server.StopAsync());
        Assert.True(clock.Elapsed < Allowed, $"it took {clock.Elapsed}");
    }
}
