using System.Text;
using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Host.Benchmarking;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Tests.Benchmarking;

/// <summary>A stream to test the harness with, simple enough to be seen through: people at home, somebody from far away, and somebody who copies them.</summary>
internal sealed class SmallStream(int subjects, int seed)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Length = TimeSpan.FromDays(120);
    private static readonly int Naive = AttackFamilies.IndexOf("naive"), Mimic = AttackFamilies.IndexOf("mimic");

    private readonly Dictionary<int, (int Logins, DateTimeOffset Last)> _subjects = [];
    private readonly Random _random = new(seed);

    /// <summary>Gets or sets whether attackers ask at all.</summary>
    public bool HasProbes { get; init; } = true;

    public static FormatContext Context { get; } = new() { Hash = new KeyedHash(new byte[16]), Clock = TimeProvider.System, FutureTolerance = TimeSpan.FromDays(3650) };

    public IEnumerable<ParsedCase> Parsed() => StreamParser.Parse(Cases(), Context);

    public IEnumerable<BenchmarkCase> Cases()
    {
        var logins = subjects * 20;
        for (var i = 0; i < logins; i++)
        {
            var at = Start + (Length * ((double)i / logins));
            var subject = _random.Next(subjects);
            var own = Own(subject, _random.NextDouble() < 0.1);
            var attack = _random.NextDouble();
            var from = _random.Next(200);
            if (HasProbes && attack < 0.4) yield return Case(i, at, subject, attack < 0.2 ? Elsewhere(from) : own, attack < 0.2 ? Naive : Mimic, CaseKind.Probe);
            yield return Case(i, at, subject, own, -1, CaseKind.Honest);
            _subjects[subject] = (_subjects.GetValueOrDefault(subject).Logins + 1, at);
        }
    }

    /// <summary>Makes logins of somebody else on a victim's account, minutes after the last of its own.</summary>
    public static Func<int, BenchmarkCase> Intrusion(BenchmarkCase victim)
    {
        var stream = new SmallStream(1, 0);
        return number => stream.Case(1_000_000 + number, victim.OccurredAt.AddMinutes(number), victim.Subject, Elsewhere(3), Naive, CaseKind.Campaign);
    }

    private static LoginAttributes Own(int subject, bool isElsewhere)
    {
        var address = isElsewhere ? $"198.51.100.{subject % 250}" : $"192.0.2.{subject % 250}";
        return new LoginAttributes(address, 64500u + (uint)(subject % 3), "DE", Firefox(subject), "Firefox 140", "Linux", "desktop", IsListed: false);
    }

    private static LoginAttributes Elsewhere(int number) =>
        new($"203.0.113.{number}", 64600u + (uint)(number % 40), number % 2 == 0 ? "BR" : "VN", "curl/8.5.0", "curl 8", "", "", IsListed: number < 100);

    private static string Firefox(int subject) => $"Mozilla/5.0 (X11; Linux x86_64; rv:{100 + (subject % 40)}.0) Gecko/20100101 Firefox/{100 + (subject % 40)}.0";

    private BenchmarkCase Case(int number, DateTimeOffset at, int subject, LoginAttributes shown, int family, CaseKind kind)
    {
        var (logins, last) = _subjects.GetValueOrDefault(subject);
        var json = JsonSerializer.Serialize(new
        {
            id = $"{number}-{kind}",
            occurred_at = at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"),
            kind = "login",
            subject = new { id = $"s{subject}" },
            source_ip = shown.Address,
            user_agent = shown.UserAgent,
            request_id = $"r{number}",
            geo = new { country = shown.Country },
            asn = new { number = shown.Asn },
            probe = kind == CaseKind.Probe,
        });
        var oracle = new float[AttackFamilies.Names.Count];
        Array.Fill(oracle, float.NaN);
        oracle[Naive] = shown.Country == "DE" ? -5 : 5;
        oracle[Mimic] = 0;
        var part = (at - Start) / Length;
        return new BenchmarkCase
        {
            Json = Encoding.UTF8.GetBytes(json),
            OccurredAt = at,
            Kind = kind,
            Split = part < 0.2 ? BenchmarkSplit.WarmUp : part < 0.5 ? BenchmarkSplit.Train : part < 0.75 ? BenchmarkSplit.Validation : BenchmarkSplit.Test,
            Family = family,
            IsSuccess = true,
            Subject = subject,
            HistoryLength = logins,
            GapSeconds = logins == 0 ? -1 : (long)(at - last).TotalSeconds,
            Attributes = shown,
            Oracle = oracle,
        };
    }
}
