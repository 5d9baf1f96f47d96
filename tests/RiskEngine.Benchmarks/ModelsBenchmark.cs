using System.Diagnostics;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.Policies;
using RiskEngine.Core.Scoring;
using RiskEngine.Simulation.Benchmarking.Traffic;
using RiskEngine.Storage.InMemory;

namespace RiskEngine.Benchmarks;

/// <summary>What the models cost: all of them together on one core, one assessment by itself, and what they keep of a subject.</summary>
/// <remarks>
/// Histories are those of the benchmark's stream, whose logins a subject follow published figures. "Models" is history, likelihood ratio, table of novelty,
/// season of the fleet, fused weights and drift, without parsing, facts, detectors' other rows, policy and store. "One assessment" is the engine's judging
/// of a batch of one: detectors, scoring, policy and learning. Nothing here is timed by a test: it prints.
/// </remarks>
internal static class ModelsBenchmark
{
    public const string Usage = "       models [SUBJECTS]";

    private const int Rounds = 7;

    public static async Task<int> RunAsync(int subjects)
    {
        var cases = new BenchmarkTraffic(new BenchmarkSettings { Seed = 1, Subjects = subjects }).Cases().Where(login => login is { IsSuccess: true, Kind: CaseKind.Honest }).ToList();
        Console.WriteLine($"{cases.Count:N0} logins of {subjects:N0} subjects");
        Models([.. cases.Select(Remembered)], [.. cases.Select(login => login.Subject)], subjects);
        await AssessmentsAsync(cases);
        return 0;
    }

    private static PastLogin Remembered(BenchmarkCase login)
    {
        var shown = login.Attributes;
        return new PastLogin
        {
            At = (uint)login.OccurredAt.ToUnixTimeSeconds(), AddressUnit = IpAddress.Parse(shown.Address).Unit, Asn = shown.Asn, Country = CountryCode.Parse(shown.Country),
            UserAgent = HashOf(shown.UserAgent), Browser = (byte)HashOf(shown.Browser.Split(' ')[0]), Os = (byte)(1 + (HashOf(shown.Os.Split(' ')[0]) % 250)), Latitude = PastLogin.NoLocation,
        };
    }

    private static uint HashOf(string text)
    {
        var hash = 2_166_136_261;
        foreach (var character in text) hash = (hash ^ character) * 16_777_619;
        return hash | 1;
    }

    private static void Models(PastLogin[] logins, int[] owners, int subjects)
    {
        var likelihood = new LikelihoodModel(new LikelihoodSettings());
        var scorer = new Scorer(new ScoringSettings(), Configuration.WeightsReader.Default.ToWeights());
        var fleetSettings = new FleetSettings();
        var shares = new FleetShares(0.0005f, 0.002f, 0.05f, 0.2f, 0.02f, 0.1f, 0.3f, 5000);
        var room = new SignalRecord[16];
        var said = new Signal[4];
        var rates = new double[Rounds];
        long bytes = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var profiles = new byte[subjects * SubjectProfile.MaxLength];
            var (table, fleet, drift) = (new NoveltyTable(), new FleetMonitor(), new ScoreDrift());
            var sum = 0.0;
            var (allocated, processor) = (GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.TotalTime);
            for (var i = 0; i < logins.Length; i++)
            {
                ref var login = ref logins[i];
                var profile = new SubjectProfile(profiles.AsSpan(owners[i] * SubjectProfile.MaxLength, SubjectProfile.MaxLength));
                var summary = HistorySummary.Of(profile.Logins, login);
                var likely = likelihood.Judge(profile.Logins, profile.Header.Logins, summary, login, shares, table, true);
                fleet.Advance(login.At, fleetSettings);
                fleet.Observe(new FleetLogin(summary.SameNetwork == 0 ? FleetPattern.SuccessElsewhere : FleetPattern.Success, (ulong)owners[i] * 0x9E37_79B9_7F4A_7C15, login.At, false), fleetSettings);
                var count = 0;
                if (likely.Address != 0) said[count++] = new Signal(likely.Address > 0 ? SignalCode.NewAddress : SignalCode.KnownAddress, likely.Address, 0, 0, 0);
                if (likely.Asn != 0) said[count++] = new Signal(SignalCode.NewAsn, likely.Asn, 0, 0, 0);
                if (likely.Country != 0) said[count++] = new Signal(SignalCode.NewCountry, likely.Country, 0, 0, 0);
                if (likely.Device != 0) said[count++] = new Signal(likely.Device > 0 ? SignalCode.NewDevice : SignalCode.KnownDevice, likely.Device, 0, 0, 0);
                var logOdds = scorer.Score(said.AsSpan(0, count), room).LogOdds;
                drift.Observe(1, logOdds, login.At);
                sum += logOdds;
                if (profile.IsEstablished) table.Observe(LikelihoodModel.CellOf(profile.Logins, profile.Header.Logins, summary, login), likely.Novelty, 0.01f, login.At);
                else table.ObserveFirst(0.01f, login.At);
                login.Novelty = likely.Novelty.Packed;
                profile.Add(login);
            }

            var used = Environment.CpuUsage.TotalTime - processor;
            rates[round] = logins.Length / used.TotalSeconds;
            bytes = 0;
            for (var subject = 0; subject < subjects; subject++)
            {
                var profile = new SubjectProfile(profiles.AsSpan(subject * SubjectProfile.MaxLength, SubjectProfile.MaxLength));
                bytes += profile.IsEstablished ? profile.UsedLength : 0;
            }

            Console.WriteLine($"round {round}: {rates[round]:N0} events/s a core, {used.TotalMicroseconds / logins.Length:0.00} us, {GC.GetAllocatedBytesForCurrentThread() - allocated} bytes allocated in all; sum of scores {sum:R}");
        }

