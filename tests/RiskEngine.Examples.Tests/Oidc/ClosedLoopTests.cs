using System.Text.Json;

namespace RiskEngine.Examples.Tests.Oidc;

/// <summary>People sign in at the example with a browser; RiskEngine is asked, obeyed and told.</summary>
public sealed class ClosedLoopTests(OidcExample example, Browser browser) : IClassFixture<OidcExample>, IClassFixture<Browser>
{
    private const string Refused = "This sign-in was refused", OneMoreStep = "One more step", In = "Your notes";

    /// <summary>Elsewhere in Berlin, on another continent, and on a third.</summary>
    private const string Cafe = "192.0.2.200", Tokyo = "203.0.113.9", SaoPaulo = "198.51.100.20";

    [ExampleFact]
    public async Task An_honest_login_passes_with_the_password_alone_and_RiskEngine_is_told_of_it()
    {
        await using var jane = await ArriveAsync(Person.Jane.Home);
        await jane.BeginAsync();
        await jane.PictureAsync("sign-in");
        Assert.Equal("Sign in", await jane.GivePasswordAsync(Person.Jane.Name, "a typing error"));
        Assert.Equal("User name or password is not right. Please try again.", await jane.AlertAsync());
        await jane.PictureAsync("wrong-password");
        Assert.Equal(In, await jane.GivePasswordAsync(Person.Jane.Name, Person.Jane.Password));
        await jane.PictureAsync("signed-in");

        Assert.True(jane.IsSignedIn, jane.Page.Url);
        Assert.Contains("Signed in as Jane Example, with a password.", await jane.ContentAsync(), StringComparison.Ordinal);
        var told = await SeenAsync(Person.Jane, Person.Jane.Home, 2);
        Assert.All(told, assessment => Assert.Equal("allow", assessment.GetProperty("decision").GetString()));
    }

    [ExampleFact]
    public async Task The_same_person_from_another_continent_is_challenged_and_passes_with_a_code()
    {
        await using var jane = await ArriveAsync(Tokyo);
        Assert.Equal(OneMoreStep, await jane.SignInAsync(Person.Jane.Name, Person.Jane.Password));
        await jane.PictureAsync("code");
        Assert.Equal(OneMoreStep, await jane.GiveCodeAsync(Person.Jane.WrongCode()));
        Assert.StartsWith("That code is not right", await jane.AlertAsync(), StringComparison.Ordinal);
        Assert.False(jane.IsSignedIn, jane.Page.Url);
        await jane.PictureAsync("wrong-code");

        var code = Person.Jane.Code();
        Assert.Equal(In, await jane.GiveCodeAsync(code));
        Assert.True(jane.IsSignedIn, jane.Page.Url);
        Assert.Contains("Signed in as Jane Example, with a password and a code.", await jane.ContentAsync(), StringComparison.Ordinal);

        // The wrong code and the login are judged as what they were when RiskEngine was asked, and the outcome is counted.
        var told = await SeenAsync(Person.Jane, Tokyo, 2);
        Assert.All(told, assessment => Assert.Equal(("challenge", true), (assessment.GetProperty("decision").GetString(), assessment.GetProperty("enforced").GetBoolean())));
        await example.Engine.UntilAsync(
            () => example.Engine.Admin.GetStringAsync("/metrics"), text => !text.Contains("riskengine_challenges_total{outcome=\"passed\"} 0\n", StringComparison.Ordinal), "a challenge that was passed");

        // A code is good once: whoever looked over her shoulder gets no further.
        await using var thief = await ArriveAsync(SaoPaulo, Visitor.OtherBrowser);
        Assert.Equal(OneMoreStep, await thief.SignInAsync(Person.Jane.Name, Person.Jane.Password));
        Assert.Equal(OneMoreStep, await thief.GiveCodeAsync(code));
        Assert.False(thief.IsSignedIn, thief.Page.Url);
    }

    [ExampleFact]
    public async Task Too_many_wrong_codes_end_the_login()
    {
        await using var thief = await ArriveAsync(SaoPaulo, Visitor.OtherBrowser);
        Assert.Equal(OneMoreStep, await thief.SignInAsync(Person.Omar.Name, Person.Omar.Password));
        for (var i = 0; i < 4; i++) Assert.Equal(OneMoreStep, await thief.GiveCodeAsync(Person.Omar.WrongCode()));
        Assert.Equal("Sign in", await thief.GiveCodeAsync(Person.Omar.WrongCode()));
        Assert.Equal("Too many wrong codes. Please sign in again.", await thief.AlertAsync());
    }

    [ExampleFact]
    public async Task A_challenged_person_without_a_second_factor_is_told_what_to_do()
    {
        await using var mila = await ArriveAsync(Tokyo, Visitor.OtherBrowser);
        Assert.Equal("We need a second proof that it is you", await mila.SignInAsync(Person.Mila.Name, Person.Mila.Password));
        Assert.False(mila.IsSignedIn, mila.Page.Url);
        await mila.PictureAsync("without-second-factor");
    }

