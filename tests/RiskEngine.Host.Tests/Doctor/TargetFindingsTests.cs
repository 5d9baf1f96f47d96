using RiskEngine.Configuration;
using RiskEngine.Host.Doctor;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Doctor;

/// <summary>What <c>doctor</c> says of the servers that are told and asked.</summary>
public sealed class TargetFindingsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private StandIn _server = null!;

    public async Task InitializeAsync() => _server = await StandIn.StartAsync();

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_server_is_asked_by_its_own_interface_and_with_its_credential()
    {
        var findings = await LookAsync(Everything());
        Assert.All(findings, finding => Assert.True(finding.Ok, finding.ToString()));
        Assert.Equal(["sources.authentik", "authentik", "webhooks chat", "alertmanager", "otlp", "loki", "feeds community"], findings.Select(finding => finding.What));
        string[] questions =
        [
            "GET /api/v2/status Basic am9lOnB3", "GET /api/v3/core/users/me/ Bearer acts", "GET /api/v3/core/users/me/ Bearer polls", "GET /ready Bearer loki",
            "HEAD /hook", "HEAD /v1/decisions bouncer", "POST /v1/metrics yes",
        ];
        Assert.Equal(questions, _server.Asked);
    }

    [Fact]
    public async Task A_default_configuration_asks_nobody() => Assert.Empty(await TargetFindings.LookAsync(new RiskEngineSettings(), TimeProvider.System, CancellationToken.None));

    [Theory, InlineData(401), InlineData(403)]
    public async Task A_credential_that_is_refused_is_told_of(int status)
    {
        _server.Status = status;
        var findings = await LookAsync(Everything());
        Assert.All(findings.Where(finding => finding.What != "webhooks chat"), finding => Assert.Contains($"refuses the credential ({status})", finding.Detail, StringComparison.Ordinal));
        Assert.Contains("riskengine authentik check", findings[0].Detail, StringComparison.Ordinal);
        Assert.True(findings.Single(finding => finding.What == "webhooks chat").Ok);
    }

    [Theory, InlineData(302, "a redirection, which is not followed"), InlineData(404, "is that its address?"), InlineData(503, "it is there, and in trouble")]
    public async Task Another_answer_is_told_of_in_words(int status, string words)
    {
        _server.Status = status;
        var finding = Assert.Single(await LookAsync($"alertmanager: {{ urls: ['{_server.Url}'] }}"));
        Assert.False(finding.Ok);
        Assert.Contains(words, finding.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Asked, question => question.Contains("elsewhere", StringComparison.Ordinal));
    }

    [Theory, InlineData(4, true), InlineData(300, false), InlineData(-300, false)]
    public async Task Clocks_that_are_apart_are_told_of(int seconds, bool isGood)
    {
        var clock = new ManualTimeProvider(TimeProvider.System.GetUtcNow().AddSeconds(seconds));
        var finding = Assert.Single(await LookAsync($"alertmanager: {{ urls: ['{_server.Url}'] }}", clock));
        Assert.Equal(isGood, finding.Ok);
        if (!isGood) Assert.Contains(seconds > 0 ? "s behind this one's" : "s ahead of this one's", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_credential_that_cannot_be_read_is_told_of_and_nobody_is_asked()
    {
        var finding = Assert.Single(await LookAsync($"loki: {{ url: '{_server.Url}', token_file: '{_folder.File("missing")}' }}"));
        Assert.False(finding.Ok);
        Assert.Contains("its credential cannot be read", finding.Detail, StringComparison.Ordinal);
        Assert.Empty(_server.Asked);
    }

    [Fact]
    public async Task Where_nobody_listens_that_is_said()
    {
        var finding = Assert.Single(await LookAsync($"alertmanager: {{ urls: ['http://127.0.0.1:{Testing.Servers.TestServer.FreePort()}'] }}"));
        Assert.False(finding.Ok);
        Assert.Contains("nobody listens there", finding.Detail, StringComparison.Ordinal);
    }

    private string Everything() =>
        $$"""
        sources: { authentik: { url: '{{_server.Url}}', token_file: '{{_folder.Write("polls", "polls")}}' } }
        authentik: { url: '{{_server.Url}}/', token_file: '{{_folder.Write("acts", "acts")}}' }
        webhooks: [{ name: chat, url: '{{_server.Url}}/hook', secret_file: '{{_folder.Write("secret", new string('s', 40))}}' }]
        alertmanager: { urls: ['{{_server.Url}}'], username: joe, password_file: '{{_folder.Write("pw", "pw")}}' }
        otlp: { endpoint: '{{_server.Url}}', headers_file: '{{_folder.Write("headers", "X-Receiver: yes\n")}}' }
        loki: { url: '{{_server.Url}}', token_file: '{{_folder.Write("loki", "loki")}}' }
        feeds: [{ name: community, path: '{{_folder.File("community.txt")}}', group: list, crowdsec: { url: '{{_server.Url}}', key_file: '{{_folder.Write("bouncer", "bouncer")}}' } }]
        """;

    private async Task<IReadOnlyList<Finding>> LookAsync(string configuration, TimeProvider? clock = null)
    {
        var (settings, faults) = Settings.Load(_folder.Write("riskengine.yaml", configuration), new Dictionary<string, string>());
        Assert.Empty(faults);
        return await TargetFindings.LookAsync(settings!, clock ?? TimeProvider.System, CancellationToken.None);
    }
}
