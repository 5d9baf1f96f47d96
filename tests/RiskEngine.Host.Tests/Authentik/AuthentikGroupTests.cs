using RiskEngine.Host.Composition;
using RiskEngine.Host.Tests.Telemetry;

namespace RiskEngine.Host.Tests.Authentik;

/// <summary>Groups of authentik that lie in others: their members are members of those too.</summary>
public sealed class AuthentikGroupTests : IAsyncDisposable
{
    private readonly PolledAuthentik _polled = new();

    [Fact]
    public async Task Whoever_is_in_a_group_is_in_all_that_it_lies_in()
    {
        var authentik = await _polled.StandInAsync();
        authentik.Accounts.AddRange([new(41, "internal", "payroll"), new(42, "internal", "finance"), new(43, "internal")]);
        (authentik.Parents["payroll"], authentik.Parents["finance"]) = (["finance", "audited"], ["staff"]);
        await using var engine = _polled.Open();
        using var source = _polled.Source(engine);
        Assert.Equal(("payroll,finance,audited,staff", "finance,staff", ""), await ReadAsync(engine, source));
    }

    [Fact]
    public async Task Groups_that_lie_in_each_other_end_with_each_once()
    {
        var authentik = await _polled.StandInAsync();
        authentik.Accounts.AddRange([new(41, "internal", "a"), new(42, "internal", "b", "c"), new(43, "internal", "self")]);
        (authentik.Parents["a"], authentik.Parents["b"], authentik.Parents["c"], authentik.Parents["self"]) = (["b"], ["c"], ["a"], ["self"]);
        await using var engine = _polled.Open();
        using var source = _polled.Source(engine);
        Assert.Equal(("a,b,c", "b,c,a", "self"), await ReadAsync(engine, source));
    }

    [Fact]
    public async Task A_thousand_groups_within_each_other_end_at_the_bound()
    {
        var authentik = await _polled.StandInAsync();
        authentik.Accounts.Add(new(41, "internal", "g0"));
        for (var i = 0; i < 1000; i++) authentik.Parents[$"g{i}"] = [$"g{i + 1}"];
        await using var engine = _polled.Open();
        using var source = _polled.Source(engine);
        Assert.Equal(512, (await ReadAsync(engine, source)).Item1.Split(',').Length);
    }

    [Fact]
    public async Task A_group_moved_under_another_counts_from_the_next_reading_on()
    {
        var authentik = await _polled.StandInAsync();
        authentik.Accounts.Add(new(41, "internal", "payroll"));
        await using var engine = _polled.Open();
        using var source = _polled.Source(engine);
        Assert.Equal("payroll", (await ReadAsync(engine, source)).Item1);
        var before = engine.Parts.Engine.Current.Snapshot.Facts.Version;
        authentik.Parents["payroll"] = ["finance"];
        Assert.Equal("payroll,finance", (await ReadAsync(engine, source)).Item1);
        Assert.NotEqual(before, engine.Parts.Engine.Current.Snapshot.Facts.Version);
    }

    [Fact]
    public async Task A_group_that_pages_hide_from_each_other_keeps_its_parents()
    {
        var authentik = await _polled.StandInAsync();
        authentik.Accounts.Add(new(41, "internal", "g100"));
        for (var i = 0; i < 150; i++) authentik.Parents[$"g{i:000}"] = ["staff"];
        await using var engine = _polled.Open();
        using var source = _polled.Source(engine);
        await ReadAsync(engine, source);
        // One of the first page goes before the second one is read: number 100 slips to the first.
        var answers = 0;
        authentik.BeforeAnswer = standIn =>
        {
            if (++answers == 2) standIn.Parents.Remove("g000");
        };
        Assert.Equal("g100,staff", (await ReadAsync(engine, source)).Item1);
    }

    [Fact]
    public async Task Without_the_right_to_see_groups_the_groups_of_accounts_are_known_and_it_is_told()
    {
        var authentik = await _polled.StandInAsync();
        authentik.Accounts.Add(new(41, "internal", "payroll"));
        authentik.Parents["payroll"] = ["finance"];
        authentik.VisibleGroups = null;
        await using var engine = _polled.Open();
        using var log = new RecordingLoggerFactory();
        using var source = _polled.Source(engine, log);
        Assert.Equal("payroll", (await ReadAsync(engine, source)).Item1);
        Assert.Contains("authentik_core.view_group", Assert.Single(log.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_is_never_shown_is_told_and_one_that_was_made_between_two_answers_is_not()
    {
        var authentik = await _polled.StandInAsync();
        authentik.Accounts.Add(new(41, "internal", "payroll"));
        await using var engine = _polled.Open();
        using var log = new RecordingLoggerFactory();
        using var source = _polled.Source(engine, log);
        authentik.VisibleGroups = name => name == "risk-high";
        await source.PollAccountsAsync(CancellationToken.None);
        Assert.Empty(log.Messages);
        authentik.VisibleGroups = _ => true;
        await source.PollAccountsAsync(CancellationToken.None);
        authentik.VisibleGroups = name => name == "risk-high";
        authentik.Accounts.Add(new(42, "internal", "new"));
        await source.PollAccountsAsync(CancellationToken.None);
        Assert.Empty(log.Messages);
        await source.PollAccountsAsync(CancellationToken.None);
        Assert.Contains("authentik_core.view_group", Assert.Single(log.Messages), StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _polled.DisposeAsync();

    /// <summary>Reads accounts and gives the groups of 41, 42 and 43, in the order in which they are known.</summary>
    private static async Task<(string, string, string)> ReadAsync(RunningEngine engine, AuthentikSource source)
    {
        await source.PollAccountsAsync(CancellationToken.None);
        var directory = engine.Parts.Engine.Current.Snapshot.Facts.Directory;
        string Of(string id) => directory.TryGet(id, out var account) ? string.Join(',', account.Groups.Select(group => System.Text.Encoding.UTF8.GetString(group.Span))) : "";
        return (Of("41"), Of("42"), Of("43"));
    }
}
