using RiskEngine.Core.Incidents;
using RiskEngine.Responders.Alertmanager;

namespace RiskEngine.Responders.Tests.Alertmanager;

public sealed class AlertBoardTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly AlertmanagerTarget Target = new() { Urls = [new Uri("https://am.example.org")] };

    private readonly AlertBoard _board = new(Target);

    private static PagedIncident Incident(string id = "i1", IncidentSeverity severity = IncidentSeverity.High, double lastSeen = 0) =>
        new(id, severity, "takeover", "title", "summary", ["do"], Noon.AddMinutes(-5), Noon.AddMinutes(lastSeen));

    private IReadOnlyList<Alert> At(double minute, params PagedIncident[] incidents) => _board.Next(incidents, Noon.AddMinutes(minute));

    [Fact]
    public void An_incident_fires_at_once_and_is_repeated_each_minute_until_it_is_quiet_and_then_resolved()
    {
        var first = Assert.Single(At(0, Incident()));
        Assert.Equal((new AlertKey("i1", IncidentSeverity.High), Noon.AddMinutes(-5), Noon.AddMinutes(4), false), (first.Key, first.StartsAt, first.EndsAt, first.IsResolved));
        Assert.Empty(At(0.9, Incident()));
        Assert.Equal(Noon.AddMinutes(5), Assert.Single(At(1, Incident())).EndsAt);
        Assert.False(Assert.Single(At(60, Incident())).IsResolved);
        var over = Assert.Single(At(60.1, Incident()));
        Assert.Equal((true, Noon.AddMinutes(60.1)), (over.IsResolved, over.EndsAt));
    }

    [Fact]
    public void A_resolved_one_is_repeated_for_a_quarter_of_an_hour_with_the_time_it_was_over_and_then_forgotten()
    {
        At(0, Incident());
        At(1);
        Assert.Equal(Noon.AddMinutes(1), Assert.Single(At(16)).EndsAt);
        Assert.Empty(At(16.1));
        Assert.Empty(At(17));
        Assert.Empty(At(30));
    }

    [Fact]
    public void What_goes_on_after_it_was_resolved_fires_anew()
    {
        At(0, Incident());
        At(1);
        var again = Assert.Single(At(2, Incident(lastSeen: 2)));
        Assert.Equal((false, Noon.AddMinutes(6)), (again.IsResolved, again.EndsAt));
    }

    [Fact]
    public void What_is_dated_ahead_starts_when_it_is_first_told_and_at_no_other_time()
    {
        var ahead = Incident(lastSeen: 8) with { FirstSeen = Noon.AddMinutes(8) };
        var told = new[] { At(0, ahead), At(1, ahead), At(2), At(3) }.Select(Assert.Single).ToList();
        Assert.Equal([false, false, true, true], told.Select(alert => alert.IsResolved));
        Assert.All(told, alert => Assert.True(alert.StartsAt == Noon && alert.EndsAt >= alert.StartsAt));
    }

    [Fact]
    public void Severity_that_rises_fires_the_new_and_resolves_the_old_in_one_message()
    {
        At(0, Incident());
        var risen = At(0.1, Incident(severity: IncidentSeverity.Critical));
        Assert.Equal([(IncidentSeverity.Critical, false), (IncidentSeverity.High, true)], risen.Select(alert => (alert.Key.Severity, alert.IsResolved)));
    }

    [Theory]
    [InlineData(IncidentSeverity.Medium, 0, 0)]
    [InlineData(IncidentSeverity.High, 0, 1)]
    [InlineData(IncidentSeverity.Critical, -60, 1)]
    [InlineData(IncidentSeverity.Critical, -60.1, 0)]
    public void Only_what_is_severe_and_recent_pages(IncidentSeverity severity, double lastSeen, int count) => Assert.Equal(count, At(0, Incident("i", severity, lastSeen)).Count);

    [Fact]
    public void What_nobody_took_is_due_at_once_and_still_the_same_alert()
    {
        var lost = At(0, Incident());
        _board.Failed(lost);
        Assert.Equal(lost.Select(alert => alert.Key), At(0.1, Incident()).Select(alert => alert.Key));
        var over = At(0.2);
        _board.Failed(over);
        var again = Assert.Single(At(0.3));
        Assert.Equal((true, Noon.AddMinutes(0.2)), (again.IsResolved, again.EndsAt));
    }

    [Fact]
    public void After_a_restart_the_same_alerts_are_told()
    {
        var before = At(0, Incident("a"), Incident("b", IncidentSeverity.Critical)).Select(alert => (alert.Key, alert.StartsAt));
        var after = new AlertBoard(Target).Next([Incident("a", lastSeen: 3), Incident("b", IncidentSeverity.Critical, 3)], Noon.AddMinutes(3)).Select(alert => (alert.Key, alert.StartsAt));
        Assert.Equal(before, after);
    }
}
