using RiskEngine.Core.Events;
using RiskEngine.Core.Tests.Pipeline;

namespace RiskEngine.Core.Tests.Abuse;

/// <summary>A proxy that nobody configured: every login seems to come from it, an attacker's as well.</summary>
public sealed class HiddenAddressTests
{
    private const string Proxy = "203.0.113.1";

    private static readonly string[] AboutAddresses =
        ["address_reputation", "network_reputation", "password_spray", "network_spray", "credential_stuffing", "new_address", "known_address", "new_asn", "new_country"];

    private static readonly Town Everybody = new(200, _ => Proxy);
    private static readonly TimeSpan Attack = TimeSpan.FromDays(3);

    [Fact]
    public async Task Nothing_is_blocked_whatever_comes_through_the_proxy()
    {
        await using var judging = await Attacked();
        Assert.Empty(judging.Store.Blocks.All);
        Assert.DoesNotContain(judging.Assessments, assessment => assessment.Action == DecisionAction.Block);
    }

    [Fact]
    public async Task What_is_missing_is_told_with_every_login_and_nothing_is_said_of_the_address()
    {
        await using var judging = await Attacked();
        Assert.All(judging.Assessments[400..], assessment => Assert.True(assessment.Degraded.HasFlag(DegradedFacts.Proxy)));
        Assert.All(judging.Lines[400..], line => Assert.DoesNotContain(AboutAddresses, code => line.Contains($"\"{code}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task People_get_in_during_a_spray_through_the_proxy()
    {
        await using var judging = await Attacked();
        for (var person = 0; person < Everybody.People; person++)
        {
            var login = await judging.EvaluateAsync(Everybody.AtHome(person, Attack + TimeSpan.FromMinutes(11), EventKind.LoginAttempt));
            Assert.True(login.Action < DecisionAction.Challenge, $"{Town.NameOf(person)}: {login.Action} at {login.Score}");
        }
    }

    [Fact]
    public async Task A_proxy_is_not_blocked_before_there_are_logins_enough_to_know_it()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync([.. Everybody.Day(TimeSpan.Zero)[..3]]);
        await judging.SubmitAsync([.. Enumerable.Range(0, 60).Select(i => Town.Guess(100 + i, TimeSpan.FromMinutes(30) + TimeSpan.FromSeconds(i), Proxy))]);
        await judging.SubmitAsync(Everybody.AtHome(5, TimeSpan.FromHours(1)));
        Assert.True(judging.Assessments[^1].Action < DecisionAction.Block);
        Assert.Empty(judging.Store.Blocks.All);
    }

    [Fact]
    public async Task Guessing_at_one_account_is_seen_where_addresses_say_nothing()
    {
        await using var judging = new Judging();
        var people = new Town(30, person => $"10.0.0.{person + 1}");
        for (var day = -12; day < 0; day++) await judging.SubmitAsync(people.Day(TimeSpan.FromDays(day)));
        await judging.SubmitAsync([.. Enumerable.Range(0, 300).Select(i => Here(Town.Guess(0, TimeSpan.FromSeconds(i), "10.0.0.99", Town.HomeAsn)))]);
        await judging.SubmitAsync(Here(Town.Enter(0, TimeSpan.FromMinutes(6), "10.0.0.99", asn: Town.HomeAsn)));
        Assert.True(judging.Assessments[^1].Action >= DecisionAction.Challenge);
        Assert.True((await judging.EvaluateAsync(people.AtHome(0, TimeSpan.FromMinutes(7), EventKind.LoginAttempt))).Action < DecisionAction.Challenge);

        static Login Here(Login login) => login with { Country = "DE", UserAgent = [] };
    }

    private static Login Through(Login login) => login with { Asn = Town.HomeAsn, Country = "DE" };

    private static async Task<Judging> Attacked()
    {
        var judging = new Judging();
        for (var day = 0; day < 3; day++) await judging.SubmitAsync(Everybody.Day(TimeSpan.FromDays(day)));
        await judging.SubmitAsync([.. Enumerable.Range(0, 120).Select(i => Through(Town.Guess(i, Attack + TimeSpan.FromSeconds(5 * i), Proxy)))]);
        return judging;
    }
}
