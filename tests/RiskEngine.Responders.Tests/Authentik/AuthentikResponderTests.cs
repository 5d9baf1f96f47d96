using Microsoft.AspNetCore.Http;
using RiskEngine.Core.Events;
using RiskEngine.Responders.Authentik;
using RiskEngine.Testing;

namespace RiskEngine.Responders.Tests.Authentik;

public sealed class AuthentikResponderTests
{
    [Fact]
    public async Task Compromised_puts_the_person_into_the_group_once_and_safe_takes_it_out_again()
    {
        await using var authentik = await FakeAuthentik.StartAsync();
        using var acting = new Acting(authentik.Url);
        var owed = acting.Word(FeedbackLabel.Compromised);
        Assert.Equal("membership", Assert.Single(owed).Kind);
        Assert.Equal([DeliveryResult.Delivered, DeliveryResult.Delivered], await acting.DoAsync([owed[0], owed[0]]));
        Assert.Equal([42], authentik.Members);
        Assert.Equal([DeliveryResult.Delivered], await acting.DoAsync(acting.Word(FeedbackLabel.Safe)));
        Assert.Empty(authentik.Members);
        Assert.Empty(acting.Word(FeedbackLabel.Dismissed));
    }

    [Fact]
    public async Task By_default_nothing_but_membership_is_touched()
    {
        await using var authentik = await FakeAuthentik.StartAsync();
        authentik.Sessions[Guid.NewGuid()] = (42, "203.0.113.7");
        using var acting = new Acting(authentik.Url);
        await acting.DoAsync(acting.Word(FeedbackLabel.Compromised));
        Assert.Single(authentik.Sessions);
        Assert.True(authentik.Users[42].IsActive);
        Assert.Empty(authentik.Events);
        Assert.Empty(acting.Released(BlockScope.Ip, "203.0.113.7"));
    }

    [Fact]
    public async Task All_sessions_of_the_person_end_and_those_of_others_stay()
    {
        await using var authentik = await FakeAuthentik.StartAsync();
        var (mine, elsewhere, other) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        (authentik.Sessions[mine], authentik.Sessions[elsewhere], authentik.Sessions[other]) = ((42, "203.0.113.7"), (42, "198.51.100.9"), (43, "203.0.113.7"));
        using var acting = new Acting(authentik.Url, new AuthentikActs { EndSessions = EndedSessions.All });
        Assert.All(await acting.DoAsync(acting.Word(FeedbackLabel.Compromised)), result => Assert.Equal(DeliveryResult.Delivered, result));
        Assert.Equal([other], authentik.Sessions.Keys);
    }

    [Fact]
    public async Task Of_one_login_only_the_sessions_from_its_address_end()
    {
        await using var authentik = await FakeAuthentik.StartAsync();
        var (mine, elsewhere, other) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        (authentik.Sessions[mine], authentik.Sessions[elsewhere], authentik.Sessions[other]) = ((42, "203.0.113.7"), (42, "198.51.100.9"), (43, "203.0.113.7"));
        using var acting = new Acting(authentik.Url, new AuthentikActs { EndSessions = EndedSessions.Login });
        await acting.DoAsync(acting.Word(FeedbackLabel.Compromised));
        Assert.Equal(new[] { elsewhere, other }.Order(), authentik.Sessions.Keys.Order());
    }

    [Fact]
    public async Task More_sessions_than_one_page_holds_end_all_the_same()
    {
        await using var authentik = await FakeAuthentik.StartAsync();
        for (var i = 0; i < 101; i++) authentik.Sessions[Guid.NewGuid()] = (42, "203.0.113.7");
        using var acting = new Acting(authentik.Url, new AuthentikActs { Membership = false, EndSessions = EndedSessions.Login });
        var owed = acting.Word(FeedbackLabel.Compromised);
        Assert.Equal((DeliveryVerdict.Retry, "conflict"), Short(await acting.DoAsync(owed)));
        Assert.Equal([DeliveryResult.Delivered], await acting.DoAsync(owed));
        Assert.Empty(authentik.Sessions);
    }

    [Fact]
    public async Task An_account_is_deactivated_where_that_is_meant_and_safe_does_not_activate_it()
    {
        await using var authentik = await FakeAuthentik.StartAsync();
        using var acting = new Acting(authentik.Url, new AuthentikActs { Deactivate = true });
        await acting.DoAsync(acting.Word(FeedbackLabel.Compromised));
        Assert.False(authentik.Users[42].IsActive);
        await acting.DoAsync(acting.Word(FeedbackLabel.Safe));
        Assert.False(authentik.Users[42].IsActive);
    }

