using System.Text;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>Looks for ids of sessions, names that do not exist, and secrets beside them, in everything that a run leaves behind: file, log, answers, output.</summary>
public sealed class KeptTextTests : IDisposable
{
    private const string Session = "SESSION-marker-5f1e", Unknown = "UNKNOWN-marker-77ab", Secret = "SECRET-marker-c0de";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_of_it_is_stored_logged_or_told_by_a_server()
    {
        await using var server = await ServedProgram.StartAsync(_folder.FullName);
        using var client = server.Client();
        var login = SomeEvent.Login("kept");
        (login["session_id"], login["request_id"]) = (Session, "r1");
        var guess = SomeEvent.Login("guess", "login_failed", "203.0.113.7");
        (guess["subject"], guess["reason"], guess["session_id"]) = (new { name = Unknown }, "unknown_user", Session);
        var webhook = $"{{\"pk\":\"{Guid.NewGuid()}\",\"action\":\"login_failed\",\"created\":\"{DateTimeOffset.UtcNow:O}\",\"client_ip\":\"203.0.113.8\",\"user\":{{}},\"context\":{{\"username\":\"{Unknown}\",\"password\":\"{Secret}\",\"http_request\":{{\"args\":{{\"token\":\"{Secret}\"}}}}}}}}";
        List<string> answers = [];
        foreach (var (path, body, succeeds) in new[]
        {
            ("/api/v1/events", Json.Body(new[] { login, guess }), true), ("/api/v1/events/authentik", Json.Text(webhook), true),
            ("/api/v1/evaluate", Json.Body(guess), true), ("/api/v1/events", Json.Text($"{{\"kind\":\"login\",\"session_id\":\"{Session}\",\"subject\":{{\"name\":\"{Unknown}"), false),
            ("/api/v1/events", Json.Text($"{{\"kind\":\"{Secret}\",\"subject\":{{\"id\":\"42\"}},\"occurred_at\":\"{Secret}\"}}"), false),
        })
        {
            using var sent = await client.PostAsync(path, body);
            answers.Add(await sent.Content.ReadAsStringAsync());
            Assert.True(sent.IsSuccessStatusCode == succeeds, $"{path}: {answers[^1]}");
        }

        foreach (var path in new[] { "assessments?limit=100", "assessments/guess?explain=true", "assessments/kept?explain=true", "subjects/42", "ips/203.0.113.7", "blocks", "audit" })
            answers.Add(await client.GetStringAsync($"/api/v1/{path}"));
        answers.Add(await client.GetStringAsync("/metrics"));
        Assert.Contains("~", answers[5], StringComparison.Ordinal);
        AssertFree("an answer", string.Join('\n', answers));
        AssertFreeFiles();
        Assert.Equal(0, await server.StopAsync());
        AssertFreeFiles();
        AssertFree("the log", server.Log());
    }

    [Theory]
    [InlineData("keycloak", "{\"time\":1595292103000,\"type\":\"LOGIN_ERROR\",\"ipAddress\":\"203.0.113.9\",\"error\":\"user_not_found\",\"sessionId\":\"SESSION-marker-5f1e\",\"details\":{\"username\":\"UNKNOWN-marker-77ab\",\"redirect_uri\":\"https://x.example.org/?token=SECRET-marker-c0de\"}}")]
    [InlineData("authentik", "{\"event\":\"invalid_login\",\"identifier\":\"UNKNOWN-marker-77ab\",\"client_ip\":\"203.0.113.7\",\"timestamp\":\"2020-11-21T20:15:01Z\",\"token\":\"SECRET-marker-c0de\"}")]
    [InlineData("sshd", "2020-11-21T20:15:01.000000+00:00 host sshd[7]: Failed password for invalid user UNKNOWN-marker-77ab from 203.0.113.7 port 4711 ssh2")]
    [InlineData("riskengine", "{\"id\":\"a\",\"occurred_at\":\"2020-11-21T20:15:01Z\",\"kind\":\"login_failed\",\"subject\":{\"name\":\"UNKNOWN-marker-77ab\"},\"reason\":\"unknown_user\",\"session_id\":\"SESSION-marker-5f1e\",\"source_ip\":\"203.0.113.7\",\"token\":\"SECRET-marker-c0de\"}")]
    public async Task Nothing_of_it_is_stored_or_written_out_by_a_replay(string format, string record)
    {
        // The second line is faulty, and told of.
        var input = _folder.Write($"{format}.log", $"{record}\n{record[..(record.Length / 2)]}\n");
        var output = Path.Combine(_folder.FullName, "out.jsonl");
        var finished = await Cli.Program.RunAsync("replay", input, "--format", format, "--state", Path.Combine(_folder.FullName, "store.db"), "--out", output);
        var written = await File.ReadAllTextAsync(output);
        Assert.Contains("\"subject\":\"~", written, StringComparison.Ordinal);
        AssertFree("the output", written + finished.Output + finished.Error);
        File.Delete(input);
        AssertFreeFiles();
    }

    private void AssertFreeFiles()
    {
        var files = Directory.GetFiles(_folder.FullName).Where(file => file.Contains(".db", StringComparison.Ordinal) && !file.EndsWith(".lock", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            AssertFree(Path.GetFileName(file), reader.ReadToEnd());
        }
    }

    private static void AssertFree(string where, string text)
    {
        foreach (var marker in new[] { Session, Unknown, Secret }) Assert.False(text.Contains(marker, StringComparison.Ordinal), $"{marker} is in {where}");
    }
}
