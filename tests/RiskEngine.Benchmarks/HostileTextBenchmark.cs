using System.Diagnostics;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;

namespace RiskEngine.Benchmarks;

/// <summary>What the texts of a login can make a condition cost, beside what the condition is charged when a policy is loaded.</summary>
/// <remarks>
/// Each condition meets the text that keeps it busiest, as far as we could find one. A share above 100 % would mean that the bound does not hold on this machine.
/// The best round is what the work takes; the median is what it took beside whatever else ran. Nothing here is timed by a test: it prints.
/// </remarks>
internal static class HostileTextBenchmark
{
    private const int Rounds = 60, Length = 2048;

    private static readonly (string Condition, string Text)[] Cases =
    [
        ("event.user_agent.matches('python-requests/[12]')", Repeat("python-requests/")),
        ("event.user_agent.matches('python-requests/[12]')", Repeat("p")),
        ("event.user_agent.matches('(?i)headless|phantom|selenium')", Repeat("selenHEADLESphanto")),
        ("event.user_agent.matches('a.*b.*c.*d.*e')", "abcd" + Repeat("abcd")[4..]),
        ("event.user_agent.matches('(a|aa)+b')", Repeat("a")),
        ("event.user_agent.matches('(a*)*b')", Repeat("a")),
        ("event.user_agent.matches('a{20}b')", Repeat("a")),
        ("event.user_agent.matches('a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?a?b')", Repeat("a")),
        ("event.user_agent.matches('.*.*.*.*.*.*.*.*!')", Repeat("x")),
        (@"event.user_agent.matches('\\bx\\b.*\\bx\\b.*\\bx\\b.*!')", Repeat("x ")),
        (@"event.user_agent.matches('\\pL\\pL\\pL\\pL\\pL\\pL\\pL\\pL!')", Repeat("é")),
        (@"event.user_agent.matches('[^\\pL]{9}!')", Repeat("😀")),
        (@"event.user_agent.matches('(\\pL|\\pN|\\pP)*!')", Repeat("語")),
        ("event.user_agent.matches('(?i)^[a-z0-9 ]*!')", Repeat("a1 B")),
        ("event.user_agent.matches('^python-requests/[12]')", "python-requests/3"),
        ("event.user_agent.contains('abbbabab')", Repeat("ab")),
        ($"event.user_agent.contains('{Repeat("ab")[..1000]}bb{Repeat("ab")[..20]}')", Repeat("ab")),
        ("event.user_agent.contains('python-requests')", Repeat("pythonrequests-")),
        ("size(event.user_agent) > 5000", Repeat("é")),
        ($"event.user_agent in ['{Repeat("b")}', 'c']", Repeat("a")),
        ($"event.user_agent == '{Repeat("a")[..^1]}b'", Repeat("a")),
        ("event.user_agent.startsWith('b')", Repeat("a")),
        ($"subject.groups.exists(g, g == '{Repeat("ab")[..599]}a')", "a"),
        ("subject.groups.exists(g, g.contains('abbbabab'))", "a"),
        ("event.occurred_at.getHours('Europe/Berlin') > 30", "a"),
    ];

    public static int Run()
    {
        Console.WriteLine($"{"charged",9} {"best",9} {"median",9} {"share",6}");
        var worst = 0.0;
        foreach (var (condition, text) in Cases)
        {
            PolicyRule[] rules = [new() { Name = "hostile", When = new RuleConditions { Expression = condition }, Then = DecisionAction.Notify }];
            if (CompiledPolicy.TryCompile(new PolicyDefinition { Rules = rules }, null, out var faults) is not { } policy)
            {
                Console.WriteLine($"{"refused",9} {"",26} {Shown(condition)}: {faults[0].Message}");
                continue;
            }

            var (best, median, isMet) = Measure(policy, new HostileLogin(text));
            worst = Math.Max(worst, best / policy.WorstTime.TotalMicroseconds);
            Console.WriteLine($"{policy.WorstTime.TotalMicroseconds,6:0.0} µs {best,6:0.0} µs {median,6:0.0} µs {best / policy.WorstTime.TotalMicroseconds,6:0 %} {Shown(condition)}{(isMet ? " (met: not the worst)" : "")}");
        }

        Console.WriteLine($"at worst {worst:0 %} of what is charged");
        return 0;
    }

    private static (double Best, double Median, bool IsMet) Measure(CompiledPolicy policy, HostileLogin login)
    {
        var microseconds = new double[Rounds];
        var isMet = false;
        var turns = 20;
        for (var round = -Rounds; round < Rounds; round++)
        {
            var at = Stopwatch.GetTimestamp();
            for (var i = 0; i < turns; i++) isMet = policy.Decide(login.Context, RiskLevel.Low, 5, [], 0).Rule >= 0;
            var taken = Stopwatch.GetElapsedTime(at).TotalMicroseconds / turns;
            // The first half is for the runtime to find its code, and for us to find how often a cheap one is to be repeated.
            if (round < 0) turns = (int)Math.Clamp(400 / Math.Max(taken, 0.01), 20, 20_000);
            else microseconds[round] = taken;
        }

        Array.Sort(microseconds);
        return (microseconds[0], microseconds[Rounds / 2], isMet);
    }

    private static string Repeat(string part) => string.Concat(Enumerable.Repeat(part, Length / Encoding.UTF8.GetByteCount(part)));

    private static string Shown(string condition) => condition.Length > 90 ? condition[..90] + "…" : condition;

    /// <summary>A login whose user agent and groups somebody else chose.</summary>
    private sealed class HostileLogin : JudgedLogin
    {
        public HostileLogin(string userAgent)
        {
            ref var login = ref Batch.Add(default);
            login.OccurredAt = new EventTime(1_790_000_000_000);
            login.Kind = EventKind.Login;
            login.UserAgent = Batch.Append(Encoding.UTF8.GetBytes(userAgent));
            var (start, group) = (Batch.ListCount, Batch.Append(Encoding.UTF8.GetBytes(Repeat("ab")[..600])));
            for (var i = 0; i < ExpressionLimits.EventListElements; i++) Batch.AppendToList(group);
            login.Groups = new SliceRange(start, ExpressionLimits.EventListElements);
        }
    }
}
