using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Authentik;

/// <summary>What the webhook tells while authentik is polled and no poll could confirm: it must not teach anything.</summary>
public sealed class UnconfirmableTests : WebhookTests
{
    private static readonly string Now = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", System.Globalization.CultureInfo.InvariantCulture);

    private static string UnknownName { get; } =
        $$"""{"event":"invalid_login","action":"invalid_identifier","client_ip":"203.0.113.8","identifier":"nobody","request_id":"5c0f0000000000000000000000000002","timestamp":"{{Now}}"}""";

    private static string KnownFailure { get; } =
        $$$"""{"event":"Created Event","action":"login_failed","client_ip":"203.0.113.8","user":{"pk":42,"username":"jane"},"context":{},"request_id":"5c0f0000000000000000000000000003","timestamp":"{{{Now}}}"}""";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("{00000001-0000-4000-8000-000000000000}")]
    [InlineData("00000001-0000-4000-8000-00000000000g")]
    public async Task An_event_without_a_pk_of_authentiks_is_refused_in_words_and_counted(string? pk)
    {
        await using var app = await ServeAsync();
        var (status, answer) = await SendAsync(app, Json.Body((JsonNode[])[Event(Row(1).Pk), Event(pk), Event(Row(2).Pk)]));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        var fault = Assert.Single(JsonDocument.Parse(answer).RootElement.GetProperty("errors").EnumerateArray());
        Assert.Equal((1, "unconfirmable"), (fault.GetProperty("index").GetInt32(), fault.GetProperty("reason").GetString()));
        Assert.Contains("body mapping", fault.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("riskengine_events_rejected_total{reason=\"unconfirmable\",source=\"authentik_webhook\"} 1", Scrape(), StringComparison.Ordinal);
        AssertNothingLearnt();
        Assert.Equal(0, Engine.Telemetry.Hints!.PendingCount);
    }

    [Fact]
    public async Task A_page_that_holds_one_is_refused_whole()
    {
        await using var app = await ServeAsync();
        var page = new JsonObject { ["results"] = new JsonArray(Event(Row(1).Pk), Event(null)) };
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(app, Json.Body(page))).Status);
        AssertNothingLearnt();
    }

    [Fact]
    public async Task A_pk_without_dashes_is_one_of_authentiks()
    {
        await using var app = await ServeAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync(app, Json.Body(Event(Row(1).Pk.Replace("-", "", StringComparison.Ordinal))))).Status);
        Authentik.Add(Row(1));
        await PollAsync();
        Assert.Contains("riskengine_hints_total{outcome=\"confirmed\"} 1", Scrape(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_the_log_are_refused_one_by_one()
    {
        await using var app = await ServeAsync();
        var (status, answer) = await SendAsync(app, Lines(UnknownName, Event(Row(1).Pk).ToJsonString(), KnownFailure));
        Assert.Equal(HttpStatusCode.Accepted, status);
        var told = JsonDocument.Parse(answer).RootElement;
        Assert.Equal((1, 2), (told.GetProperty("accepted").GetInt32(), told.GetProperty("rejected_count").GetInt32()));
        Assert.Equal([0, 2], told.GetProperty("rejected").EnumerateArray().Select(fault => fault.GetProperty("line").GetInt32()));
        AssertNothingLearnt();
    }

    [Fact]
    public async Task A_setting_lets_failures_of_unknown_names_in_and_nothing_else()
    {
        await using var app = await ServeAsync(takesUnknownNames: true);
        var success = Event(null);
        success["user"] = new JsonObject { ["username"] = "nobody", ["is_anonymous"] = true };
        var told = JsonDocument.Parse((await SendAsync(app, Lines(UnknownName, KnownFailure, Event(null).ToJsonString(), success.ToJsonString()))).Answer).RootElement;
        Assert.Equal((1, 3), (told.GetProperty("accepted").GetInt32(), told.GetProperty("rejected_count").GetInt32()));
        var scrape = Scrape();
        Assert.Contains("riskengine_events_total{kind=\"login_failed\",source=\"authentik_webhook\"} 1", scrape, StringComparison.Ordinal);
        Assert.Contains("riskengine_events_total{kind=\"login\",source=\"authentik_webhook\"} 0", scrape, StringComparison.Ordinal);
    }

    private void AssertNothingLearnt()
    {
        var scrape = Scrape();
        foreach (var kind in (string[])["login", "login_failed"])
            Assert.Contains($"riskengine_events_total{{kind=\"{kind}\",source=\"authentik_webhook\"}} 0", scrape, StringComparison.Ordinal);
    }

    private static JsonNode Event(string? pk)
    {
        var made = JsonSerializer.SerializeToNode(AuthentikStandIn.Event(Row(1)))!;
        made["pk"] = pk;
        if (pk is null) made.AsObject().Remove("pk");
        return made;
    }

    private static StringContent Lines(params string[] lines) => Json.Text(string.Join('\n', lines), "application/x-ndjson");
}
