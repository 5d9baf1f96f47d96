using System.Net;

namespace RiskEngine.Host.Tests.Api;

public sealed class AttackTests : ApiTests
{
    [Fact]
    public async Task Before_anything_happened_there_is_no_attack()
    {
        var answer = await GetAsync("/api/v1/attacks");
        Assert.False(answer.GetProperty("under_attack").GetBoolean());
        Assert.Empty(answer.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_spray_is_listed_with_its_numbers_and_stands_in_the_audit_and_in_the_metric()
    {
        await SprayAsync("203.0.113.9", 60);
        var answer = await GetAsync("/api/v1/attacks");
        Assert.True(answer.GetProperty("under_attack").GetBoolean());
        var period = Assert.Single(answer.GetProperty("items").EnumerateArray(), each => each.GetProperty("is_attack").GetBoolean());
        Assert.Equal(("password_spray", "open"), (period.GetProperty("kind").GetString(), period.GetProperty("state").GetString()));
        Assert.InRange(period.GetProperty("peak").GetDouble(), 40, 62);
        Assert.InRange(period.GetProperty("usual").GetDouble(), 0, 5);

        var found = Assert.Single((await GetAsync("/api/v1/audit")).GetProperty("items").EnumerateArray(), entry => entry.GetProperty("target").GetString() == "attack:password_spray");
        Assert.Equal(("riskengine", "attack_found"), (found.GetProperty("who").GetString(), found.GetProperty("what").GetString()));
        Assert.DoesNotContain("203.0.113.9", found.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("riskengine_attack_active{kind=\"password_spray\"} 1", await Admin.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_kind_is_at_zero_before_anything_happened()
    {
        var text = await Admin.GetStringAsync("/metrics");
        foreach (var kind in Core.Models.AttackNames.All) Assert.Contains($"riskengine_attack_active{{kind=\"{kind}\"}} 0", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_read_decisions_may_not_read_attacks()
    {
        using var answer = await Server.Nobody.GetAsync("/api/v1/attacks");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private async Task SprayAsync(string address, int names)
    {
        using var answer = await Admin.PostAsync("/api/v1/events", Json.Text(SomeEvent.Spray(address, names), "application/x-ndjson"));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }
}
