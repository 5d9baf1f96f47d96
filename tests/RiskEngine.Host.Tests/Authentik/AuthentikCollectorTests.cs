using Microsoft.AspNetCore.Http;
using RiskEngine.Collectors.Authentik;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Tests.Authentik;

public sealed class AuthentikCollectorTests
{
    [Theory, InlineData(true), InlineData(false)]
    public async Task Rows_are_taken_oldest_first_and_once(bool understandsQueries)
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.UnderstandsQueries = understandsQueries;
        authentik.Add(Polled.Rows(250).Reverse());
        using var polled = new Polled(authentik);
        await polled.PollUntilCaughtUpAsync();
        await polled.PollUntilCaughtUpAsync();
        Assert.Equal(Polled.IdsOf(250), polled.Ids);
        Assert.Equal(understandsQueries, polled.Collector.IsQuerying);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_row_that_was_committed_late_is_taken_within_the_overlap(bool understandsQueries)
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.UnderstandsQueries = understandsQueries;
        authentik.Add(Polled.Row(1, 200), Polled.Row(2, 30));
        using var polled = new Polled(authentik);
        await polled.PollAsync();
        authentik.Add(Polled.Row(3, 145), Polled.Row(4, 10));
        await polled.PollAsync();
        Assert.Equal([Polled.Row(1, 0).Pk, Polled.Row(2, 0).Pk, Polled.Row(3, 0).Pk, Polled.Row(4, 0).Pk], polled.Ids);
    }

    [Fact]
    public async Task Only_what_tells_of_accounts_is_asked_for()
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.Add(Polled.Row(1, 30), Polled.Row(2, 20, "policy_execution"), Polled.Row(3, 10, "login_failed"));
        using var polled = new Polled(authentik);
        await polled.PollAsync();
        Assert.Equal([Polled.Row(1, 0).Pk, Polled.Row(3, 0).Pk], polled.Ids);
    }

    [Fact]
    public async Task A_query_that_is_no_longer_understood_is_noticed_although_it_is_no_error()
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.Add(Polled.Row(1, 30));
        using var polled = new Polled(authentik);
        await polled.PollAsync();
        Assert.True(polled.Collector.IsQuerying);
        authentik.UnderstandsQueries = false;
        authentik.Add(Polled.Row(2, 5));
        Assert.Equal(1, (await polled.PollAsync()).Rows);
        Assert.False(polled.Collector.IsQuerying);
    }

    [Fact]
    public async Task A_last_row_that_was_deleted_is_no_reason_to_stop_querying()
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.Add(Polled.Row(1, 300), Polled.Row(2, 30));
        using var polled = new Polled(authentik);
        await polled.PollAsync();
        authentik.Remove(row => row.Pk == Polled.Row(2, 0).Pk);
        authentik.Add(Polled.Row(3, 5));
        await polled.PollAsync();
        Assert.True(polled.Collector.IsQuerying);
        Assert.Equal([Polled.Row(1, 0).Pk, Polled.Row(2, 0).Pk, Polled.Row(3, 0).Pk], polled.Ids);
    }

    [Fact]
    public async Task An_authentik_without_rows_is_asked_again_and_what_it_understands_is_found_out_later()
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        using var polled = new Polled(authentik);
        Assert.Equal(new PollResult(0, 0, null), await polled.PollAsync());
        Assert.Null(polled.Collector.IsQuerying);
        authentik.Add(Polled.Row(1, 5));
        Assert.Equal(1, (await polled.PollAsync()).Rows);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_backlog_is_taken_in_bounded_polls_without_gap_or_repeat(bool understandsQueries)
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.UnderstandsQueries = understandsQueries;
        authentik.Add(Polled.Rows(1230));
        using var polled = new Polled(authentik, change: settings => settings with { PagesPerPoll = 4 });
        var first = await polled.PollAsync();
        Assert.InRange(first.Waiting, 1, 1230);
        await polled.PollUntilCaughtUpAsync();
        Assert.Equal(Polled.IdsOf(1230), polled.Ids);
    }

    [Theory, InlineData(true, 0.1), InlineData(false, 0.1), InlineData(true, 0.0001), InlineData(false, 0)]
    public async Task A_burst_that_is_more_than_a_poll_reads_within_the_overlap_is_taken_as_well(bool understandsQueries, double secondsApart)
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.UnderstandsQueries = understandsQueries;
        authentik.Add(Enumerable.Range(0, 1230).Select(i => Polled.Row(i, 1 + ((1230 - i) * secondsApart))));
        using var polled = new Polled(authentik, change: settings => settings with { PagesPerPoll = 4 });
        await polled.PollUntilCaughtUpAsync();
        Assert.Equal(Polled.IdsOf(1230), polled.Ids);
        authentik.Add(Polled.Row(5000, 0));
        await polled.PollUntilCaughtUpAsync();
        Assert.Equal(Polled.Row(5000, 0).Pk, polled.Ids[^1]);
    }

    [Fact]
    public async Task A_proxy_that_answers_each_page_with_the_same_one_is_not_asked_for_ever()
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.Add(Polled.Rows(1));
        using var polled = new Polled(authentik, change: settings => settings with { PagesPerPoll = 4 });
        await polled.PollAsync();
        authentik.Requests.Clear();
        authentik.Instead = context => context.Response.WriteAsJsonAsync(new
        {
            pagination = new { next = 2, count = 1_000_000, total_pages = 1_000_000 }, results = new[] { AuthentikStandIn.Event(Polled.Row(0, 1)) },
        });
        Assert.InRange((await polled.PollAsync()).Waiting, 1, 1_000_000);
        Assert.InRange(authentik.Requests.Count, 1, 100);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Where_authentik_gives_shorter_pages_than_were_asked_for_what_waits_is_still_known(bool understandsQueries)
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        (authentik.UnderstandsQueries, authentik.LargestPage) = (understandsQueries, 20);
        authentik.Add(Polled.Rows(1500));
        using var polled = new Polled(authentik);
        Assert.InRange((await polled.PollAsync()).Waiting, 400, 1000);
        await polled.PollUntilCaughtUpAsync();
        Assert.Equal(Polled.IdsOf(1500), polled.Ids);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Of_an_old_and_large_table_only_the_window_is_read(bool understandsQueries)
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.UnderstandsQueries = understandsQueries;
        authentik.Add(Enumerable.Range(10_000, 3000).Select(i => Polled.Row(i, 400_000 + i)));
        authentik.Add(Polled.Rows(900));
        using var polled = new Polled(authentik, change: settings => settings with { PagesPerPoll = 12 });
        await polled.PollUntilCaughtUpAsync();
        Assert.Equal(Polled.IdsOf(900), polled.Ids);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Rows_that_come_while_pages_are_read_are_neither_lost_nor_taken_twice(bool understandsQueries)
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.UnderstandsQueries = understandsQueries;
        authentik.Add(Polled.Rows(300));
        var extra = 0;
        authentik.BeforeAnswer = at =>
        {
            if (extra < 60) at.Add(Enumerable.Range(0, 3).Select(_ => Polled.Row(100_000 + extra, -0.001 * extra++)));
        };
        using var polled = new Polled(authentik);
        for (var i = 0; i < 40; i++) Assert.Null((await polled.PollAsync()).Fault);
        Assert.Equal(360, polled.Ids.Count);
        Assert.Equal(360, polled.Ids.Distinct().Count());
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task Rows_that_go_while_pages_are_read_do_not_hide_others(bool understandsQueries)
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.UnderstandsQueries = understandsQueries;
        authentik.Add(Polled.Rows(350));
        var requests = 0;
        // Somebody's account is deleted, and their events with it, just before the second page is asked for.
        authentik.BeforeAnswer = at =>
        {
            if (++requests == 4) at.Remove(row => int.Parse(row.Pk[..8], System.Globalization.NumberStyles.HexNumber) is < 40 or >= 310);
        };
        using var polled = new Polled(authentik);
        await polled.PollUntilCaughtUpAsync();
        Assert.Empty(Polled.IdsOf(310)[40..].Except(polled.Ids));
        Assert.Equal(polled.Ids.Count, polled.Ids.Distinct().Count());
    }

    [Fact]
    public async Task Clocks_that_differ_by_five_minutes_cost_nothing()
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.Add(Polled.Row(1, -300), Polled.Row(2, 300));
        using var polled = new Polled(authentik);
        Assert.Equal(2, (await polled.PollAsync()).Rows);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_row_too_far_ahead_waits_for_its_time_and_nothing_else_does(bool understandsQueries)
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.UnderstandsQueries = understandsQueries;
        authentik.Add(Polled.Row(1, 30), Polled.Row(2, -900), Polled.Row(3, -1000));
        using var polled = new Polled(authentik);
        Assert.Equal(new PollResult(1, 0, null) { Ahead = 2 }, await polled.PollAsync());
        polled.Clock.Advance(TimeSpan.FromSeconds(30));
        authentik.Add(Polled.Row(4, -29));
        Assert.Equal(new PollResult(1, 0, null), await polled.PollAsync());
        polled.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(new PollResult(1, 0, null), await polled.PollAsync());
        Assert.Equal([Polled.Row(1, 0).Pk, Polled.Row(4, 0).Pk, Polled.Row(2, 0).Pk], polled.Ids);
        polled.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(new PollResult(1, 0, null), await polled.PollAsync());
        Assert.Equal(Polled.Row(3, 0).Pk, polled.Ids[^1]);
        Assert.Empty(polled.Rejected);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task A_row_ahead_that_was_taken_hides_none_of_the_present(bool understandsQueries, bool isRestarted)
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.UnderstandsQueries = understandsQueries;
        authentik.Add(Polled.Row(1, 30), Polled.Row(2, -540));
        using var polled = new Polled(authentik);
        Assert.Equal(2, (await polled.PollAsync()).Rows);
        authentik.Add(Polled.Row(3, -20), Polled.Row(4, -200));
        using var after = new Polled(authentik, AuthentikCursor.Parse(polled.Cursor, authentik.Url));
        var next = isRestarted ? after : polled;
        next.Clock.Advance(TimeSpan.FromSeconds(210));
        Assert.Null((await next.PollAsync()).Fault);
        Assert.Subset(next.Ids.ToHashSet(), new HashSet<string> { Polled.Row(3, 0).Pk, Polled.Row(4, 0).Pk });
        Assert.Equal(next.Ids.Count, next.Ids.Distinct().Count());
    }

    [Fact]
    public async Task Pages_full_of_rows_ahead_are_not_read_and_hide_nothing()
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.Add(Polled.Rows(150));
        authentik.Add(Enumerable.Range(1000, 500).Select(i => Polled.Row(i, -2000 - i)));
        using var polled = new Polled(authentik);
        Assert.Equal(new PollResult(150, 0, null) { Ahead = 50 }, await polled.PollAsync());
        Assert.Equal(Polled.IdsOf(150), polled.Ids);
        authentik.Requests.Clear();
        await polled.PollAsync();
        Assert.InRange(authentik.Requests.Count, 1, 4);
    }

    [Fact]
    public async Task A_faulty_row_costs_itself_alone_and_once()
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.Add(Polled.Row(1, 30), Polled.Row(2, 20) with { Ip = "10.0.0.1:80" }, Polled.Row(3, 10));
        using var polled = new Polled(authentik);
        await polled.PollAsync();
        await polled.PollAsync();
        Assert.Equal([Polled.Row(1, 0).Pk, Polled.Row(3, 0).Pk], polled.Ids);
        Assert.Equal(DefectReason.BadAddress, Assert.Single(polled.Rejected).Defect.Reason);
    }

    [Fact]
    public async Task A_stored_cursor_is_where_the_next_process_goes_on()
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.Add(Polled.Row(1, 3000), Polled.Row(2, 30));
        using var before = new Polled(authentik);
        await before.PollAsync();
        authentik.Add(Polled.Row(3, 10));
        using var after = new Polled(authentik, AuthentikCursor.Parse(before.Cursor, authentik.Url));
        await after.PollAsync();
        Assert.Equal([Polled.Row(2, 0).Pk, Polled.Row(3, 0).Pk], after.Ids);
    }

    [Theory, InlineData(null), InlineData(""), InlineData("x"), InlineData("2026-11-21T20:00:00.000Z pk http://elsewhere.example")]
    public void A_cursor_that_is_none_or_of_another_address_is_not_used(string? text) =>
        Assert.Null(AuthentikCursor.Parse(text, new Uri("http://127.0.0.1:9000")));

    [Fact]
    public async Task Where_rows_could_not_be_stored_the_cursor_stays_and_they_come_again()
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.Add(Polled.Rows(3));
        using var polled = new Polled(authentik);
        await Assert.ThrowsAsync<IOException>(() => polled.Collector.PollAsync((_, _, _, _) => throw new IOException(), CancellationToken.None));
        Assert.Null(polled.Collector.Cursor);
        Assert.Equal(3, (await polled.PollAsync()).Rows);
    }
}
