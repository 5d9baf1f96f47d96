using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Scoring;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

/// <summary>Whole logins, judged by the sum of all detectors: what the default settings are tuned to.</summary>
public sealed class ScenarioTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private static readonly Dictionary<string, Func<LoginBuilder>> Scenarios = new()
    {
        ["nothing known"] = () => Some.Login().From(Place.None).On(Device.Silent),
        ["first login of a new account"] = () => Some.Login(),
        ["own laptop at home"] = () => Some.EstablishedLogin(),
        ["own laptop at home, no device ids"] = () => Some.Login().WithHistory(30, on: Device.Laptop.WithoutId()).On(Device.Laptop.WithoutId()),
        ["own laptop at home after two typos"] = () => Some.EstablishedLogin().PairFailed(2),
        ["own laptop, browser updated"] = () => Some.EstablishedLogin().On(Device.UpdatedLaptop),
        ["own laptop, browser updated, no device ids"] = () =>
            Some.Login().WithHistory(30, on: Device.Laptop.WithoutId()).On(Device.UpdatedLaptop.WithoutId()),
        ["own laptop, new address of the same provider"] = () => Some.EstablishedLogin().From(Place.Renumbered),
        ["own laptop in a café"] = () => Some.EstablishedLogin().From(Place.Cafe),
        ["new phone at home"] = () => Some.EstablishedLogin().On(Device.Phone),
        ["new phone at home after two typos"] = () => Some.EstablishedLogin().On(Device.Phone).PairFailed(2),
        ["own laptop on a trip abroad"] = () => Some.EstablishedLogin().From(Place.Lisbon),
        ["new phone on the carrier"] = () => Some.EstablishedLogin().On(Device.Phone).From(Place.Carrier),
        ["new device in a new system at home"] = () => Some.EstablishedLogin().On(Device.Strange).From(Place.Cafe),
        ["new device, country and system"] = () => Some.EstablishedLogin().On(Device.Strange).From(Place.Lisbon),
        ["new device, country and system, one login known"] = () => Some.Login().WithHistory(1).On(Device.Strange).From(Place.Lisbon),
        ["own laptop through Tor"] = () => Some.EstablishedLogin().From(Place.Tor),
        ["new device through Tor"] = () => Some.EstablishedLogin().On(Device.Strange).From(Place.Tor),
        ["own laptop through a VPN"] = () => Some.EstablishedLogin().From(Place.Vpn),
        ["usual VPN, usual laptop"] = () => Some.EstablishedLogin().WithHistory(5, Place.Vpn).From(Place.Vpn),
        ["takeover through a VPN"] = () => Some.EstablishedLogin().On(Device.Strange).From(Place.Vpn),
        ["takeover through a data centre"] = () => Some.EstablishedLogin().On(Device.Strange).From(Place.Server),
        ["relay on own laptop"] = () => Some.EstablishedLogin().From(Place.Relay),
        ["impossible travel, own laptop"] = () => Some.EstablishedLogin().Previously(TimeSpan.FromMinutes(30)).From(Place.Tokyo),
        ["impossible travel alone"] = () => Some.EstablishedLogin().WithHistory(1, Place.Tokyo with { Address = "192.0.2.200" })
            .Previously(TimeSpan.FromMinutes(30)).From(Place.Tokyo with { Networks = NetworkKinds.None }).On(Device.Silent),
        ["corporate VPN hop"] = () => Some.EstablishedLogin().Previously(TimeSpan.FromMinutes(30)).From(Place.Vpn with { Latitude = 35.68, Longitude = 139.69 }),
        ["address on ipsum, own laptop at home"] = () => Some.EstablishedLogin().OnFeed(0, 2, 5),
        ["address on ipsum, new device, new system"] = () => Some.EstablishedLogin().OnFeed(0, 2, 5).On(Device.Strange).From(Place.Cafe),
        ["spray of fifteen names"] = () => Some.Login().Failed().From(Place.Nowhere).On(Device.Silent).AddressFailed(15).ByUnknownName(),
        ["spray of twenty names, unknown names"] = () => Some.Login().Failed().From(Place.Nowhere).On(Device.Silent).AddressFailed(20, unknown: 18).ByUnknownName(),
        ["office of a hundred with typos"] = () => Some.Login().Failed().From(Place.Home).On(Device.Silent).AddressSucceeded(100).AddressFailed(18, unknown: 3),
        ["office, own device, after typos of others"] = () => Some.EstablishedLogin().AddressSucceeded(100).AddressFailed(18, unknown: 3),
        ["victim at home while guessed at"] = () => Some.EstablishedLogin().SubjectFailed(200, 60),
        ["guessing attacker"] = () => Some.EstablishedLogin().SubjectFailed(200, 60).PairFailed(3).From(Place.Lisbon).On(Device.Strange).Failed(),
        ["guessing hit"] = () => Some.EstablishedLogin().PairFailed(30).From(Place.Cafe).On(Device.Strange),
        ["token from elsewhere"] = () => Some.Login().OfKind(EventKind.TokenUsed).TokenUsedFrom(64500).From(Place.Server).On(Device.Program).ByServiceAccount(),
        ["cookie on another machine elsewhere"] = () => Some.EstablishedLogin().Previously(TimeSpan.FromHours(2), session: 9).InSession(9).OfKind(EventKind.SessionSeen).On(Device.Strange).From(Place.Cafe),
        ["laptop moved within its session"] = () => Some.EstablishedLogin().Previously(TimeSpan.FromHours(2), session: 9).InSession(9).OfKind(EventKind.SessionSeen).From(Place.Cafe),
        ["yes after ten pushes, from elsewhere"] = () => Some.EstablishedLogin().FactorsFailed(10).From(Place.Cafe).On(Device.Strange),
        ["second code right after a typo"] = () => Some.EstablishedLogin().FactorsFailed(1),
        ["service account from a data centre"] = () => Some.Login().WithHistory(30, on: Device.Program).ByServiceAccount().On(Device.Program).From(Place.Server),
        ["a year of rest, then a stranger"] = () => Some.Login().Previously(TimeSpan.FromDays(365)).Previously(TimeSpan.FromDays(380)).Previously(TimeSpan.FromDays(390)).Previously(TimeSpan.FromDays(400)).Previously(TimeSpan.FromDays(410)).From(Place.Cafe).On(Device.Strange),
        ["a year of rest, own laptop"] = () => Some.Login().Previously(TimeSpan.FromDays(365)).FirstSeen(TimeSpan.FromDays(500)),
        ["new factor after a takeover"] = () => Some.EstablishedLogin().RiskyBefore(TimeSpan.FromMinutes(10), 8).OfKind(EventKind.FactorAdded).From(Place.Cafe).On(Device.Strange),
        ["new factor at home"] = () => Some.EstablishedLogin().OfKind(EventKind.FactorAdded),
        ["new device, country and system, confirmed with a key"] = () => Some.EstablishedLogin().On(Device.Strange).From(Place.Lisbon).WithFactor("webauthn"),
        ["hit of a spray"] = () => Some.Login().AddressFailed(30, unknown: 20).From(Place.Nowhere).On(Device.Silent),
    };

    [Theory]
    [InlineData("nothing known", 1, 1.01)]
    [InlineData("first login of a new account", 0.5, 1.5)]
    [InlineData("own laptop at home", 0, 1)]
    [InlineData("own laptop at home, no device ids", 0, 1)]
    [InlineData("own laptop at home after two typos", 0, 1)]
    [InlineData("own laptop, browser updated", 0, 1)]
    [InlineData("own laptop, browser updated, no device ids", 0, 1)]
    [InlineData("own laptop, new address of the same provider", 0, 1)]
    [InlineData("own laptop in a café", 0, 3)]
    [InlineData("new phone at home", 3, 8)]
    [InlineData("new phone at home after two typos", 3, 10)]
    [InlineData("own laptop on a trip abroad", 0.5, 10)]
    [InlineData("new phone on the carrier", 15, 35)]
    [InlineData("new device in a new system at home", 25, 55)]
    [InlineData("new device, country and system", 50, 80)]
    [InlineData("new device, country and system, one login known", 3, 20)]
    [InlineData("own laptop through Tor", 0.3, 5)]
    [InlineData("new device through Tor", 30, 75)]
    [InlineData("own laptop through a VPN", 0.5, 5)]
    [InlineData("usual VPN, usual laptop", 0, 1)]
    [InlineData("takeover through a VPN", 45, 75)]
    [InlineData("takeover through a data centre", 50, 80)]
    [InlineData("relay on own laptop", 0, 1)]
    [InlineData("impossible travel, own laptop", 50, 90)]
    [InlineData("impossible travel alone", 50, 95)]
    [InlineData("corporate VPN hop", 0.5, 10)]
    [InlineData("address on ipsum, own laptop at home", 0.05, 5)]
    [InlineData("address on ipsum, new device, new system", 75, 95)]
    [InlineData("spray of fifteen names", 80, 100)]
    [InlineData("spray of twenty names, unknown names", 90, 100)]
    [InlineData("office of a hundred with typos", 0, 1.5)]
    [InlineData("office, own device, after typos of others", 0, 1)]
    [InlineData("victim at home while guessed at", 0, 1)]
    [InlineData("guessing attacker", 90, 100)]
    [InlineData("guessing hit", 90, 100)]
    [InlineData("hit of a spray", 80, 100)]
    [InlineData("token from elsewhere", 10, 40)]
    [InlineData("cookie on another machine elsewhere", 75, 100)]
    [InlineData("laptop moved within its session", 0, 3)]
    [InlineData("yes after ten pushes, from elsewhere", 80, 100)]
    [InlineData("second code right after a typo", 0, 1)]
    [InlineData("service account from a data centre", 20, 60)]
    [InlineData("a year of rest, then a stranger", 25, 80)]
    [InlineData("a year of rest, own laptop", 0, 1)]
    [InlineData("new factor after a takeover", 75, 100)]
    [InlineData("new factor at home", 0, 1)]
    [InlineData("new device, country and system, confirmed with a key", 3, 15)]
    public void Scores_are_where_they_were_aimed(string scenario, double least, double most)
    {
        var (result, signals) = Score(Scenarios[scenario]());
        output.WriteLine($"{scenario}: {result.Score} {result.Level}");
        foreach (var signal in signals) output.WriteLine($"  {signal.Code} {signal.Contribution:F2} ({signal.Evidence:F2}) {SignalReasons.Text(signal)}");

        Assert.InRange(result.Score.Value, least, most);
    }

    private static (ScoringResult Result, SignalRecord[] Signals) Score(LoginBuilder login)
    {
        var signals = login.DetectAll();
        var records = new SignalRecord[signals.Length];
        return (new Scorer(new ScoringSettings()).Score(signals, records), records);
    }
}
