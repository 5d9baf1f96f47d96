using Microsoft.AspNetCore.Http;
using RiskEngine.Collectors.Authentik;

namespace RiskEngine.Host.Tests.Authentik;

/// <summary>What an API that misbehaves does to a poll: a clear fault, the cursor where it was, and nothing lost.</summary>
public sealed class PollFaultTests
{
    private static readonly Dictionary<string, Func<HttpContext, Task>> Misbehaviour = new()
    {
        ["401"] = context => Status(context, 401),
        ["403"] = context => Status(context, 403),
        ["404"] = context => Status(context, 404),
        ["429"] = context => Status(context, 429, "Retry-After", "77"),
        ["500"] = context => Status(context, 500),
        ["503"] = context => Status(context, 503, "Retry-After", "Sat, 21 Nov 2099 20:00:00 GMT"),
        ["302"] = context => Status(context, 302, "Location", "/if/flow/default-authentication-flow/"),
        ["html"] = context => Text(context, "text/html", "<html><title>Sign in</title></html>"),
        ["html called json"] = context => Text(context, "application/json", "<html></html>"),
        ["half a page"] = context => Text(context, "application/json", """{"pagination":{"next":0,"count":1},"results":[{"pk":"a","crea"""),
        ["no page"] = context => Text(context, "application/json", """{"detail":"fine"}"""),
        ["a list"] = context => Text(context, "application/json", "[]"),
        ["cut off"] = async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = 5000;
            await context.Response.WriteAsync("""{"pagination":""");
            await context.Response.Body.FlushAsync();
            context.Abort();
        },
        ["too large"] = context => Text(context, "application/json", "{\"results\":\"" + new string('x', 300_000)),
        ["hang"] = context => Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default),
    };

    [Theory]
    [InlineData("401", PollFailure.Unauthorized)]
    [InlineData("403", PollFailure.Forbidden)]
    [InlineData("404", PollFailure.NotFound)]
    [InlineData("429", PollFailure.Throttled)]
    [InlineData("500", PollFailure.ServerError)]
    [InlineData("503", PollFailure.ServerError)]
    [InlineData("302", PollFailure.UnexpectedStatus)]
    [InlineData("html", PollFailure.NotJson)]
    [InlineData("html called json", PollFailure.BadPage)]
    [InlineData("half a page", PollFailure.BadPage)]
    [InlineData("no page", PollFailure.BadPage)]
    [InlineData("a list", PollFailure.BadPage)]
    [InlineData("too large", PollFailure.TooLarge)]
    [InlineData("hang", PollFailure.TimedOut)]
    public async Task A_poll_that_fails_says_why_moves_nothing_and_the_next_one_loses_nothing(string kind, PollFailure expected)
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.Add(Polled.Row(1, 30));
        using var polled = new Polled(authentik, change: settings => settings with { BodyLimit = 200_000, Timeout = kind == "hang" ? TimeSpan.FromMilliseconds(300) : TimeSpan.FromSeconds(30) });
        await polled.PollAsync();
        var cursor = polled.Collector.Cursor;
        authentik.Add(Polled.Row(2, 20));
        authentik.Instead = Misbehaviour[kind];
        var result = await polled.PollAsync();
        Assert.Equal((0, expected), (result.Rows, result.Fault!.Failure));
        Assert.Equal(cursor, polled.Collector.Cursor);
        Assert.DoesNotContain(AuthentikStandIn.Token, result.Fault.ToString(), StringComparison.Ordinal);

        authentik.Instead = null;
        Assert.Null((await polled.PollAsync()).Fault);
        Assert.Equal([Polled.Row(1, 0).Pk, Polled.Row(2, 0).Pk], polled.Ids);
    }

    /// <summary>Whether the headers came before the end is for the network to say.</summary>
    [Fact]
    public async Task A_connection_that_breaks_off_loses_nothing()
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.Add(Polled.Row(1, 30));
        using var polled = new Polled(authentik);
        authentik.Instead = Misbehaviour["cut off"];
        Assert.Contains((await polled.PollAsync()).Fault!.Failure, (PollFailure[])[PollFailure.BadPage, PollFailure.Unreachable]);
        authentik.Instead = null;
        Assert.Equal(1, (await polled.PollAsync()).Rows);
    }

    [Fact]
    public async Task What_was_read_before_a_failing_page_stays_taken_and_the_rest_follows()
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.Add(Polled.Rows(250));
        var requests = 0;
        authentik.BeforeAnswer = at => at.Instead = ++requests == 4 ? Misbehaviour["500"] : null;
        using var polled = new Polled(authentik);
        var broken = await polled.PollAsync();
        Assert.Equal((200, PollFailure.ServerError), (broken.Rows, broken.Fault!.Failure));
        authentik.Instead = null;
        await polled.PollUntilCaughtUpAsync();
        Assert.Equal(Polled.IdsOf(250), polled.Ids);
    }

    [Fact]
    public async Task How_long_to_wait_is_taken_from_the_answer_within_reason()
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        using var polled = new Polled(authentik);
        authentik.Instead = Misbehaviour["429"];
        Assert.Equal(TimeSpan.FromSeconds(77), (await polled.PollAsync()).Fault!.RetryAfter);
        authentik.Instead = Misbehaviour["503"];
        Assert.Equal(TimeSpan.FromMinutes(15), (await polled.PollAsync()).Fault!.RetryAfter);
    }

    [Fact]
    public async Task A_token_is_read_anew_for_each_poll()
    {
        await using var authentik = await AuthentikStandIn.StartAsync();
        authentik.Add(Polled.Row(1, 30));
        using var polled = new Polled(authentik) { Token = null };
        Assert.Equal(PollFailure.Token, (await polled.PollAsync()).Fault!.Failure);
        Assert.Empty(authentik.Requests);
        polled.Token = "another";
        Assert.Equal(PollFailure.Unauthorized, (await polled.PollAsync()).Fault!.Failure);
        polled.Token = AuthentikStandIn.Token;
        Assert.Equal(1, (await polled.PollAsync()).Rows);
    }

    [Fact]
    public async Task Nobody_who_listens_is_unreachable()
    {
        Polled polled;
        await using (var authentik = await AuthentikStandIn.StartAsync()) polled = new Polled(authentik);
        using (polled) Assert.Equal(PollFailure.Unreachable, (await polled.PollAsync()).Fault!.Failure);
    }

    [Fact]
    public void The_pace_doubles_with_each_failure_up_to_five_minutes_and_begins_anew()
    {
        var pace = new PollPace(TimeSpan.FromSeconds(30));
        Assert.Equal([60, 120, 240, 300, 300], Enumerable.Range(0, 5).Select(_ => pace.AfterFailure(null).TotalSeconds));
        Assert.Equal(TimeSpan.FromSeconds(30), pace.AfterSuccess(isCaughtUp: true));
        Assert.Equal(TimeSpan.FromSeconds(60), pace.AfterFailure(null));
    }

    [Fact]
    public void The_pace_is_never_faster_than_was_asked_for_and_fast_while_behind()
    {
        var pace = new PollPace(TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.FromSeconds(600), pace.AfterFailure(TimeSpan.FromSeconds(600)));
        Assert.Equal(TimeSpan.FromSeconds(120), pace.AfterFailure(TimeSpan.FromSeconds(5)));
        Assert.Equal(TimeSpan.FromSeconds(1), pace.AfterSuccess(isCaughtUp: false));
    }

    private static Task Status(HttpContext context, int status, string? header = null, string? value = null)
    {
        context.Response.StatusCode = status;
        if (header is not null) context.Response.Headers[header] = value;
        return Task.CompletedTask;
    }

    private static Task Text(HttpContext context, string type, string text)
    {
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text);
    }
}
