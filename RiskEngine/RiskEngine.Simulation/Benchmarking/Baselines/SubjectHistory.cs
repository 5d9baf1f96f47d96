namespace RiskEngine.Simulation.Benchmarking.Baselines;

/// <summary>Which values each subject has shown in earlier logins. Not thread-safe; grows with the stream, as a benchmark may.</summary>
internal sealed class SubjectHistory
{
    private readonly HashSet<(int Subject, string Value)> _seen = [];
    private readonly HashSet<int> _subjects = [];

    /// <summary>Whether the subject has logged in at all.</summary>
    public bool Knows(int subject) => _subjects.Contains(subject);

    public bool Has(int subject, string value) => _seen.Contains((subject, value));

    public void Add(int subject, string value)
    {
        _subjects.Add(subject);
        _seen.Add((subject, value));
    }
}
