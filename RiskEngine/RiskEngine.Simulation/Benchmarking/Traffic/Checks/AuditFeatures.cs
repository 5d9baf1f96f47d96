namespace RiskEngine.Simulation.Benchmarking.Traffic.Checks;

/// <summary>What an auditor looks at, group by group, from strictly earlier events of the stream. For one thread.</summary>
internal sealed class AuditFeatures
{
    private readonly Dictionary<int, DateTimeOffset> _first = [];
    private readonly Dictionary<string, int> _counts = [];
    private readonly Dictionary<(string Address, int Subject), int> _own = [];

    public static IReadOnlyList<string> Groups { get; } = ["rhythm", "history", "infrastructure", "rarity"];

    /// <summary>Features of a login, in the order of <see cref="Groups"/>.</summary>
    public float[][] Of(BenchmarkCase login)
    {
        var attributes = login.Attributes;
        var age = _first.TryGetValue(login.Subject, out var first) ? (login.OccurredAt - first).TotalHours : -1;
        // What others did on the address: what the subject itself did there is its history, not the address'.
        var others = Count("ip " + attributes.Address) - _own.GetValueOrDefault((attributes.Address, login.Subject));
        var failures = Count("failed " + attributes.Address) - _own.GetValueOrDefault(("failed " + attributes.Address, login.Subject));
        return
        [
            [Log(login.GapSeconds + 1), login.OccurredAt.Hour, (float)login.OccurredAt.DayOfWeek],
            [login.HistoryLength, Log(age + 1)],
            [attributes.IsListed ? 1 : 0, others, failures, Count("net " + Slash24(attributes.Address))],
            [Count($"as {attributes.Asn}"), Count("country " + attributes.Country), Count("ua " + attributes.UserAgent), Count("browser " + attributes.Browser)],
        ];
    }

    public void Learn(BenchmarkCase next)
    {
        var attributes = next.Attributes;
        var outcome = next.IsSuccess ? "ip " : "failed ";
        Add(outcome + attributes.Address);
        var key = ((next.IsSuccess ? "" : "failed ") + attributes.Address, next.Subject);
        if (next.Subject >= 0) _own[key] = _own.GetValueOrDefault(key) + 1;
        if (!next.IsSuccess) return;
        _first.TryAdd(next.Subject, next.OccurredAt);
        Add("net " + Slash24(attributes.Address));
        Add($"as {attributes.Asn}");
        Add("country " + attributes.Country);
        Add("ua " + attributes.UserAgent);
        Add("browser " + attributes.Browser);
    }

    private int Count(string key) => _counts.GetValueOrDefault(key);

    private void Add(string key) => _counts[key] = Count(key) + 1;

    private static string Slash24(string address) => address[..address.LastIndexOf('.')];

    private static float Log(double value) => value <= 0 ? -1 : (float)Math.Log(value);
}
