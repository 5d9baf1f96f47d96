using RiskEngine.Simulation.Benchmarking.Traffic;
using RiskEngine.Simulation.Benchmarking.Traffic.Checks;

namespace RiskEngine.Simulation.Tests.Benchmarking;

public sealed class CalibrationGateTests
{
    [Theory, InlineData(UserAgentChurn.Realistic), InlineData(UserAgentChurn.RbaLike)]
    public void The_stream_is_as_the_published_marginals(UserAgentChurn churn)
    {
        var gate = new CalibrationGate(churn);
        foreach (var told in BenchmarkStream.Of(churn)) gate.Observe(told.Case);
        var results = gate.Results();
        Assert.Equal(33, results.Count);
        Assert.All(results, result => Assert.True(result.Ok, $"{result.Name}: {result.Distance:F3} > {result.Bound:F3} ({result.Published} | {result.Generated})"));
    }

    [Fact]
    public void Churn_as_in_the_data_set_is_not_mistaken_for_the_realistic_one()
    {
        var gate = new CalibrationGate(UserAgentChurn.RbaLike);
        foreach (var told in BenchmarkStream.Realistic) gate.Observe(told.Case);
        Assert.False(gate.Results().Single(result => result.Name == "new system version").Ok);
    }

    [Fact]
    public void A_stream_of_night_owls_on_desktops_with_new_addresses_fails_where_it_differs()
    {
        var gate = new CalibrationGate(UserAgentChurn.Realistic);
        foreach (var told in BenchmarkStream.Realistic)
        {
            var attributes = told.Case.Attributes with { DeviceType = "desktop", Address = $"address {told.Number}" };
            gate.Observe(told.Case with { OccurredAt = told.Case.OccurredAt.AddHours(8), Attributes = attributes });
        }

        var failed = gate.Results().Where(result => !result.Ok).Select(result => result.Name).ToList();
        Assert.Contains("hour of the day", failed);
        Assert.Contains("device types: mobile, desktop, tablet, unknown", failed);
        Assert.Contains("new address, last login below 1 min ago", failed);
        Assert.DoesNotContain("time since the last login", failed);
    }

    [Fact]
    public void A_gate_that_saw_nothing_is_not_passed() => Assert.Contains(new CalibrationGate(UserAgentChurn.Realistic).Results(), result => !result.Ok);
}
