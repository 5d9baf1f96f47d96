using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Examples.Tests.Oidc;

/// <summary>People sign in at the example while RiskEngine gives no answer: nobody is refused for it, it takes a bounded time, and the log says so.</summary>
public sealed class UnansweredTests(Browser browser) : IClassFixture<Browser>
{
    private const string Nobody = "nobody was asked about this login";

    /// <summary>What a sign-in may take on a busy machine; a RiskEngine that hangs would be waited for without end.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    [ExampleFact]
    public async Task While_RiskEngine_is_stopped_people_get_in_and_the_log_says_that_nobody_was_asked()
    {
        await using var engine = await AskedRiskEngine.StartAsync();
        await using var site = await SignInPage.StartAsync(engine.Settings);
        await using var jane = await Visitor.ArriveAsync(browser, site, Person.Jane.Home);
        Assert.Equal("Your notes", await jane.SignInAsync(Person.Jane.Name, Person.Jane.Password));
        Assert.DoesNotContain(Nobody, site.Provider.Log(), StringComparison.Ordinal);

        await engine.StopAsync();
        Assert.Equal("Your notes", await jane.SignInAsync(Person.Jane.Name, Person.Jane.Password));
        Assert.True(jane.IsSignedIn, jane.Page.Url);
        Assert.Contains("\"level\":\"warning\"", await site.Provider.SeeAsync(Nobody), StringComparison.Ordinal);
        await site.Provider.SeeAsync("RiskEngine could not be told of logins: they wait");
        AssertNoSecrets(site, engine.Settings);
    }

    [ExampleFact]
    public async Task A_hanging_RiskEngine_is_waited_for_a_second()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        using var folder = new TemporaryFolder();
        var key = folder.Write("some.key", "rk_that_nobody_checks");
        Dictionary<string, string> settings = new() { ["RISKENGINE"] = $"http://{silent.LocalEndpoint}", ["EVALUATE_KEY_FILE"] = key, ["EVENTS_KEY_FILE"] = key };
        await using var site = await SignInPage.StartAsync(settings);
        await using var jane = await Visitor.ArriveAsync(browser, site, "203.0.113.9");
        await jane.BeginAsync();

        var clock = Stopwatch.StartNew();
        Assert.Equal("Your notes", await jane.GivePasswordAsync(Person.Jane.Name, Person.Jane.Password));
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.9), Bound);
        Assert.Contains("\"reason\":\"TimeoutError\"", await site.Provider.SeeAsync(Nobody), StringComparison.Ordinal);
        AssertNoSecrets(site, settings);
    }

    [ExampleFact]
    public async Task Where_that_is_set_a_code_is_asked_for_without_an_answer()
    {
        await using var site = await SignInPage.StartAsync(new("RISKENGINE", "http://127.0.0.1:1"), new("UNANSWERED", "challenge"));
        await using var jane = await Visitor.ArriveAsync(browser, site, Person.Jane.Home);
        Assert.Equal("One more step", await jane.SignInAsync(Person.Jane.Name, Person.Jane.Password));
        Assert.Equal("Your notes", await jane.GiveCodeAsync(Person.Jane.Code()));
    }

    /// <summary>Neither keys nor passwords, and nobody's name or address.</summary>
    private static void AssertNoSecrets(SignInPage site, Dictionary<string, string> settings)
    {
        string[] secrets = [File.ReadAllText(settings["EVALUATE_KEY_FILE"]), File.ReadAllText(settings["EVENTS_KEY_FILE"]), Person.Jane.Password, Person.Jane.Name, Person.Jane.Home, "203.0.113.9"];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, site.Provider.Log(), StringComparison.Ordinal));
    }
}
