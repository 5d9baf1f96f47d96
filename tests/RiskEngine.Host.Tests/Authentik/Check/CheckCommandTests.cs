using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using RiskEngine.Host.Cli;
using RiskEngine.Host.Tests.Authentik.Blueprint;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Authentik.Check;

/// <summary>The command as people type it, and its requests as authentik's own schema sees them.</summary>
public sealed class CheckCommandTests
{
    [Fact]
    public async Task It_exits_with_0_with_1_and_with_3()
    {
        using var folder = new TemporaryFolder();
        await using var live = await LiveAuthentik.StartAsync("see_configuration", "see_sessions");
        var config = folder.Write("riskengine.yaml", $"sources:\n  authentik:\n    url: {live.Url}\n    token_file: {folder.Write("token", LiveAuthentik.ServiceToken)}\n");

        var fine = await Cli.Program.RunAsync("authentik", "check", "--config", config);
        Assert.Equal((ExitCode.Done, ""), (fine.Code, fine.Error));
        Assert.All(fine.Lines, line => Assert.StartsWith("ok  ", line));

        live.Version = "2025.10.0\u001b[31m";
        var look = await Cli.Program.RunAsync("authentik", "check", "--config", config);
        Assert.Equal(ExitCode.Failed, look.Code);
        Assert.DoesNotContain('\u001b', look.Output);
        var json = await Cli.Program.RunAsync("authentik", "check", "--config", config, "--json");
        using var findings = JsonDocument.Parse(json.Output);
        Assert.Equal("version", Assert.Single(findings.RootElement.EnumerateArray(), finding => !finding.GetProperty("ok").GetBoolean()).GetProperty("what").GetString());

        live.Version = "2026.8.3";
        var acting = folder.Write("acting.yaml", $"authentik:\n  url: {live.Url}\n  token_file: {folder.File("token")}\nresponders:\n  authentik:\n    enabled: true\n    end_sessions: all\n    deactivate: true\n");
        var needing = await Cli.Program.RunAsync("authentik", "check", "--config", acting);
        Assert.Equal(ExitCode.Failed, needing.Code);
        Assert.Equal(["authentik_core.delete_authenticatedsession", "authentik_core.change_user"], needing.Lines.Where(line => line.StartsWith("look", StringComparison.Ordinal)).Select(line => line.Split(' ')[5]));

        var gone = await Cli.Program.RunAsync("authentik", "check", "--config", config, "--url", "http://127.0.0.1:1");
        Assert.Equal((ExitCode.Unreachable, ""), (gone.Code, gone.Output));
        Assert.DoesNotContain(LiveAuthentik.ServiceToken, gone.Error);
    }

    [Fact]
    public async Task Without_an_address_or_a_token_it_says_what_to_give()
    {
        using var folder = new TemporaryFolder();
        var config = folder.Write("riskengine.yaml", "");
        Assert.Equal(ExitCode.Usage, (await Cli.Program.RunAsync("authentik", "check", "--config", config)).Code);
        var tokenless = await Cli.Program.RunAsync("authentik", "check", "--config", config, "--url", "https://auth.example.org");
        Assert.Equal(ExitCode.Usage, tokenless.Code);
        Assert.Contains("--token-file", tokenless.Error);
        var clear = await Cli.Program.RunAsync("authentik", "check", "--config", config, "--url", "http://auth.example.org", "--token-file", folder.Write("token", LiveAuthentik.ServiceToken));
        Assert.Equal(ExitCode.Usage, clear.Code);
        Assert.Contains("without TLS it can be read", clear.Error);
    }

    [PrismFact]
    public async Task Every_request_is_one_that_authentiks_schema_knows()
    {
        await using var live = await LiveAuthentik.StartAsync("see_configuration");
        await using var prism = await Prism.StartAsync(live.Url);
        var findings = await CheckedAuthentik.LookAsync(live, token: LiveAuthentik.AdminToken, isExaminer: true, through: prism.Url);
        Assert.All(findings, finding => Assert.True(finding.Ok, finding.Detail));

        // That the guard guards: what the schema does not know is refused before it comes through.
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", LiveAuthentik.AdminToken);
        using var wrong = await client.GetAsync(new Uri(prism.Url, "/api/v3/events/events/?page_size=many"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
    }

    /// <summary>authentik ignores a parameter that it does not know, and Prism lets it pass: a filter that is misspelt would show everything.</summary>
    [ApiSchemaFact]
    public async Task Every_parameter_is_one_that_authentiks_schema_knows()
    {
        await using var live = await LiveAuthentik.StartAsync("see_configuration");
        await CheckedAuthentik.LookAsync(live);
        await CheckedAuthentik.LookAsync(live, token: LiveAuthentik.AdminToken, isExaminer: true);
        Assert.NotEmpty(live.Requests);
        Assert.Empty(live.Requests.SelectMany(request => request.Parameters.Except(ApiSchema.Of.Parameters(request.Path)).Select(name => $"{request.Path} {name}")));
    }
}
