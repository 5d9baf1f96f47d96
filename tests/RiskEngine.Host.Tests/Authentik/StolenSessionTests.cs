using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Configuration;
using RiskEngine.Core.Facts;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Authentik;

/// <summary>Logins of authentik do not name the session they begin. Where a session is seen first tells whose it is, and later that it was stolen.</summary>
public sealed class StolenSessionTests : IAsyncLifetime
{
    private const string Elsewhere = "198.51.100.66", Windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36";

    private readonly TemporaryFolder _folder = new();
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private AuthentikStandIn _authentik = null!;
    private RiskEngineSettings _settings = null!;
    private RunningEngine _engine = null!;

    public async Task InitializeAsync()
    {
        _authentik = await AuthentikStandIn.StartAsync();
        _settings = new RiskEngineSettings
        {
            Store = new StoreSettings { Path = _folder.File("state.db") },
            Sources = new SourceSettings { Authentik = new AuthentikSourceSettings { Url = _authentik.Url, TokenFile = _folder.Write("token", AuthentikStandIn.Token) } },
        };
        _engine = RunningEngine.Start(null, _settings, Stores.OpenFile(_settings.Store.Path, _settings), [], NullLoggerFactory.Instance);
        _authentik.Add(Polled.Row(1, 0) with { Created = _now.AddMinutes(-30) });
    }

    public async Task DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _authentik.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_session_that_goes_on_elsewhere_on_another_machine_is_stolen()
    {
        await SeeAsync(At(29));
        await SeeAsync(At(5) with { Ip = Elsewhere, Agent = Windows });
        Assert.Equal(1, Stolen());
    }

    [Fact]
    public async Task So_is_one_that_was_seen_before_its_login_was_and_again_where_it_began()
    {
        await SeeAsync(At(29), events: false);
        await SeeAsync(At(20));
        await SeeAsync(At(5) with { Ip = Elsewhere, Agent = Windows });
        Assert.Equal(1, Stolen());
    }

    [Fact]
    public async Task One_that_was_never_seen_where_a_login_was_tells_nothing()
    {
        await SeeAsync(At(29) with { Ip = "192.0.2.9" });
        await SeeAsync(At(5) with { Ip = Elsewhere, Agent = Windows });
        Assert.Equal(0, Stolen());
    }

    [Fact]
    public async Task One_that_moves_with_its_browser_is_not()
    {
        await SeeAsync(At(29));
        await SeeAsync(At(5) with { Ip = Elsewhere });
        Assert.Equal(0, Stolen());
    }

    [Fact]
    public async Task Another_session_of_the_same_person_on_another_machine_is_not()
    {
        await SeeAsync(At(29));
        await SeeAsync(At(5) with { Uuid = "07e4", Ip = Elsewhere, Agent = Windows });
        Assert.Equal(0, Stolen());
    }

    private StandInSession At(double minutesAgo) => new("5e55", 42, _now.AddMinutes(-minutesAgo), "203.0.113.7");

    /// <summary>Polls events and then sessions, of which there is this one.</summary>
    private async Task SeeAsync(StandInSession session, bool events = true)
    {
        _authentik.Sessions.Clear();
        _authentik.Sessions.Add(session);
        using var source = new AuthentikSource(_settings.Sources.Authentik, new OutboundRules(), _engine, NullLogger.Instance, TimeProvider.System);
        if (events) await source.PollAsync(CancellationToken.None);
        await source.PollSessionsAsync(CancellationToken.None);
    }

    private int Stolen()
    {
        var line = Assert.Single(_engine.Telemetry.Scrape(openMetrics: false).Split('\n'), line => line.StartsWith("riskengine_signals_total{signal=\"stolen_session\"}", StringComparison.Ordinal));
        return int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
