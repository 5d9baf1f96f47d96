using RiskEngine.Simulation.Benchmarking.Traffic;
using RiskEngine.Simulation.Benchmarking.Traffic.Attackers;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Tests.Benchmarking;

/// <summary>The oracle's densities are those of the draws.</summary>
public sealed class OracleTests
{
    private static readonly Lazy<BenchmarkPlan>[] Plans =
    [
        new(() => new BenchmarkPlan(new BenchmarkSettings { Subjects = 3000 })),
        new(() => new BenchmarkPlan(new BenchmarkSettings { Subjects = 3000, Churn = UserAgentChurn.RbaLike })),
    ];

    public static TheoryData<string, UserAgentChurn> Families
    {
        get
        {
            var data = new TheoryData<string, UserAgentChurn>();
            foreach (var family in AttackFamilies.Names.Except(["spray"]))
            {
                data.Add(family, UserAgentChurn.Realistic);
                data.Add(family, UserAgentChurn.RbaLike);
            }

            return data;
        }
    }

    /// <summary>
    /// The sum of min(p, q) over all logins can be taken over draws of either side: E_q[min(1, p/q)] = E_p[min(1, q/p)]. Both are bounded, so that a
    /// density that is not the one drawn from shows.
    /// </summary>
    [Theory, MemberData(nameof(Families))]
    public void What_attackers_and_the_honest_have_in_common_is_the_same_from_both_sides(string family, UserAgentChurn churn)
    {
        var plan = Plans[(int)churn].Value;
        var attacker = plan.Attackers[AttackFamilies.IndexOf(family)]!;
        var random = new SeededRandom(17);
        double byHonest = 0, byAttackers = 0, squares = 0;
        var count = 0;
        for (var row = 0; row < plan.Logins.Count; row++)
        {
            ref readonly var login = ref plan.Logins[row];
            var victim = new Victim(plan.Habits.Expect(plan.Logins.Before(row), login.Time, login.Belief), login);
            if (!attacker.Attacks(victim)) continue;
            var attack = attacker.Draw(victim, row, random);
            var (ofHonest, ofAttack) = (victim.Expected.Of(login.Shown), victim.Expected.Of(attack));
            var left = Math.Min(1, attacker.Density(victim, login.Shown, ofHonest) / ofHonest.Login);
            var right = Math.Min(1, ofAttack.Login / attacker.Density(victim, attack, ofAttack));
            (byHonest, byAttackers, squares, count) = (byHonest + left, byAttackers + right, squares + ((left - right) * (left - right)), count + 1);
        }

        var (mean, error) = ((byHonest - byAttackers) / count, Math.Sqrt(squares) / count);
        Assert.True(count > 300, $"{count}");
        Assert.True(Math.Abs(mean) <= (4 * error) + 1e-9, $"{byHonest / count:F5} by honest draws, {byAttackers / count:F5} by attacks, error {error:F5}, {count} logins");
    }

    /// <summary>A likelihood ratio whose numerator is possible wherever the honest are has a mean of 1 over honest logins.</summary>
    [Theory, InlineData("naive", 0.3), InlineData("vpn", 0.3), InlineData("targeted", 0.05), InlineData("takeover_common_asn", 0.35), InlineData("mimic", 0)]
    public void The_mean_ratio_over_honest_logins_is_one(string family, double tolerance)
    {
        var index = AttackFamilies.IndexOf(family);
        var ratios = BenchmarkStream.Realistic
            .Where(each => each.Case is { Kind: CaseKind.Honest, IsSuccess: true } && !float.IsNaN(each.Case.Oracle.Span[index]))
            .Select(each => Math.Exp(each.Case.Oracle.Span[index]));
        Assert.InRange(ratios.Average(), 1 - tolerance, 1 + tolerance);
    }

    [Fact]
    public void A_perfect_mimic_is_told_from_nobody() =>
        Assert.All(BenchmarkStream.Realistic.Where(each => !float.IsNaN(each.Case.Oracle.Span[BenchmarkStream.Family("mimic")])),
            each => Assert.Equal(0, each.Case.Oracle.Span[BenchmarkStream.Family("mimic")]));

    [Fact]
    public void It_keeps_silent_of_failures_of_sprays_and_of_what_does_not_count()
    {
        foreach (var each in BenchmarkStream.Realistic.Select(told => told.Case))
        {
            Assert.Equal(AttackFamilies.Names.Count, each.Oracle.Length);
            Assert.True(float.IsNaN(each.Oracle.Span[BenchmarkStream.Family("spray")]));
            if (!each.IsSuccess) Assert.True(float.IsNaN(each.Oracle.Span[0]));
            if (each.Kind == CaseKind.Probe) Assert.False(float.IsNaN(each.Oracle.Span[each.Family]));
        }
    }

    [Theory, InlineData("naive"), InlineData("vpn"), InlineData("targeted"), InlineData("infrastructure"), InlineData("impossible_travel"), InlineData("takeover_rare_asn"),
     InlineData("takeover_common_asn"), InlineData("blind")]
    public void Attacks_look_more_like_their_attacker_than_honest_logins_do(string family)
    {
        var index = BenchmarkStream.Family(family);
        var attacks = BenchmarkStream.Probes(family).Average(each => each.Case.Oracle.Span[index]);
        var honest = BenchmarkStream.Realistic.Where(each => each.Case.Kind == CaseKind.Honest && !float.IsNaN(each.Case.Oracle.Span[index])).Average(each => each.Case.Oracle.Span[index]);
        Assert.True(attacks > 0 && honest < 0, $"{attacks}, {honest}");
    }
}
