using RiskEngine.Simulation.Benchmarking.Traffic.Attackers;
using RiskEngine.Simulation.Benchmarking.Traffic.Campaigns;
using RiskEngine.Simulation.Benchmarking.Traffic.Devices;
using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Benchmarking.Traffic.Networks;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic;

/// <summary>Tells a plan as cases in time order. For one thread and one telling.</summary>
internal sealed class CaseTeller(BenchmarkPlan plan) : IDisposable
{
    private const int Honest = -1;

    private static readonly int SwitchFamily = AttackFamilies.IndexOf("user_switch");
    private static readonly int SprayFamily = AttackFamilies.IndexOf("spray");
    private static readonly UserAgentText Script = new("python-requests/2.32.5", "Python Requests 2", "Other", "bot");

    private readonly CaseWriter _writer = new((ulong)plan.Settings.Seed);
    private readonly UserAgentTexts _texts = new();
    private readonly SeededRandom _random = SeededRandom.For((ulong)plan.Settings.Seed, Purpose.BenchmarkProbes, -1);

    // Successful logins of each subject that have been told, and when the last of them was.
    private readonly int[] _history = new int[plan.Logins.Subjects];
    private readonly long[] _last = new long[plan.Logins.Subjects];

    public void Dispose() => _writer.Dispose();

    public IEnumerable<BenchmarkCase> Tell()
    {
        int failure = 0, spray = 0;
        foreach (var row in plan.Logins.InTimeOrder)
        {
            var time = plan.Logins[row].Time;
            while (true)
            {
                var failureAt = failure < plan.Failures.Count ? plan.Failures[failure].Time : long.MaxValue;
                var sprayAt = spray < plan.Sprays.All.Count ? plan.Sprays.All[spray].Time : long.MaxValue;
                if (Math.Min(failureAt, sprayAt) > time) break;
                yield return failureAt <= sprayAt ? Tell(plan.Failures[failure++]) : Tell(plan.Sprays.All[spray++]);
            }

            if (plan.Switches.TryGet(row, out var intruder))
            {
                yield return Case(Look(row, intruder, CaseKind.Campaign, SwitchFamily));
                continue;
            }

            foreach (var probe in plan.Probes.Of(row)) yield return Case(Attack(row, probe));
            yield return Case(Look(row, plan.Logins[row].Shown, CaseKind.Honest, Honest));
        }
    }

    private Told Attack(int row, Probe probe)
    {
        var shown = plan.Attackers[probe.Family]!.Draw(VictimOf(row), probe.Campaign, _random);
        return Look(row, shown, CaseKind.Probe, probe.Family);
    }

    private Told Look(int row, LoginShown shown, CaseKind kind, int family)
    {
        ref readonly var login = ref plan.Logins[row];
        var isCounted = kind == CaseKind.Campaign || plan.IsCounted(row);
        return new Told(login.Time, shown, login.Subject, -1, kind, family, IsSuccess: true, isCounted ? plan.Oracle.Judge(VictimOf(row), shown) : Oracle.Silent, isCounted);
    }

    private Victim VictimOf(int row)
    {
        ref readonly var login = ref plan.Logins[row];
        return new Victim(plan.Habits.Expect(plan.Logins.Before(row), login.Time, login.Belief), login);
    }

    private BenchmarkCase Tell(FailedTry failed) => Case(
        new Told(failed.Time, failed.Shown, failed.Row < 0 ? -1 : plan.Logins[failed.Row].Subject, failed.Name, CaseKind.Honest, Honest, IsSuccess: false, Oracle.Silent, true),
        failed.IsScripted ? Script : null);

    private BenchmarkCase Tell(SprayTry spray) =>
        Case(new Told(spray.Time, spray.Shown, spray.Subject, spray.Name, CaseKind.Campaign, SprayFamily, spray.Hits, Oracle.Silent, true));

    private BenchmarkCase Case(Told told, UserAgentText? userAgent = null)
    {
        var attributes = AttributesOf(told.Shown, userAgent ?? _texts.Of(told.Shown.Model, told.Shown.Version));
        var city = told.Subject >= 0 && ImpossibleTravelAttacker.IsLocated(told.Subject)
            ? plan.Habits.World.CityOf(told.Shown.Network, BenchmarkNetwork.BlockOf(told.Shown.Host))
            : null;
        var result = new BenchmarkCase
        {
            Json = _writer.Write(told.Time, told.IsSuccess, told.Subject, told.Name, attributes, city, told.Kind == CaseKind.Probe),
            OccurredAt = DateTimeOffset.FromUnixTimeMilliseconds(told.Time),
            Kind = told.Kind,
            Split = told.IsCounted ? plan.Splits.Of(told.Time) : BenchmarkSplit.WarmUp,
            Family = told.Family,
            IsSuccess = told.IsSuccess,
            Subject = told.Subject,
            HistoryLength = told.Subject < 0 ? 0 : _history[told.Subject],
            GapSeconds = told.Subject < 0 || _history[told.Subject] == 0 ? -1 : (told.Time - _last[told.Subject]) / 1000,
            Attributes = attributes,
            Oracle = told.Oracle,
        };
        if (told.IsSuccess && told.Kind != CaseKind.Probe) (_history[told.Subject], _last[told.Subject]) = (_history[told.Subject] + 1, told.Time);
        return result;
    }

    private LoginAttributes AttributesOf(in LoginShown shown, UserAgentText userAgent)
    {
        var network = plan.Habits.World.Networks[shown.Network];
        return new LoginAttributes(
            plan.Habits.World.Address(shown.Network, shown.Host).ToString(), network.Number, BenchmarkWorld.Countries[network.Country].Code,
            userAgent.Full, userAgent.Browser, userAgent.Os, userAgent.DeviceType, network.IsListed(shown.Host));
    }

    private readonly record struct Told(
        long Time, LoginShown Shown, int Subject, int Name, CaseKind Kind, int Family, bool IsSuccess, ReadOnlyMemory<float> Oracle, bool IsCounted);
}