    [ExampleFact]
    public async Task The_twentieth_guess_meets_a_clear_page_and_after_a_release_the_login_passes()
    {
        await using var visitor = await ArriveAsync(Cafe, Visitor.OtherBrowser);
        await visitor.BeginAsync();
        var sign = visitor.Page.Url;
        List<string> headings = [];
        for (var guess = 1; guess <= 20; guess++)
        {
            await visitor.Page.GotoAsync(sign);
            headings.Add(await visitor.GivePasswordAsync(Person.Omar.Name, $"guess-{guess}"));
        }

        Assert.Equal(Refused, headings[^1]);
        // Who mistypes a few times is not shut out.
        Assert.All(headings.Take(5), heading => Assert.Equal("Sign in", heading));
        Assert.Contains(Cafe, await visitor.ContentAsync(), StringComparison.Ordinal);
        await visitor.PictureAsync("refused");

        // The right password does not help there, and nobody learns that it was the right one.
        Assert.Equal(Refused, await visitor.SignInAsync(Person.Omar.Name, Person.Omar.Password));

        var block = Assert.Single(await example.Engine.ItemsAsync("/api/v1/blocks"), item => item.GetProperty("value").GetString() == Cafe);
        using (var released = await example.Engine.Admin.DeleteAsync($"/api/v1/blocks/{block.GetProperty("id")}")) released.EnsureSuccessStatusCode();

        // The guesses are forgotten with the block, so that neither the address nor his account has to answer for them.
        Assert.Equal(In, await visitor.SignInAsync(Person.Omar.Name, Person.Omar.Password));
        Assert.True(visitor.IsSignedIn, visitor.Page.Url);
    }

    [ExampleFact]
    public async Task Pages_are_in_German_for_who_reads_German_and_dark_for_who_likes_it_dark()
    {
        await example.Engine.BlockAsync("192.0.2.240");
        await using var visitor = await ArriveAsync("192.0.2.240", language: "de-AT", isDark: true);
        await visitor.BeginAsync();
        await visitor.PictureAsync("sign-in-german");
        Assert.Equal("de", await visitor.Page.Locator("html").GetAttributeAsync("lang"));
        Assert.Equal("Diese Anmeldung wurde abgelehnt", await visitor.GivePasswordAsync("<b>\"zoë\"</b>", "x"));
        await visitor.PictureAsync("refused-german");
    }

    [ExampleFact]
    public async Task What_a_visitor_writes_into_the_header_is_not_believed()
    {
        // From the left everybody can write; the proxy writes the last one.
        await example.Engine.BlockAsync("192.0.2.241");
        await using var pretender = await ArriveAsync($"{Person.Mila.Home}, 192.0.2.241");
        Assert.Equal(Refused, await pretender.SignInAsync(Person.Mila.Name, Person.Mila.Password));
        await using var framed = await ArriveAsync($"192.0.2.241, {Person.Mila.Home}");
        Assert.Equal(In, await framed.SignInAsync(Person.Mila.Name, Person.Mila.Password));

        // Without a proxy that is trusted the header counts for nothing.
        await using var direct = await SignInPage.StartAsync([.. example.Engine.Settings, new("TRUSTED_PROXIES", "")]);
        await using var visitor = await Visitor.ArriveAsync(browser, direct, "192.0.2.241");
        Assert.Equal(In, await visitor.SignInAsync(Person.Mila.Name, Person.Mila.Password));
    }

    [ExampleFact]
    public async Task In_monitor_mode_nobody_is_challenged()
    {
        await using var watching = await AskedRiskEngine.StartAsync("monitor");
        await using var site = await SignInPage.StartAsync(watching.Settings);
        await using var jane = await Visitor.ArriveAsync(browser, site, Tokyo, Visitor.OtherBrowser);
        Assert.Equal(In, await jane.SignInAsync(Person.Jane.Name, Person.Jane.Password));
        await site.Provider.SeeAsync("\"action\":\"watched\"");
    }

    private Task<Visitor> ArriveAsync(string from, string userAgent = Visitor.KnownBrowser, string language = "en-GB", bool isDark = false) =>
        Visitor.ArriveAsync(browser, example.Site, from, userAgent, language, isDark);

    /// <summary>What RiskEngine was told of a person at an address today; waits until it is that many.</summary>
    private Task<JsonElement[]> SeenAsync(Person person, string address, int count)
    {
        var since = Uri.EscapeDataString(TimeProvider.System.GetUtcNow().AddHours(-1).ToString("O"));
        return example.Engine.UntilAsync(
            async () => (await example.Engine.ItemsAsync($"/api/v1/assessments?subject={person.Id}&since={since}")).Where(item => item.GetProperty("source_ip").GetString() == address).ToArray(),
            items => items.Length >= count, $"{count} events of {person.Name}");
    }
}