    [Fact]
    public async Task A_released_address_loses_its_reputation_there_and_a_released_person_leaves_the_group()
    {
        await using var authentik = await FakeAuthentik.StartAsync();
        var other = Guid.NewGuid();
        (authentik.Reputation[Guid.NewGuid()], authentik.Reputation[Guid.NewGuid()], authentik.Reputation[other]) = ("203.0.113.7", "203.0.113.7", "198.51.100.9");
        authentik.Members.Add(42);
        using var acting = new Acting(authentik.Url, new AuthentikActs { ForgetReputation = true });
        Assert.All(await acting.DoAsync(acting.Released(BlockScope.Pair, "jane@203.0.113.7")), result => Assert.Equal(DeliveryResult.Delivered, result));
        Assert.Equal([other], authentik.Reputation.Keys);
        Assert.Empty(authentik.Members);
        authentik.Members.Add(42);
        await acting.DoAsync(acting.Released(BlockScope.Subject, "42"));
        Assert.Empty(authentik.Members);
    }

    [Fact]
    public async Task The_event_is_marked_as_ours_and_names_whom_and_whence()
    {
        await using var authentik = await FakeAuthentik.StartAsync();
        using var acting = new Acting(authentik.Url, new AuthentikActs { Membership = false, SuspiciousRequest = true });
        await acting.DoAsync(acting.Word(FeedbackLabel.Compromised));
        var written = Assert.Single(authentik.Events);
        Assert.Equal(("suspicious_request", "riskengine", "203.0.113.7"), (written["action"]!.GetValue<string>(), written["app"]!.GetValue<string>(), written["client_ip"]!.GetValue<string>()));
        Assert.Equal((42, "jane"), (written["user"]!["pk"]!.GetValue<int>(), written["user"]!["username"]!.GetValue<string>()));
        Assert.Equal("e1", written["context"]![AuthentikResponder.Mark]!["event"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("43", "jane")]
    [InlineData("nobody", "jane")]
    [InlineData("", "ghost")]
    [InlineData("", "")]
    [InlineData("99", "")]
    public async Task Where_it_is_not_certain_who_is_meant_nobody_is_touched_and_the_item_is_given_up(string id, string name)
    {
        await using var authentik = await FakeAuthentik.StartAsync();
        using var acting = new Acting(authentik.Url, Acting.Everything);
        var results = await acting.DoAsync(acting.Word(FeedbackLabel.Compromised, id, name));
        Assert.All(results, result => Assert.Equal((DeliveryVerdict.Never, "not_found"), (result.Verdict, result.Reason)));
        Assert.Empty(authentik.Members);
        Assert.DoesNotContain(authentik.Requests, request => !request.StartsWith("GET", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("john")]
    public async Task A_bare_number_is_acted_upon_only_under_the_name_that_its_events_have(string? name)
    {
        await using var authentik = await FakeAuthentik.StartAsync();
        authentik.Members.Add(42);
        using var acting = new Acting(authentik.Url, Acting.Everything, nameOf: _ => name);
        foreach (var owed in new[] { acting.Released(BlockScope.Subject, "42"), acting.Word(FeedbackLabel.Compromised, name: "") })
        {
            Assert.NotEmpty(owed);
            Assert.All(await acting.DoAsync(owed), result => Assert.Equal((DeliveryVerdict.Never, "not_found"), (result.Verdict, result.Reason)));
        }

        Assert.Equal([42], authentik.Members);
        Assert.DoesNotContain(authentik.Requests, request => !request.StartsWith("GET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_is_known_only_as_a_pseudonym_is_no_account_and_owes_nothing()
    {
        using var acting = new Acting(new Uri("http://127.0.0.1:1"), Acting.Everything);
        Assert.Empty(acting.Word(FeedbackLabel.Compromised, "", Acting.Hash.UnknownName("jane")));
        await Task.CompletedTask;
    }

    [Theory]
    [InlineData(301, DeliveryVerdict.Unavailable, "redirected")]
    [InlineData(400, DeliveryVerdict.Never, "rejected")]
    [InlineData(401, DeliveryVerdict.Unavailable, "unauthorized")]
    [InlineData(403, DeliveryVerdict.Retry, "forbidden")]
    [InlineData(409, DeliveryVerdict.Retry, "conflict")]
    [InlineData(429, DeliveryVerdict.Unavailable, "throttled")]
    [InlineData(500, DeliveryVerdict.Unavailable, "server_error")]
    public async Task Each_refusal_has_its_consequence_for_every_act_and_nothing_is_done(int status, DeliveryVerdict verdict, string reason)
    {
        await using var authentik = await FakeAuthentik.StartAsync();
        using var acting = new Acting(authentik.Url, Acting.Everything);
        foreach (var path in new[] { "add_user", "bulk_delete", "core/users/42/", "events/events", "core/users/" })
        {
            authentik.InsteadStatus(status, path);
            var results = await acting.DoAsync(acting.Word(FeedbackLabel.Compromised));
            Assert.Contains(results, result => (result.Verdict, result.Reason) == (verdict, reason));
            Assert.All(results, result => Assert.True(result.Verdict == DeliveryVerdict.Delivered || (result.Verdict, result.Reason) == (verdict, reason)));
        }

        authentik.InsteadStatus(status, "reputation");
        var forgotten = Assert.Single(await acting.DoAsync(acting.Released(BlockScope.Ip, "203.0.113.7")));
        Assert.Equal((verdict, reason), (forgotten.Verdict, forgotten.Reason));
        if (status == 429) Assert.Equal(TimeSpan.FromSeconds(9), forgotten.NotBefore);
    }

    [Fact]
    public async Task One_that_hangs_up_hangs_answers_garbage_or_is_not_there_is_out_of_order()
    {
        await using var authentik = await FakeAuthentik.StartAsync();
        using var acting = new Acting(authentik.Url, timeout: 1000);
        var owed = acting.Word(FeedbackLabel.Compromised);
        authentik.Instead = context =>
        {
            context.Abort();
            return Task.FromResult(true);
        };
        Assert.Equal((DeliveryVerdict.Unavailable, "broken"), Short(await acting.DoAsync(owed)));
        authentik.Instead = async context =>
        {
            await context.Response.WriteAsync("<html>sign in</html>");
            return true;
        };
        Assert.Equal((DeliveryVerdict.Unavailable, "bad_answer"), Short(await acting.DoAsync(owed)));
        authentik.Instead = async context =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return true;
        };
        Assert.Equal((DeliveryVerdict.Unavailable, "timed_out"), Short(await acting.DoAsync(owed)));
        await authentik.DisposeAsync();
        Assert.Equal((DeliveryVerdict.Unavailable, "unreachable"), Short(await acting.DoAsync(owed)));
    }

    [Fact]
    public async Task A_group_that_is_not_there_is_waited_for_and_one_made_anew_is_found()
    {
        await using var authentik = await FakeAuthentik.StartAsync();
        using var acting = new Acting(authentik.Url);
        authentik.GroupName = "other";
        var missing = Assert.Single(await acting.DoAsync(acting.Word(FeedbackLabel.Compromised)));
        Assert.Equal((DeliveryVerdict.Unavailable, "not_found"), (missing.Verdict, missing.Reason));
        Assert.Contains("risk-high", missing.Words, StringComparison.Ordinal);
        authentik.GroupName = "risk-high";
        await acting.DoAsync(acting.Word(FeedbackLabel.Compromised));
        authentik.GroupId = "99999999-2222-4333-8444-555555555555";
        Assert.Equal([DeliveryResult.Delivered], await acting.DoAsync(acting.Word(FeedbackLabel.Safe)));
        Assert.Empty(authentik.Members);
    }

    [Fact]
    public async Task A_token_that_cannot_be_read_or_is_refused_is_told_and_its_text_is_nowhere()
    {
        await using var authentik = await FakeAuthentik.StartAsync();
        using var none = new Acting(authentik.Url, token: null);
        Assert.Equal((DeliveryVerdict.Unavailable, "no_secret"), Short(await none.DoAsync(none.Word(FeedbackLabel.Compromised))));
        Assert.Empty(authentik.Requests);
        using var wrong = new Acting(authentik.Url, token: "wrong-token");
        var result = Assert.Single(await wrong.DoAsync(wrong.Word(FeedbackLabel.Compromised)));
        Assert.Equal((DeliveryVerdict.Unavailable, "unauthorized"), (result.Verdict, result.Reason));
        Assert.DoesNotContain("wrong-token", result.Words, StringComparison.Ordinal);
    }

    [PrismFact]
    public async Task Every_request_is_one_that_authentiks_own_schema_knows()
    {
        await using var authentik = await FakeAuthentik.StartAsync();
        await using var prism = await Prism.StartAsync(authentik.Url);
        authentik.Sessions[Guid.NewGuid()] = (42, "203.0.113.7");
        authentik.Reputation[Guid.NewGuid()] = "203.0.113.7";
        using (var login = new Acting(prism.Url, new AuthentikActs { EndSessions = EndedSessions.Login }))
            Assert.All(await login.DoAsync(login.Word(FeedbackLabel.Compromised)), result => Assert.Equal(DeliveryResult.Delivered, result));
        Assert.Empty(authentik.Sessions);
        authentik.Sessions[Guid.NewGuid()] = (42, "198.51.100.9");
        using var acting = new Acting(prism.Url, Acting.Everything);
        Assert.All(await acting.DoAsync(acting.Word(FeedbackLabel.Compromised)), result => Assert.Equal(DeliveryResult.Delivered, result));
        Assert.Equal((42, 0, false, 1), (authentik.Members.Single(), authentik.Sessions.Count, authentik.Users[42].IsActive, authentik.Events.Count));
        Assert.All(await acting.DoAsync(acting.Word(FeedbackLabel.Safe, name: "").Concat(acting.Released(BlockScope.Ip, "203.0.113.7"))), result => Assert.Equal(DeliveryResult.Delivered, result));
        Assert.Equal((0, 0), (authentik.Members.Count, authentik.Reputation.Count));

        // That the guard guards: what the schema does not know is refused before it comes through.
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", FakeAuthentik.Token);
        using var wrong = await client.PostAsync(new Uri(prism.Url, $"/api/v3/core/groups/{authentik.GroupId}/add_user/"), new StringContent("""{"user":42}""", System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(System.Net.HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
    }

    private static (DeliveryVerdict Verdict, string Reason) Short(List<DeliveryResult> results) => (results[0].Verdict, results[0].Reason);
}
