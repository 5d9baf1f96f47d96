using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Tests.Pipeline;

/// <summary>Word of an event before the source itself tells of it: quick, and of little weight.</summary>
public sealed class HintTests
{
    private const string Attacker = "198.51.100.66";

    [Fact]
    public async Task A_hint_blocks_for_five_minutes_where_the_event_would_for_hours()
    {
        await using var judging = new Judging();
        var next = await AlmostBlockedAsync(judging);
        await judging.SubmitAsync(Hint(judging, next));
        var block = Assert.Single(judging.Store.Blocks.All);
        Assert.Equal((Attacker, true, HintBlock.Longest), (block.Value, block.IsHint, block.Until!.Value - block.CreatedAt));
        Assert.Equal(DecisionAction.Block, (await judging.EvaluateAsync(new Login("42", next.After + TimeSpan.FromMinutes(4), Attacker, EventKind.LoginAttempt))).Action);
        Assert.Equal(AssessmentRecord.StandingBlock, (await judging.EvaluateAsync(new Login("42", next.After + TimeSpan.FromMinutes(4), Attacker, EventKind.LoginAttempt))).Rule);
        Assert.NotEqual(AssessmentRecord.StandingBlock, (await judging.EvaluateAsync(new Login("42", next.After + TimeSpan.FromMinutes(6), Attacker, EventKind.LoginAttempt))).Rule);
    }

    [Fact]
    public async Task The_event_itself_is_no_repeat_and_makes_the_block_that_the_rule_wants()
    {
        await using var judging = new Judging();
        var next = await AlmostBlockedAsync(judging);
        await judging.SubmitAsync(Hint(judging, next));
        Assert.Equal(new(1, 0, null), await judging.SubmitAsync(next));
        var block = Assert.Single(judging.Store.Blocks.All);
        Assert.False(block.IsHint);
        Assert.True(block.Until!.Value - block.CreatedAt >= TimeSpan.FromHours(4));
    }

    [Fact]
    public async Task Hints_teach_nothing_however_many_they_are()
    {
        await using var told = new Judging();
        await using var untold = new Judging();
        foreach (var judging in (Judging[])[told, untold]) await judging.SubmitAsync(Spray(0));
        for (var i = 0; i < 50; i++) await told.SubmitAsync(Hint(told, Spray(i % 40) with { Id = $"hint-{i}" }));
        var lines = told.Lines.Count;
        foreach (var judging in (Judging[])[told, untold]) await judging.SubmitAsync(Spray(1), new Login("42", TimeSpan.FromMinutes(5), Attacker) { Id = "login" });
        Assert.Equal(untold.Lines[^2..], told.Lines[^2..]);
        Assert.Equal(51, lines);
    }

    [Fact]
    public async Task A_hint_of_an_event_that_is_known_is_a_repeat()
    {
        await using var judging = new Judging();
        await judging.SubmitAsync(Spray(0));
        Assert.Equal(new(0, 1, null), await judging.SubmitAsync(Hint(judging, Spray(0))));
    }

    [Fact]
    public void A_shorter_block_stays_shorter()
    {
        var at = EventTime.From(Judging.Noon);
        var block = new Block { Scope = BlockScope.Ip, Value = Attacker, Reason = "r", Origin = BlockOrigin.Policy, CreatedAt = at, Until = at + TimeSpan.FromMinutes(1) };
        Assert.Equal(block.Until, HintBlock.Of(block).Until);
        Assert.Equal(at + HintBlock.Longest, HintBlock.Of(block with { Until = null }).Until);
    }

    /// <summary>Guesses at names from one address until one more would block it; that one is returned.</summary>
    private static async Task<Login> AlmostBlockedAsync(Judging judging)
    {
        await using var trial = new Judging();
        var count = 0;
        while (!trial.Store.Blocks.All.Any()) await trial.SubmitAsync(Spray(count++));
        for (var i = 0; i < count - 1; i++) await judging.SubmitAsync(Spray(i));
        Assert.Empty(judging.Store.Blocks.All);
        return Spray(count - 1);
    }

    private static Login Spray(int number) => new($"n{number}", TimeSpan.FromSeconds(number), Attacker, EventKind.LoginFailed) { Id = $"spray-{number}" };

    private static EventBatch Hint(Judging judging, Login login)
    {
        var batch = judging.Batch(login);
        batch[0].Hint = true;
        return batch;
    }
}
