using System.Text.Json;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Challenges;

/// <summary>The built program is killed the moment that it has answered a question by a challenge.</summary>
public sealed class KilledChallengeTests : IDisposable
{
    private const string Policy = """
        policy:
          mode: enforce
          file: policy.yaml
        """;

    private const string Rules = """
        mode: enforce
        rules:
          - { name: challenge-carol, when: { subject: ['3'] }, then: challenge }
        """;

    private readonly TemporaryFolder _folder = new();

    public KilledChallengeTests()
    {
        File.WriteAllText(_folder.File("riskengine.yaml"), Policy);
        File.WriteAllText(_folder.File("policy.yaml"), Rules);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_challenge_that_was_answered_is_there_after_a_kill_and_its_login_passes_it()
    {
        for (var round = 1; round <= 3; round++)
        {
            await using var server = await ServedProgram.StartAsync(_folder.FullName);
            using var admin = server.Client();
            Assert.Equal("challenge", await AskAsync(admin, $"r{round}"));
            await server.KillAsync();
        }

        await using var last = await ServedProgram.StartAsync(_folder.FullName);
        using var client = last.Client();
        Assert.Equal((3, 3, 0), await CountAsync(client));
        var login = Login("in", "login", "r2");
        login["mfa"] = new[] { "totp" };
        using (var taken = await client.PostAsync("/api/v1/events", Json.Body(login))) Assert.True(taken.IsSuccessStatusCode);
        Assert.Equal((3, 2, 1), await CountAsync(client));
    }

    private static async Task<string?> AskAsync(HttpClient admin, string request)
    {
        using var answer = await admin.PostAsync("/api/v1/evaluate", Json.Body(Login(null, "login_attempt", request)));
        return (await Json.ReadAsync(answer)).GetProperty("decision").GetString();
    }

    /// <summary>From another address each time, so that the requests are all that joins.</summary>
    private static Dictionary<string, object?> Login(string? id, string kind, string request)
    {
        var login = SomeEvent.Login(id, kind, $"81.2.69.{request[1..]}", "3");
        login["request_id"] = request;
        return login;
    }

    private static async Task<(int Issued, int Open, int Passed)> CountAsync(HttpClient admin)
    {
        var report = JsonDocument.Parse(await admin.GetStringAsync("/api/v1/challenges")).RootElement;
        return (report.GetProperty("issued").GetInt32(), report.GetProperty("open").GetInt32(), report.GetProperty("passed").GetInt32());
    }
}
