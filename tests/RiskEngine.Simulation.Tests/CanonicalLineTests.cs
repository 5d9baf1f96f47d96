using System.Text.Json;
using RiskEngine.Core.Events;

namespace RiskEngine.Simulation.Tests;

public sealed class CanonicalLineTests
{
    private static readonly string[] Lines = Traffic.Lines(new SimulationSettings { Users = 60, Days = 2 });

    [Fact]
    public void Every_line_has_what_the_contract_requires()
    {
        Assert.All(Lines, line =>
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            Assert.True(root.GetProperty("id").TryGetGuid(out _));
            Assert.EndsWith("Z", root.GetProperty("occurred_at").GetString());
            Assert.NotEqual(EventKind.Other, EventKinds.Parse(System.Text.Encoding.UTF8.GetBytes(root.GetProperty("kind").GetString()!)));
            Assert.NotEmpty(root.GetProperty("subject").GetProperty("name").GetString()!);
            if (root.TryGetProperty("source_ip", out var address)) Assert.True(IpAddress.TryParse(address.GetString(), out _));
        });
    }

    [Fact]
    public void Fields_are_those_of_the_contract_and_the_label()
    {
        string[] known =
        [
            "id", "occurred_at", "kind", "subject", "source_ip", "user_agent", "geo", "asn", "device_id", "session_id", "application", "auth_method",
            "mfa", "reason", "round_trip_ms", "label",
        ];
        Assert.All(Lines, line =>
        {
            using var document = JsonDocument.Parse(line);
            Assert.All(document.RootElement.EnumerateObject(), property => Assert.Contains(property.Name, known));
        });
    }

    [Fact]
    public void Ids_never_repeat() => Assert.Equal(Lines.Length, Lines.Select(line => line.Split(',')[0]).Distinct().Count());

    [Fact]
    public void Times_never_decrease()
    {
        for (var i = 1; i < Traffic.Small.Length; i++) Assert.True(Traffic.Small[i].Time >= Traffic.Small[i - 1].Time);
    }

    [Fact]
    public void Unknown_users_come_by_name_only() =>
        Assert.All(Traffic.Small.Where(row => row.Reason == "unknown_user"), row => Assert.True(!row.IsKnown && row.Kind == "login_failed"));

    [Fact]
    public void Honest_people_mistype_their_names_and_passwords()
    {
        Assert.Contains(Traffic.HonestMonth, row => row.Reason == "unknown_user");
        Assert.Contains(Traffic.HonestMonth, row => row.Reason == "invalid_password");
    }

    [Theory, InlineData("logout"), InlineData("session_seen"), InlineData("password_changed"), InlineData("factor_added")]
    [InlineData("account_created"), InlineData("mfa_failed"), InlineData("token_used")]
    public void A_month_has_more_than_logins(string kind) => Assert.Contains(Traffic.HonestMonth, row => row.Kind == kind);

    [Fact]
    public void A_new_account_is_created_before_it_logs_in()
    {
        var created = Traffic.HonestMonth.Where(row => row.Kind == "account_created").ToDictionary(row => row.Subject, row => row.Time);
        Assert.True(created.Count >= 10);
        Assert.All(Traffic.HonestMonth.Where(row => row.IsKnown && created.ContainsKey(row.Subject)), row => Assert.True(row.Time >= created[row.Subject]));
    }
}
