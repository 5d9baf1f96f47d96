using System.Net;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>An administrator behind a trusted proxy: who and whence in the audit, and no rule locks him out.</summary>
public sealed class OperatorTests
{
    [LinuxFact("sh")]
    public async Task Where_an_administrators_key_was_used_no_rule_blocks_also_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        folder.Write("riskengine.yaml", "policy: { mode: enforce }\nhttp: { trusted_proxies: [127.0.0.1] }\n");
        await using (var server = await ServedProgram.StartAsync(folder.FullName))
        {
            using var client = server.Client();
            client.DefaultRequestHeaders.Add("X-Forwarded-For", "192.0.2.1, 198.51.100.50");
            using (var allowed = await client.PostAsync("/api/v1/allowlist", Json.Body(new { scope = "ip", value = "192.0.2.99", duration = "1h", reason = "a test" })))
                Assert.Equal(HttpStatusCode.Created, allowed.StatusCode);
            Assert.Equal("198.51.100.51", await SprayAsync(client));
            var audit = (await Json.ReadAsync(await client.GetAsync("/api/v1/audit"))).GetProperty("items").EnumerateArray().ToList();
            var added = audit.Single(entry => entry.GetProperty("what").GetString() == "allow.add");
            Assert.Equal(("administrator", "198.51.100.50"), (added.GetProperty("who").GetString(), added.GetProperty("from").GetString()));
            Assert.Equal("198.51.100.50", audit.Single(entry => entry.GetProperty("what").GetString() == "admin.seen").GetProperty("target").GetString());
            Assert.Equal(0, await server.StopAsync());
        }

        await using var again = await ServedProgram.StartAsync(folder.FullName);
        using var local = again.Client();
        Assert.Equal("198.51.100.51", await SprayAsync(local));
    }

    /// <summary>Sprays from the administrator's address and from one beside it, and reads what is blocked.</summary>
    private static async Task<string> SprayAsync(HttpClient client)
    {
        foreach (var address in (string[])["198.51.100.50", "198.51.100.51"])
        {
            using var posted = await client.PostAsync("/api/v1/events", Json.Text(SomeEvent.Spray(address, 60).Replace("\"spray-", $"\"{Guid.NewGuid():N}-", StringComparison.Ordinal), "application/x-ndjson"));
            Assert.Equal(HttpStatusCode.Accepted, posted.StatusCode);
        }

        return (await client.GetStringAsync("/api/v1/blocklist?format=plain")).Trim();
    }
}
