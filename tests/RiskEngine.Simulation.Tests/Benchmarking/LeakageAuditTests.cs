using RiskEngine.Simulation.Benchmarking.Traffic;
using RiskEngine.Simulation.Benchmarking.Traffic.Checks;

namespace RiskEngine.Simulation.Tests.Benchmarking;

public sealed class LeakageAuditTests
{
    // A tenth of the attacks of a full stream: an interval alone is eight points wide.
    private const double Tolerance = 0.08;

    private static readonly Lazy<IReadOnlyList<LeakageResult>> Results = new(() => Audit(each => each));

    [Fact]
    public void What_attackers_do_not_alter_does_not_tell_them() =>
        Assert.All(Results.Value.Where(result => !result.IsAltered), result => Assert.InRange(result.Auc, 0.5 - Tolerance, 0.5 + Tolerance));

    [Fact]
    public void Naive_vpn_and_targeted_attackers_and_mimics_alter_none_of_the_groups() =>
        Assert.All(Results.Value.Where(result => result.Family is "naive" or "vpn" or "targeted" or "mimic"), result => Assert.False(result.IsAltered));

    [Fact]
    public void Rented_addresses_tell_by_infrastructure() => Assert.True(Auc(Results.Value, "infrastructure", "infrastructure") > 0.9);

    [Fact]
    public void An_attacker_who_comes_at_another_hour_is_found_out()
    {
        var results = Audit(each => each.Kind == CaseKind.Probe ? each with { OccurredAt = each.OccurredAt.AddHours(9) } : each);
        Assert.True(Auc(results, "targeted", "rhythm") > 0.6);
        Assert.Contains(results, result => result is { Family: "targeted", Group: "rhythm", Ok: false });
    }

    [Fact]
    public void An_attacker_from_addresses_that_nobody_else_has_is_found_out() => Assert.True(Auc(
        Audit(each => each.Kind == CaseKind.Probe ? each with { Attributes = each.Attributes with { Address = $"192.0.2.{each.Subject}" } } : each), "naive", "infrastructure") > 0.6);

    [Fact]
    public void An_attacker_who_picks_people_and_not_logins_is_found_out() =>
        Assert.True(Auc(Audit(each => each.Kind == CaseKind.Probe ? each with { HistoryLength = each.HistoryLength / 4 } : each), "vpn", "history") > 0.6);

    [Theory, InlineData(0.46, 0.54, true), InlineData(0.44, 0.52, false), InlineData(0.48, 0.56, false)]
    public void The_whole_interval_must_lie_within_the_bounds(double low, double high, bool isOk) =>
        Assert.Equal(isOk, new LeakageResult("naive", "rhythm", false, (low + high) / 2, low, high).Ok);

    private static double Auc(IReadOnlyList<LeakageResult> results, string family, string group) =>
        results.Single(result => result.Family == family && result.Group == group).Auc;

    private static IReadOnlyList<LeakageResult> Audit(Func<BenchmarkCase, BenchmarkCase> spoil)
    {
        var audit = new LeakageAudit();
        foreach (var told in BenchmarkStream.Realistic) audit.Observe(spoil(told.Case));
        return audit.Results();
    }
}
