using System.Globalization;
using RiskEngine.Core.Events;
using RiskEngine.Core.Tests.Pipeline;
using Xunit.Abstractions;

namespace RiskEngine.Core.Tests.Abuse;

/// <summary>
/// Four days of guessing from eight addresses, one name after the other, so slowly that no burst is to be seen. The names have no history, so
/// that nothing but the pace and the addresses can speak.
/// </summary>
public sealed class SlowSprayTests(ITestOutputHelper output)
{
    private const int Addresses = 8;
    private const int Hours = 96;
    private static readonly Town Company = new(400, person => $"203.0.113.{person % 200}");
    private static readonly TimeSpan Begin = TimeSpan.FromDays(4);

    private enum Spread
    {
        OneNetwork,
        OneProvider,
        EightProviders,
    }

    [Fact]
    public async Task One_guess_an_hour_is_stopped_within_ten_names_of_each_address_wherever_the_addresses_are()
    {
        foreach (var spread in Enum.GetValues<Spread>())
        {
            var guesses = await Guesses(spread, TimeSpan.FromHours(1));
            Assert.InRange(guesses.FindIndex(IsStopped), 1, 10 * Addresses);
            Assert.True(guesses.Skip(12 * Addresses).Count(IsStopped) >= 0.97 * (guesses.Count - (12 * Addresses)), $"{spread}");
        }
    }

    [Fact]
    public async Task One_guess_in_three_hours_is_told_of_within_the_first_day_or_two_when_the_addresses_are_neighbours()
    {
        var guesses = await Guesses(Spread.OneNetwork, TimeSpan.FromHours(3));
        Assert.InRange(guesses.FindIndex(action => action >= DecisionAction.Notify), 1, 12 * Addresses);
    }

    /// <summary>The blind spot: 64 names a day from eight addresses, told of at most. What remains is that whoever logs in after a hit is not at home.</summary>
    [Fact]
    public async Task One_guess_in_three_hours_from_eight_providers_is_not_stopped_and_its_hit_is_challenged_for_itself()
    {
        await using var judging = await Settled();
        var guesses = await Guess(judging, Spread.EightProviders, TimeSpan.FromHours(3));
        Assert.DoesNotContain(guesses, IsStopped);
        var hit = Town.Enter(3, Begin + TimeSpan.FromHours(Hours), AddressOf(Spread.EightProviders, 0));
        await judging.SubmitAsync(hit);
        Assert.Equal(DecisionAction.Challenge, judging.Assessments[^1].Action);
    }

    private async Task<List<DecisionAction>> Guesses(Spread spread, TimeSpan pace)
    {
        await using var judging = await Settled();
        return await Guess(judging, spread, pace);
    }

    private async Task<List<DecisionAction>> Guess(Judging judging, Spread spread, TimeSpan pace)
    {
        var before = judging.Assessments.Count;
        var guesses = new List<Login>();
        for (var guess = 0; pace * guess / Addresses < TimeSpan.FromHours(Hours); guess++)
        {
            var address = guess % Addresses;
            var asn = spread == Spread.EightProviders ? Town.AttackerAsn + (uint)address : Town.AttackerAsn;
            guesses.Add(Town.Guess(Company.People + guess, Begin + (pace * guess / Addresses), AddressOf(spread, address), asn) with { UserAgent = [] });
        }

        foreach (var part in guesses.Chunk(100)) await judging.SubmitAsync(part);
        var actions = judging.Assessments[before..].ConvertAll(assessment => assessment.Action);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{spread}, one in {pace.TotalHours} h: {actions.Count} guesses, {actions.Count(IsStopped)} stopped, {actions.Count(action => action == DecisionAction.Notify)} told of, first stopped {actions.FindIndex(IsStopped)}"));
        return actions;
    }

    private static bool IsStopped(DecisionAction action) => action >= DecisionAction.Challenge;

    private static string AddressOf(Spread spread, int address) => spread == Spread.OneNetwork ? $"198.51.100.{10 + address}" : $"11.{20 + address}.7.66";

    private static async Task<Judging> Settled()
    {
        var judging = new Judging();
        for (var day = 0; day < 4; day++) await judging.SubmitAsync(Company.Day(TimeSpan.FromDays(day)));
        return judging;
    }
}
