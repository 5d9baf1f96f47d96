using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Scoring;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class DetectorsTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Fact]
    public void Every_signal_has_its_detector_once_and_in_order() =>
        Assert.Equal(SignalCatalogue.All.Select(signal => signal.Code), Detectors.From(new DetectionSettings()).Select(detector => detector.Code));

    [Fact]
    public void Every_settings_section_is_named_like_its_signal() => Assert.Equal(
        SignalCatalogue.All.Select(signal => signal.Name),
        typeof(DetectionSettings).GetProperties().Select(property => SettingsCheck.KeyOf(property.Name)));

    [Fact]
    public void All_faults_are_told_at_once()
    {
        var settings = new DetectionSettings
        {
            TorExit = new TorExitSettings { Evidence = double.NaN },
            PasswordSpray = new PasswordSpraySettings { Growth = 1 },
        };
        var fault = Assert.Throws<ArgumentException>(() => Detectors.From(settings));
        Assert.Contains("detection.tor_exit.evidence", fault.Message, StringComparison.Ordinal);
        Assert.Contains("detection.password_spray.growth: must be 1.1 to 100, and is 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_login_of_which_nothing_is_known_draws_no_signal() => Assert.Empty(Some.Login().From(Place.None).On(Device.Silent).DetectAll());

    [Fact]
    public void Evidence_set_to_zero_switches_a_detector_off()
    {
        var settings = new DetectionSettings { NewDevice = new NewDeviceSettings { Evidence = 0 } };
        Assert.DoesNotContain(Some.EstablishedLogin().On(Device.Strange).DetectAll(settings), signal => signal.Code == SignalCode.NewDevice);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_rows_hold_evidence_is_finite_and_bounded(int seed)
    {
        var random = new Random(seed);
        Place[] places = [Place.Home, Place.Lisbon, Place.Tokyo, Place.Carrier, Place.Vpn, Place.Server, Place.Tor, Place.Relay, Place.Nowhere, Place.None];
        Device[] devices = [Device.Laptop, Device.Phone, Device.Strange, Device.Program, Device.Silent, Device.Laptop.Twin()];
        for (var i = 0; i < 300; i++)
        {
            var login = Some.Login().From(places[random.Next(places.Length)]).On(devices[random.Next(devices.Length)]);
            for (var past = random.Next(20); past > 0; past--)
                login.Previously(TimeSpan.FromMinutes(random.Next(-500, 9000)), places[random.Next(places.Length)], devices[random.Next(devices.Length)]);
            login.AddressFailed(random.Next(400), 1 + random.Next(30), random.Next(400)).AddressSucceeded(random.Next(400)).PairFailed(random.Next(1000));
            login.SubjectFailed(random.Next(9999), random.Next(600)).OnFeed(1, (float)(random.NextDouble() * 100) - 50, ushort.MaxValue);
            Assert.All(login.DetectAll(), signal => Assert.InRange(signal.Evidence, -10, 10));
        }
    }

    [Fact]
    public void Judging_and_scoring_allocate_nothing() => Assert.True(Busy().With((in context) => Measure(context, 300).LeastBytes) == 0);

    /// <summary>Not a test of speed, for machines differ: it prints the figure that commits quote. The budget is a microsecond.</summary>
    [Fact]
    public void Nanoseconds_of_all_detectors_are_printed()
    {
        var busy = Busy().With((in context) => Measure(context, 300).BestNanoseconds);
        var ordinary = Some.EstablishedLogin().PairSucceeded(2).AddressSucceeded(2).With((in context) => Measure(context, 300).BestNanoseconds);
        output.WriteLine($"all detectors and the scorer: {ordinary:F0} ns for an ordinary login, {busy:F0} ns for one that most speak about");
        Assert.True(ordinary > 0 && busy > 0);
    }

    private static LoginBuilder Busy() => Some.Login().WithHistory(48).Previously(TimeSpan.FromMinutes(20), Place.Tokyo)
        .From(Place.Lisbon with { Networks = NetworkKinds.Vpn | NetworkKinds.DataCentre }).On(Device.Program)
        .AddressFailed(30, 2, 25).NetworkFailed(80, 1, 70).AddressSucceeded(3).SubjectFailed(60, 30).PairFailed(9).OnFeed(0, 2, 6).OnFeed(1, 1);

    /// <summary>The best of many short rounds: the first run on code that is not optimised yet, others while the machine is busy elsewhere.</summary>
    private static (long LeastBytes, double BestNanoseconds) Measure(in LoginContext context, int rounds)
    {
        const int Times = 1000;
        var detectors = Detectors.From(new DetectionSettings());
        var scorer = new Scorer(new ScoringSettings());
        var signals = new Signal[detectors.Length];
        var records = new SignalRecord[detectors.Length];
        var (leastBytes, bestNanoseconds) = (long.MaxValue, double.MaxValue);
        for (var round = 0; round < rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = System.Diagnostics.Stopwatch.GetTimestamp();
            for (var i = 0; i < Times; i++) JudgeOnce(context, detectors, scorer, signals, records);
            bestNanoseconds = Math.Min(bestNanoseconds, System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalNanoseconds / Times);
            leastBytes = Math.Min(leastBytes, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return (leastBytes, bestNanoseconds);
    }

    private static void JudgeOnce(in LoginContext context, IDetector[] detectors, Scorer scorer, Span<Signal> signals, Span<SignalRecord> records) =>
        scorer.Score(signals[..Detectors.Judge(detectors, context, isTrusted: false, signals)], records);
}
