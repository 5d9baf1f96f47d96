using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>Which logins are attacked by whom.</summary>
/// <remarks>
/// Victims are drawn by login, so that somebody who logs in often is attacked often; each family has the same number in the test and before it together.
/// Takeovers come in bursts of up to six within thirty minutes, a third of them on accounts without history, as in the RBA data set
/// (Wiefling et al. 2022, CC BY 4.0).
/// </remarks>
internal sealed class ProbePlan
{
    private const double PerSubject = 0.06;
    private const int Burst = 6;
    private const double NoHistoryShare = 0.35;
    private const long BurstMilliseconds = 30 * 60_000;

    private readonly Dictionary<int, List<Probe>> _byRow = [];
    private readonly HonestLogins _logins;
    private readonly int[] _candidates;

    /// <param name="isCandidate">Whether a row, by its number, may be attacked.</param>
    public ProbePlan(HonestLogins logins, Splits splits, IReadOnlyList<IAttacker?> attackers, Habits habits, Func<int, bool> isCandidate, int seed)
    {
        _logins = logins;
        _candidates = [.. logins.InTimeOrder.Where(row => splits.Of(logins[row].Time) != BenchmarkSplit.WarmUp && isCandidate(row))];
        var test = Array.FindIndex(_candidates, row => splits.Of(logins[row].Time) == BenchmarkSplit.Test);
        var wanted = (int)(logins.Subjects * PerSubject);
        for (var family = 0; family < attackers.Count; family++)
        {
            if (attackers[family] is not { } attacker || family == AttackFamilies.IndexOf("user_switch")) continue;
            var random = SeededRandom.For((ulong)seed, Purpose.BenchmarkProbes, family);
            foreach (var (from, to) in new[] { (0, test), (test, _candidates.Length) })
            {
                if (attacker is TakeoverAttacker) Bursts(family, from, to, wanted, random);
                else Scatter(family, attacker, habits, from, to, wanted, random);
            }
        }
    }

    /// <summary>The attacks that stand in place of a row, in the order of the families.</summary>
    public IReadOnlyList<Probe> Of(int row) => _byRow.TryGetValue(row, out var probes) ? probes : [];

    private void Scatter(int family, IAttacker attacker, Habits habits, int from, int to, int wanted, SeededRandom random)
    {
        var found = 0;
        for (var attempt = 0; attempt < wanted * 200 && found < wanted; attempt++)
        {
            var row = _candidates[from + random.Below(to - from)];
            var victim = new Victim(habits.Expect(_logins.Before(row), _logins[row].Time, _logins[row].Belief), _logins[row]);
            if (attacker.Attacks(victim) && TryAdd(row, family, found)) found++;
        }
    }

    private void Bursts(int family, int from, int to, int wanted, SeededRandom random)
    {
        int found = 0, cold = 0;
        for (var campaign = 0; campaign < wanted * 20 && found < wanted; campaign++)
        {
            var first = from + random.Below(to - from);
            var ends = _logins[_candidates[first]].Time + BurstMilliseconds;
            var inBurst = 0;
            for (var i = first; i < to && inBurst < Burst && found < wanted && _logins[_candidates[i]].Time < ends; i++)
            {
                // Whichever of the two is behind its share comes next.
                var isCold = _logins.Before(_candidates[i]).IsEmpty;
                if (isCold != cold < NoHistoryShare * (found + 1) || !TryAdd(_candidates[i], family, campaign)) continue;
                (found, inBurst) = (found + 1, inBurst + 1);
                if (isCold) cold++;
            }
        }
    }

    private bool TryAdd(int row, int family, int campaign)
    {
        if (!_byRow.TryGetValue(row, out var probes)) _byRow[row] = probes = [];
        if (probes.Exists(probe => probe.Family == family)) return false;
        probes.Add(new Probe(family, campaign));
        return true;
    }
}

/// <summary>An attack on one login.</summary>
internal readonly record struct Probe(int Family, int Campaign);
