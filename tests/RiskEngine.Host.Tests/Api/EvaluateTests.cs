using System.Net;

namespace RiskEngine.Host.Tests.Api;

public sealed class EvaluateTests : ApiTests
{
    [Fact]
    public async Task An_assessment_has_every_field_and_adds_up()
    {
        var answer = await PostAsync("/api/v1/evaluate", SomeEvent.Login(null).Without("kind", "id", "occurred_at"), 200);

        string[] fields = ["event_id", "occurred_at", "tenant", "subject", "source_ip", "risk_score", "risk_level", "decision", "enforced", "rule", "valve", "prior", "signals", "degraded", "policy_version", "model_version", "facts_version"];
        Assert.All(fields, field => Assert.True(answer.TryGetProperty(field, out _), field));
        var odds = answer.GetProperty("prior").GetDouble() + answer.GetProperty("signals").EnumerateArray().Sum(signal => signal.GetProperty("contribution").GetDouble());
        Assert.Equal(100 / (1 + Math.Exp(-odds)), answer.GetProperty("risk_score").GetDouble(), 0.05);
    }

    [Fact]
    public async Task Asking_leaves_no_trace()
    {
        await PostAsync("/api/v1/evaluate", SomeEvent.Login("asked", "login_failed"), 200);

        using var found = await Admin.GetAsync("/api/v1/assessments/asked");
        Assert.Equal(HttpStatusCode.NotFound, found.StatusCode);
        using var profile = await Admin.GetAsync("/api/v1/subjects/42");
        Assert.Equal(HttpStatusCode.NotFound, profile.StatusCode);
        Assert.Equal(0, (await GetAsync("/api/v1/ips/81.2.69.160")).GetProperty("reputation").GetDouble());
    }

    [Theory, InlineData("Germany", true), InlineData("DE", false)]
    public async Task A_location_that_cannot_be_one_is_left_out_and_told(string country, bool isTold)
    {
        var login = SomeEvent.Login(null);
        login["geo"] = new { country, latitude = 52.5, longitude = 13.4 };
        var answer = await PostAsync("/api/v1/evaluate", login, 200);
        Assert.Equal(isTold, answer.GetProperty("degraded").EnumerateArray().Any(fact => fact.GetString() == "geo"));
    }

    [Fact]
    public async Task An_id_that_begins_as_a_hashed_name_does_is_told_from_one()
    {
        var login = SomeEvent.Login(null, subject: "~abc");
        Assert.Equal("~~abc", (await PostAsync("/api/v1/evaluate", login, 200)).GetProperty("subject").GetString());
    }

    [Fact]
    public async Task A_kind_that_is_not_judged_is_refused() => await PostAsync("/api/v1/evaluate", SomeEvent.Login(null, "logout"), 422);

    [Fact]
    public async Task A_body_beyond_64_KiB_is_refused()
    {
        using var response = await Admin.PostAsync("/api/v1/evaluate", Json.Text(new string(' ', 65_537)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task It_is_never_shed_by_the_keys_rate()
    {
        await using var server = await RunningServer.StartAsync(new RiskEngine.Host.Serving.RequestLimits { RequestsPerSecond = 0.01, RequestBurst = 1 });
        for (var i = 0; i < 5; i++)
        {
            using var response = await server.Admin.PostAsync("/api/v1/evaluate", Json.Body(SomeEvent.Login(null)));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }
}
