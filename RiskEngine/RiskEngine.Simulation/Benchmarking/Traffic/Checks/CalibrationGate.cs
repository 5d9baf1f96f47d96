namespace RiskEngine.Simulation.Benchmarking.Traffic.Checks;

/// <summary>Holds a stream to the published marginals: each distribution within 0.05 total variation, new addresses by gap within 2 points, overlaps within 3.</summary>
/// <remarks>
/// Sees what anybody sees who reads the stream. To the bounds comes what chance alone moves a figure of that many logins by: two standard errors. User
/// agents new to the account are held to the published share only where the stream is to be RBA-like; the realistic setting tells its own.
/// For one thread.
/// </remarks>
public sealed class CalibrationGate(UserAgentChurn churn)
{
    private const double DistributionBound = 0.05;
    private const double NewAddressBound = 0.02;
    private const double OverlapBound = 0.03;
    private const double StandardErrors = 2;
    private const double Unbounded = 1;

    private static readonly string[] GapNames = ["below 1 min", "1-10 min", "10 min-1 h", "1-24 h", "1-7 d", "7-30 d", "above 30 d"];

    private readonly HonestMarginals _honest = new();
    private readonly AttackMarginals[] _attacks = [.. AttackFamilies.Names.Select(_ => new AttackMarginals())];
    private readonly List<BenchmarkCase> _waiting = [];

    /// <summary>Takes the next case of the stream.</summary>
    public void Observe(BenchmarkCase next)
    {
        if (!next.IsSuccess) return;
        if (next.Kind == CaseKind.Probe) _waiting.Add(next);
        if (next.Kind != CaseKind.Honest) return;
        foreach (var attack in _waiting) _attacks[attack.Family].Observe(attack, next.Attributes);
        _waiting.Clear();
        _honest.Observe(next);
    }

    /// <summary>Every marginal, in the order in which the report lists them.</summary>
    public IReadOnlyList<CalibrationResult> Results()
    {
        var results = new List<CalibrationResult>
        {
            Distribution("logins per subject: 1, 2-9, 10-27, 28 and more", PublishedMarginals.LoginsPerSubject, _honest.LoginsPerSubject()),
            Distribution("time since the last login", PublishedMarginals.Gaps, _honest.Gaps),
            Distribution("hour of the day", PublishedMarginals.Hours, _honest.Hours),
            Distribution("countries: NO, US, BR, DE, others", PublishedMarginals.Countries, _honest.Countries),
            Distribution("device types: mobile, desktop, tablet, unknown", PublishedMarginals.DeviceTypes, _honest.DeviceTypes),
        };
        for (var bin = 0; bin < GapNames.Length; bin++)
        {
            results.Add(Share($"new address, last login {GapNames[bin]} ago", PublishedMarginals.NewAddress[bin], _honest.NewAddress[bin], _honest.Gaps[bin], NewAddressBound));
        }

        var userAgents = churn == UserAgentChurn.RbaLike ? DistributionBound : Unbounded;
        results.Add(Share("new country or system", PublishedMarginals.NewNetwork, _honest.NewNetwork, _honest.WithHistory, NewAddressBound));
        results.Add(Share("new user agent", PublishedMarginals.NewUserAgent, _honest.NewUserAgent, _honest.WithHistory, userAgents));
        results.Add(Share("new browser version", PublishedMarginals.NewBrowserVersion, _honest.NewBrowser, _honest.WithHistory, userAgents));
        results.Add(Share("new system version", PublishedMarginals.NewOsVersion, _honest.NewOs, _honest.WithHistory, userAgents));
        results.Add(Share("honest logins from listed addresses", PublishedMarginals.ListedLogins, _honest.Listed, _honest.All, NewAddressBound));
        foreach (var (family, published) in PublishedMarginals.Overlap) AddOverlap(results, family, published);
        foreach (var family in new[] { "takeover_rare_asn", "takeover_common_asn" }) AddTakeover(results, family);
        return results;
    }

    private void AddOverlap(List<CalibrationResult> results, string family, double[] published)
    {
        var attacks = _attacks[AttackFamilies.IndexOf(family)];
        for (var i = 0; i < published.Length; i++)
        {
            results.Add(Share($"{family} shares the victim's {PublishedMarginals.OverlapNames[i]}", published[i], attacks.Shared[i], attacks.All, OverlapBound));
        }
    }

    private void AddTakeover(List<CalibrationResult> results, string family)
    {
        var attacks = _attacks[AttackFamilies.IndexOf(family)];
        results.Add(Share($"{family} by desktop", PublishedMarginals.Takeovers.Desktop, attacks.Desktops, attacks.All, OverlapBound));
        results.Add(Share($"{family} on accounts without history", PublishedMarginals.Takeovers.NoHistory, attacks.WithoutHistory, attacks.All, OverlapBound));
    }

    private static CalibrationResult Share(string name, double published, long count, long all, double bound)
    {
        var generated = all == 0 ? double.NaN : (double)count / all;
        var chance = StandardErrors * Math.Sqrt(published * (1 - published) / Math.Max(1, all));
        return new CalibrationResult(name, $"{published:F3}", $"{generated:F3}", Math.Abs(generated - published), Math.Min(Unbounded, bound + chance));
    }

    private static CalibrationResult Distribution(string name, double[] published, long[] counts)
    {
        var all = Math.Max(1, counts.Sum());
        double distance = 0, chance = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            distance += Math.Abs(((double)counts[i] / all) - published[i]) / 2;
            chance += published[i] * (1 - published[i]) / all;
        }

        return new CalibrationResult(
            name, string.Join(' ', published.Select(share => $"{share:F3}")), string.Join(' ', counts.Select(count => $"{(double)count / all:F3}")),
            distance, DistributionBound + (StandardErrors * Math.Sqrt(chance) / 2));
    }
}
