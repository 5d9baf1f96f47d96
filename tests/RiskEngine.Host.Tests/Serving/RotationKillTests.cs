using RiskEngine.Host.Tests.Api;
using RiskEngine.Storage.Sqlite;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Serving;

/// <summary><c>keys rotate-hashes</c>, killed without warning: the store has the old secret or the new one, and knows everybody by it.</summary>
/// <remarks><c>RISKENGINE_LONG_TESTS=1</c> runs the long form: 60 kills and 20,000 events in place of 10 and 2,000.</remarks>
public sealed class RotationKillTests(ITestOutputHelper output)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("RISKENGINE_LONG_TESTS") == "1";

    private readonly int _kills = IsLong ? 60 : 10;
    private readonly int _events = IsLong ? 20_000 : 2_000;
    private readonly Random _random = new(20261122);

    [LinuxFact]
    public async Task A_killed_rotation_leaves_the_old_secret_or_the_new_one_and_loses_nobody()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("riskengine.db");
        await HashRotation.FillAsync(folder, _events, _random, EraseOneAsync);
        Assert.True(File.Exists(path));
        var usual = await HashRotation.RunAsync(kill: null, "--state", path);
        var turned = await CheckAsync(path);
        Assert.Equal(1, turned);
        for (var kill = 0; kill < _kills; kill++)
        {
            await HashRotation.RunAsync(usual * (0.1 + _random.NextDouble()), "--state", path);
            var now = await CheckAsync(path);
            Assert.InRange(now, turned, turned + 1);
            turned = now;
        }

        output.WriteLine($"{_kills} kills within {usual.TotalMilliseconds:0} ms: {turned - 1} after the secret was turned.");
        await HashRotation.RunAsync(kill: null, "--state", path);
        Assert.Equal(turned + 1, await CheckAsync(path));
        await HashRotation.AssertBlocksAsync(folder);
    }

    /// <summary>Opens the store and asserts that everybody is found in it by its secret, and that who was erased is not.</summary>
    /// <returns>How often the secret was turned, as the audit has it.</returns>
    private async Task<int> CheckAsync(string path)
    {
        await StoredLogins.AssertOnceAsync(path, [.. Enumerable.Range(0, _events)]);
        Assert.Equal([path, path + ".lock"], Directory.GetFiles(Path.GetDirectoryName(path)!, "riskengine.db*").Order());
        Assert.Equal(-1, (await File.ReadAllBytesAsync(path)).AsSpan().IndexOf("leaver-marker"u8));
        var turned = 0;
        using var audit = StoredAudit.Open(path);
        var verdict = audit.Read(null, record => turned += record.Entry.What == "hash_secret.rotate" ? 1 : 0, CancellationToken.None);
        Assert.True(verdict.IsWhole, verdict.Fault);
        return turned;
    }

    /// <summary>Somebody left ten days ago and is erased.</summary>
    private static async Task EraseOneAsync(HttpClient client)
    {
        var leaver = SomeEvent.Login("leaver-1", subject: "leaver-marker");
        leaver["occurred_at"] = DateTimeOffset.UtcNow.AddDays(-10).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        using var sent = await client.PostAsync("/api/v1/events", Json.Body(leaver));
        Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync());
        using var erased = await client.DeleteAsync("/api/v1/subjects/leaver-marker");
        Assert.Equal(1, (await Json.ReadAsync(erased)).GetProperty("removed").GetProperty("events").GetInt32());
    }
}
