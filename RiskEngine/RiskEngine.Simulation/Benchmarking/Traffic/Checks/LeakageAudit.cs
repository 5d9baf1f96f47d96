using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Checks;

/// <summary>Whether the attacks betray themselves by how they were made: a small classifier tries each group of features alone.</summary>
/// <remarks>
/// Attacks of the test part are set against honest logins drawn from all of it, not against the very logins they replace: those are alike in rhythm and
/// history by construction, and a wrong choice of victims would never show. Cross-fitted in five parts by subject; intervals by Hanley and McNeil
/// (Radiology 1982). <c>user_switch</c> and <c>spray</c> really happen and are not audited. For one thread.
/// </remarks>
public sealed class LeakageAudit
{
    private const int Folds = 5;
    private const int Controls = 6000;

    // A group is altered where the attacker's own plan changes it. All that naive, vpn and targeted attackers show is drawn as honest logins are.
    private static readonly Dictionary<string, string[]> Altered = new()
    {
        ["naive"] = [],
        ["vpn"] = [],
        ["targeted"] = [],
        ["mimic"] = [],
        ["infrastructure"] = ["infrastructure", "rarity"],
        ["impossible_travel"] = ["rhythm", "history", "infrastructure", "rarity"],
        ["takeover_rare_asn"] = ["rhythm", "history", "infrastructure", "rarity"],
        ["takeover_common_asn"] = ["rhythm", "history", "infrastructure", "rarity"],
        ["blind"] = ["infrastructure", "rarity"],
    };

    private readonly AuditFeatures _features = new();
    private readonly List<Sample> _honest = [];
    private readonly List<Sample>[] _attacks = [.. AttackFamilies.Names.Select(_ => new List<Sample>())];
    private readonly SeededRandom _random = new(20_260_105);
    private int _honestSeen;

    /// <summary>Takes the next case of the stream.</summary>
    public void Observe(BenchmarkCase next)
    {
        if (next.IsSuccess && next.Split == BenchmarkSplit.Test && next.Kind != CaseKind.Campaign)
        {
            if (next.Kind == CaseKind.Probe) _attacks[next.Family].Add(new Sample(next.Subject, _features.Of(next)));
            else Keep(next);
        }

        if (next.Kind != CaseKind.Probe) _features.Learn(next);
    }

    /// <summary>Every family that is audited with every group. Takes some seconds.</summary>
    public IReadOnlyList<LeakageResult> Results()
    {
        var results = new List<LeakageResult>();
        foreach (var family in AttackFamilies.Names)
        {
            var attacks = _attacks[AttackFamilies.IndexOf(family)];
            if (!Altered.TryGetValue(family, out var altered) || attacks.Count == 0 || _honest.Count == 0) continue;
            for (var group = 0; group < AuditFeatures.Groups.Count; group++)
            {
                var name = AuditFeatures.Groups[group];
                var auc = CrossFitted([.. _honest, .. attacks], _honest.Count, group);
                var error = 1.96 * StandardError(auc, attacks.Count, _honest.Count);
                results.Add(new LeakageResult(family, name, altered.Contains(name), auc, auc - error, auc + error));
            }
        }

        return results;
    }

    /// <summary>Reservoir sampling: each honest login of the test part is kept with the same probability (Vitter, ACM TOMS 1985, algorithm R).</summary>
    private void Keep(BenchmarkCase login)
    {
        _honestSeen++;
        if (_honest.Count < Controls)
        {
            _honest.Add(new Sample(login.Subject, _features.Of(login)));
            return;
        }

        var at = _random.Below(_honestSeen);
        if (at < Controls) _honest[at] = new Sample(login.Subject, _features.Of(login));
    }

    /// <summary>The mean over the parts of how well a model of the other four tells each: scores of different models do not compare.</summary>
    private static double CrossFitted(List<Sample> samples, int honest, int group)
    {
        double sum = 0;
        for (var fold = 0; fold < Folds; fold++)
        {
            List<float[]> training = [], attacks = [], controls = [];
            List<bool> isAttack = [];
            for (var i = 0; i < samples.Count; i++)
            {
                var features = samples[i].Groups[group];
                if (FoldOf(samples[i]) == fold) (i < honest ? controls : attacks).Add(features);
                if (FoldOf(samples[i]) == fold) continue;
                training.Add(features);
                isAttack.Add(i >= honest);
            }

            var model = BoostedStumps.Fit([.. training], [.. isAttack]);
            sum += Auc([.. attacks.Select(model.Score)], [.. controls.Select(model.Score)]);
        }

        return sum / Folds;
    }

    /// <summary>Mann and Whitney's statistic.</summary>
    private static double Auc(double[] attacks, double[] controls)
    {
        if (attacks.Length == 0 || controls.Length == 0) return 0.5;
        Array.Sort(controls);
        double sum = 0;
        foreach (var attack in attacks) sum += (Below(controls, attack, false) + Below(controls, attack, true)) / 2.0;
        return sum / attacks.Length / controls.Length;
    }

    private static int Below(double[] sorted, double value, bool orEqual)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value || (orEqual && sorted[middle] == value)) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private static double StandardError(double auc, int attacks, int honest)
    {
        var (q1, q2) = (auc / (2 - auc), 2 * auc * auc / (1 + auc));
        return Math.Sqrt(((auc * (1 - auc)) + ((attacks - 1) * (q1 - (auc * auc))) + ((honest - 1) * (q2 - (auc * auc)))) / ((double)attacks * honest));
    }

    private static int FoldOf(Sample sample) => (int)(SeededRandom.Mix((ulong)sample.Subject) % Folds);

    private sealed record Sample(int Subject, float[][] Groups);
}
