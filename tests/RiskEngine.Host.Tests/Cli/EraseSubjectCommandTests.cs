using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Cli;

public sealed class EraseSubjectCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_person_is_erased_from_a_running_server_after_a_look_and_a_yes()
    {
        await using var server = await ServedProgram.StartAsync(_folder.FullName);
        using (var client = server.Client())
        using (var sent = await client.PostAsync("/api/v1/events", Json.Body(SomeEvent.Login("e1")))) Assert.True(sent.IsSuccessStatusCode);
        string[] where = ["--url", server.Address.ToString(), "--key-file", Path.Combine(_folder.FullName, "admin.key")];

        var asked = await Program.RunAsync(["erase-subject", "user42", .. where]);
        Assert.Equal(2, asked.Code);
        Assert.Contains("--yes", asked.Error);
        var dry = await Program.RunAsync(["erase-subject", "user42", "--dry-run", .. where]);
        Assert.True(dry.Code == 0, dry.Error);
        Assert.Contains("1  events would go", dry.Output);
        var done = await Program.RunAsync(["erase-subject", "user42", "--yes", .. where]);
        Assert.True(done.Code == 0, done.Error);
        Assert.Contains("1  profiles removed", done.Output);
        Assert.Contains("1  events removed", done.Output);

        var audit = await Program.RunAsync("export", "audit", "--state", Path.Combine(_folder.FullName, "riskengine.db"), "--out", "-", "--verify");
        Assert.True(audit.Code == 0, audit.Error);
        Assert.Contains("subject.erase", audit.Output);
        Assert.DoesNotContain("user42", audit.Output);
        Assert.Equal(0, await server.StopAsync());
        var file = await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, "riskengine.db"));
        Assert.Equal(-1, file.AsSpan().IndexOf("user42"u8));
        Assert.DoesNotContain("user42", server.Log());
        Assert.Contains("The audit ends with record", server.Log());
    }
}
