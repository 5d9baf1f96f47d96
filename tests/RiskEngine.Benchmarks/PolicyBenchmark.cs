using System.Diagnostics;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Policies;

namespace RiskEngine.Benchmarks;

/// <summary>What a policy of many rules costs a login: nanoseconds and bytes allocated for deciding, apart from everything else.</summary>
/// <remarks>
/// Rules mix level, group, country, application, network, signals and reputation; logins rarely match, so that no early rule hides the cost of the
/// later ones. Nothing here is timed by a test: it prints.
/// </remarks>
internal static class PolicyBenchmark
{
    public const string Usage = "       policy [--rules N | --hostile]";

    private const int Logins = 1024, Rounds = 2000;

    private static readonly string[] Groups = ["finance", "hr", "it", "sales", "legal", "support", "research", "board", "contractors", "admins"];
    private static readonly string[] Countries = ["DE", "AT", "CH", "FR", "NL", "PL", "US", "JP", "BR", "IN", "CN", "GB"];

    public static int Run(string[] args)
    {
        var rules = args is ["--rules", var count] ? int.Parse(count) : 500;
        var started = Stopwatch.GetTimestamp();
        var policy = CompiledPolicy.Compile(new PolicyDefinition { Mode = PolicyMode.Enforce, Rules = [.. Enumerable.Range(0, rules).Select(Rule)] }, ["ipsum", "partners"]);
        Console.WriteLine($"{rules} rules compiled in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms");
        var logins = Enumerable.Range(0, Logins).Select(i => new Login(new Random(i))).ToArray();
        Span<SignalRecord> signals = [new(SignalCode.NewDevice, 0.7, 0.7, 0, 0, 0, default), new(SignalCode.NewAddress, 0.4, 0.4, 0, 0, 0, default), new(SignalCode.KnownAddress, -0.5, -0.5, 0, 0, 0, default)];
        var nanoseconds = new double[Rounds];
        var (decided, allocated) = (0, 0L);
        for (var round = 0; round < Rounds; round++)
        {
            decided = 0;
            var (before, at) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            foreach (var login in logins)
            {
                if (policy.Decide(login.Context, login.Level, login.Score, signals, login.Reputation).Rule >= 0) decided++;
            }

            nanoseconds[round] = Stopwatch.GetElapsedTime(at).TotalNanoseconds / Logins;
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // The first half is for the runtime to find its code.
        double[] warm = [.. nanoseconds[(Rounds / 2)..].Order()];
        Console.WriteLine($"a login: median {warm[warm.Length / 2]:0} ns, best {warm[0]:0} ns, 99th of 100 rounds {warm[warm.Length * 99 / 100]:0} ns; {warm[warm.Length / 2] / rules:0.0} ns a rule; {allocated} bytes allocated in a round; {decided} of {Logins} logins met a rule");
        return 0;
    }

    private static PolicyRule Rule(int i)
    {
        var random = new Random(i);
        string[] conditions =
        [
            $"\"{Groups[random.Next(Groups.Length)]}\" in subject.groups",
            $"event.application == \"app{random.Next(200)}\"",
            random.Next(2) == 0 ? $"geo.country in [\"{Countries[random.Next(Countries.Length)]}\", \"{Countries[random.Next(Countries.Length)]}\"]" : $"!(geo.country in [\"DE\", \"AT\", \"{Countries[random.Next(Countries.Length)]}\"])",
            $"risk.level >= {(random.Next(2) == 0 ? "medium" : "high")}",
            random.Next(2) == 0 ? "\"tor\" in network.kinds || \"vpn\" in network.kinds" : $"network.asn == {64_500 + random.Next(40)}",
            $"reputation.address <= -{random.Next(1, 4)}",
            random.Next(2) == 0 ? $"signals.{SignalCatalogue.All[random.Next(SignalCatalogue.All.Count)].Name} >= 1.5" : $"\"{SignalCatalogue.All[random.Next(SignalCatalogue.All.Count)].Name}\" in signals",
            $"event.occurred_at.getHours(\"Europe/Berlin\") < {random.Next(1, 7)}",
            random.Next(2) == 0 ? "!subject.established || subject.days_since_first_login < 7" : "subject.service_account",
            $"cidr(\"10.{random.Next(256)}.0.0/16\").contains(event.source_ip)",
        ];
        var text = new StringBuilder($"event.application != \"none{i}\"");
        foreach (var condition in conditions.OrderBy(_ => random.Next()).Take(2 + random.Next(2))) text.Append($" && ({condition})");
        return new PolicyRule { Name = $"rule-{i}", When = new RuleConditions { Expression = text.ToString() }, Then = DecisionAction.Challenge };
    }

    /// <summary>A login as it is judged.</summary>
    private sealed class Login : JudgedLogin
    {
        public Login(Random random)
        {
            History = [default];
            ref var e = ref Batch.Add(default);
            e.OccurredAt = new EventTime(1_790_000_000_000 + random.Next(86_400_000));
            e.Kind = EventKind.Login;
            e.SourceIp = IpAddress.FromIPv4((203u << 24) | (uint)random.Next(1 << 24));
            e.Application = Batch.Append(Encoding.UTF8.GetBytes($"app{random.Next(200)}"));
            e.SubjectId = Batch.Append("42"u8);
            var start = Batch.ListCount;
            foreach (var group in Groups.OrderBy(_ => random.Next()).Take(3)) Batch.AppendToList(Batch.Append(Encoding.UTF8.GetBytes(group)));
            e.Groups = new SliceRange(start, 3);
            (Facts.Scope, Facts.Asn) = (AddressScope.Public, (uint)(64_500 + random.Next(40)));
            (AsPast.At, AsPast.Asn, AsPast.Country) = (e.OccurredAt.UnixSeconds, Facts.Asn, CountryCode.Parse(Countries[random.Next(10) < 8 ? random.Next(2) : random.Next(Countries.Length)]));
            (Profile.Logins, Profile.FirstLogin) = (20, AsPast.At - (30 * 86_400));
            (Level, Score, Reputation) = random.Next(20) == 0 ? (RiskLevel.High, 30, -2f) : (RiskLevel.None, 1.5, 0.5f);
        }

        public RiskLevel Level { get; }

        public double Score { get; }

        public float Reputation { get; }
    }
}
