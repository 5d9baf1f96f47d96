using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Serving;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Host.Tests.Telemetry;

namespace RiskEngine.Host.Tests.Authentik;

/// <summary>An engine that polls a stand-in for authentik and serves its webhook as well.</summary>
public abstract class WebhookTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private AuthentikSource _source = null!;

    private protected RecordingLoggerFactory Log { get; } = new();

    private protected AuthentikStandIn Authentik { get; private set; } = null!;

    private protected RunningEngine Engine { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Authentik = await AuthentikStandIn.StartAsync();
        var settings = new RiskEngineSettings
        {
            Store = new StoreSettings { Path = _folder.File("state.db") },
            Sources = new SourceSettings { Authentik = new AuthentikSourceSettings { Url = Authentik.Url, TokenFile = _folder.Write("token", AuthentikStandIn.Token) } },
        };
        Engine = RunningEngine.Start(null, settings, Stores.OpenFile(settings.Store.Path, settings), [], NullLoggerFactory.Instance);
        _source = new AuthentikSource(settings.Sources.Authentik, new OutboundRules(), Engine, Log, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        _source.Dispose();
        await Engine.DisposeAsync();
        await Authentik.DisposeAsync();
        Log.Dispose();
        _folder.Dispose();
    }

    private protected static StandInRow Row(int number) => Polled.Row(number, 0) with { Created = TimeProvider.System.GetUtcNow().AddSeconds(-number) };

    private protected Task PollAsync() => _source.PollAsync(CancellationToken.None);

    private protected ValueTask<StoredEvent?> FindAsync(int number) => Engine.Parts.Records.FindEventAsync("default", Row(number).Pk, CancellationToken.None);

    private protected string Scrape() => Engine.Telemetry.Scrape(openMetrics: false);

    private protected async Task<WebApplication> ServeAsync(bool takesUnknownNames = false)
    {
        var settings = new ServerSettings { Url = "http://127.0.0.1:0", AdminKeyFile = _folder.File("admin.key") };
        var parts = Engine.Parts with { WebhookUnknownNames = takesUnknownNames };
        var app = Server.Build(settings, parts, NullLoggerFactory.Instance);
        await Server.StartAsync(app, settings, parts, CancellationToken.None);
        return app;
    }

    private protected async Task<(HttpStatusCode Status, string Answer)> SendAsync(WebApplication app, HttpContent body)
    {
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(_folder.File("admin.key"))).Trim());
        using var sent = await client.PostAsync("/api/v1/events/authentik", body);
        return (sent.StatusCode, await sent.Content.ReadAsStringAsync());
    }

    private protected async Task PostAsync(WebApplication app, StandInRow row)
    {
        var (status, answer) = await SendAsync(app, Json.Body(AuthentikStandIn.Event(row)));
        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Contains("\"accepted\":1", answer, StringComparison.Ordinal);
    }
}