        Console.WriteLine($"all models together: median {rates.Order().ElementAt(Rounds / 2):N0} events/s of processor, one core");
        Console.WriteLine(
            $"a subject: {bytes / (double)subjects:N0} bytes of profile on the published mix, {logins.Length / (double)subjects:N1} logins each; the fleet's models {NoveltyTable.StoredLength + FleetMonitor.StoredLength + ScoreDrift.StoredLength:N0} bytes in all");
    }

    private static async Task AssessmentsAsync(List<BenchmarkCase> cases)
    {
        await using var store = new InMemoryStateStore(new InMemoryStoreSettings { Assessments = 0 }, TimeProvider.System);
        var engine = new Engine(
            new Snapshot
            {
                Detectors = Detectors.From(new DetectionSettings()),
                Scorer = new Scorer(new ScoringSettings(), Configuration.WeightsReader.Default.ToWeights()),
                Policy = CompiledPolicy.Compile(DefaultPolicy.Definition),
                Facts = FactSnapshot.Empty,
                ModelVersion = "benchmark",
            },
            store.Hash, []);
        var (unit, batch) = (new UnitOfWork(), new EventBatch(1));
        var microseconds = new double[cases.Count];
        for (var i = 0; i < cases.Count; i++)
        {
            Fill(batch, cases[i], i);
            engine.Prepare(batch, unit);
            await store.LoadAsync(unit.Effects.View, CancellationToken.None);
            var at = Stopwatch.GetTimestamp();
            engine.Judge(unit, store.Blocks, store.AllowList, JudgeMode.Ingest, DegradedFacts.None);
            microseconds[i] = Stopwatch.GetElapsedTime(at).TotalMicroseconds;
            await store.CommitAsync(unit.Effects, CancellationToken.None);
        }

        // The first fifth is for the runtime to find its code.
        double[] warm = [.. microseconds[(cases.Count / 5)..].Order()];
        Console.WriteLine($"one assessment, of {warm.Length:N0}: p50 {warm[warm.Length / 2]:0.0} us, p99 {warm[warm.Length * 99 / 100]:0.0} us, 999 of 1,000 {warm[warm.Length * 999 / 1000]:0.0} us");
    }

    private static void Fill(EventBatch batch, BenchmarkCase login, int number)
    {
        batch.Clear();
        ref var e = ref batch.Add(default);
        e.Id = batch.Append(System.Text.Encoding.UTF8.GetBytes($"e{number}"));
        e.SubjectId = batch.Append(System.Text.Encoding.UTF8.GetBytes($"s{login.Subject}"));
        e.UserAgent = batch.Append(System.Text.Encoding.UTF8.GetBytes(login.Attributes.UserAgent));
        e.OccurredAt = EventTime.From(login.OccurredAt);
        e.Kind = EventKind.Login;
        e.SourceIp = IpAddress.Parse(login.Attributes.Address);
        (e.Asn, e.Country) = (login.Attributes.Asn, CountryCode.Parse(login.Attributes.Country));
    }
}
