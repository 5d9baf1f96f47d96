using System.Globalization;
using RiskEngine.Core.Events;
using RiskEngine.Core.Tests.Pipeline;
using Xunit.Abstractions;

namespace RiskEngine.Core.Tests.Abuse;

/// <summary>A university: three thousand people behind four addresses, and an attacker on the same network.</summary>
public sealed class SharedNetworkAbuseTests(ITestOutputHelper output)
{
    private const int Students = 3000;
    private static readonly Town University = new(Students, person => Gateway(person % 4));
    private static readonly TimeSpan Attack = TimeSpan.FromDays(3);

    [Fact]
    public async Task No_gateway_is_blocked_pairs_are_and_only_those_guessed_at_are_challenged()
    {
        await using var judging = await Settled();
        var first = judging.Assessments.Count;
        var events = Mixed();
        foreach (var part in events.Chunk(500)) await judging.SubmitAsync([.. part.Select(each => each.Login)]);
        var judged = events.Zip(judging.Assessments[first..], (each, assessment) => (each.Login, each.IsGuess, assessment.Action)).ToArray();

        Assert.NotEmpty(judging.Store.Blocks.All);
        Assert.All(judging.Store.Blocks.All, block => Assert.Equal(BlockScope.Pair, block.Scope));

        var guessedAt = judged.Where(each => each.IsGuess).Select(each => each.Login.Subject).ToHashSet();
        var logins = judged.Where(each => !each.IsGuess && each.Login.Kind == EventKind.Login).ToArray();
        var victims = logins.Where(each => guessedAt.Contains(each.Login.Subject)).ToArray();
        var others = logins.Where(each => !guessedAt.Contains(each.Login.Subject)).ToArray();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"guesses stopped: {Share(judged.Where(each => each.IsGuess)):P1}; challenged of those guessed at: {Share(victims):P1}, of all others: {Share(others):P1}"));
        Assert.DoesNotContain(logins, each => each.Action == DecisionAction.Block);
        Assert.Equal(0, Share(others));
        Assert.InRange(Share(victims), 0, 0.12);
    }

    [Fact]
    public async Task A_student_guessed_at_from_the_own_gateway_is_challenged_at_most_and_the_neighbour_not_at_all()
    {
        await using var judging = await Settled();
        var neighbours = Enumerable.Range(1, 3).Select(i => University.AtHome(4 * i, Attack, EventKind.LoginFailed));
        var guesses = Enumerable.Range(1, 200).Select(i => Town.Guess(0, Attack + TimeSpan.FromSeconds(5 * i), Gateway(0), Town.HomeAsn));
        await judging.SubmitAsync([.. neighbours, .. guesses]);
        Assert.Equal(BlockScope.Pair, Assert.Single(judging.Store.Blocks.All).Scope);
        var student = await judging.EvaluateAsync(University.AtHome(0, Attack + TimeSpan.FromMinutes(20), EventKind.LoginAttempt));
        Assert.True(student.Action < DecisionAction.Block, $"{student.Action} at {student.Score}");
        var neighbour = await judging.EvaluateAsync(University.AtHome(4, Attack + TimeSpan.FromMinutes(20), EventKind.LoginAttempt));
        Assert.Equal(DecisionAction.Allow, neighbour.Action);
    }

    private static string Gateway(int number) => $"203.0.113.{number + 1}";

    private static async Task<Judging> Settled()
    {
        var judging = new Judging();
        for (var day = 0; day < 3; day++)
        {
            foreach (var part in University.Day(TimeSpan.FromDays(day)).Chunk(500)) await judging.SubmitAsync(part);
        }

        return judging;
    }

    private static double Share(IEnumerable<(Login Login, bool IsGuess, DecisionAction Action)> events)
    {
        var all = events.ToArray();
        return (double)all.Count(each => each.Action >= DecisionAction.Challenge) / all.Length;
    }

    /// <summary>A day of everybody with three typos in a hundred; from the same gateways 1,600 names are tried twice and 40 others twenty times.</summary>
    private static (Login Login, bool IsGuess)[] Mixed()
    {
        var events = new List<(Login Login, bool IsGuess)>();
        foreach (var (person, login) in University.Day(Attack).Index())
        {
            if (person % 33 == 0) events.Add((login with { Kind = EventKind.LoginFailed, After = login.After - TimeSpan.FromSeconds(20) }, false));
            events.Add((login, false));
        }

        for (var guess = 0; guess < 4000; guess++)
        {
            var person = guess < 3200 ? guess % 1600 : 2000 + (guess % 40);
            events.Add((Town.Guess(person, Attack + TimeSpan.FromSeconds(guess * 6), Gateway(guess % 4), Town.HomeAsn), true));
        }

        return [.. events.OrderBy(each => each.Login.After)];
    }
}
