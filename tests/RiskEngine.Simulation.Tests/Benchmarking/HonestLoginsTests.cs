using RiskEngine.Simulation.Benchmarking.Traffic;
using RiskEngine.Simulation.Benchmarking.Traffic.Logins;

namespace RiskEngine.Simulation.Tests.Benchmarking;

public sealed class HonestLoginsTests
{
    private static readonly BenchmarkPlan Plan = new(new BenchmarkSettings { Subjects = 3000, Seed = 5 });

    [Fact]
    public void The_rows_before_a_row_are_the_same_subjects_and_earlier()
    {
        for (var row = 0; row < Plan.Logins.Count; row++)
        {
            foreach (var earlier in Plan.Logins.Before(row)) Assert.True(earlier.Subject == Plan.Logins[row].Subject && earlier.Time <= Plan.Logins[row].Time);
        }
    }

    /// <summary>Half of the people are settled and a seventh restless, and only what they show tells which: told wrong, the renewals come out wrong.</summary>
    [Theory, InlineData(0, 0.1), InlineData(0.1, 0.2), InlineData(0.2, 0.4), InlineData(0.4, 1)]
    public void People_believed_restless_renew_as_often_as_the_belief_says(double from, double to)
    {
        double expected = 0, variance = 0;
        int renewed = 0, count = 0;
        for (var row = 0; row < Plan.Logins.Count; row++)
        {
            ref readonly var login = ref Plan.Logins[row];
            var past = Plan.Logins.Before(row);
            if (past.IsEmpty || login.Belief.Restless < from || login.Belief.Restless >= to) continue;
            double probability = 0;
            for (var kind = 0; kind < Mobility.Kinds; kind++) probability += login.Belief[kind] * Mobility.NewLease(kind, Habits.Seconds(past, login.Time));
            (expected, variance, count) = (expected + probability, variance + (probability * (1 - probability)), count + 1);
            if (login.IsFreshLease) renewed++;
        }

        Assert.True(count > 100, $"{count}");
        Assert.InRange(renewed, expected - (4 * Math.Sqrt(variance)), expected + (4 * Math.Sqrt(variance)));
    }

    [Fact]
    public void Those_who_log_in_often_fit_into_the_time_there_is()
    {
        var end = Plan.Settings.Start.AddDays(LoginTimes.Days).ToUnixTimeMilliseconds();
        for (var row = 0; row < Plan.Logins.Count; row++) Assert.InRange(Plan.Logins[row].Time, Plan.Settings.Start.ToUnixTimeMilliseconds(), end - 1);
        Assert.Contains(Enumerable.Range(0, Plan.Logins.Subjects), subject => Plan.Logins.Of(subject).To - Plan.Logins.Of(subject).From > 40);
    }
}
