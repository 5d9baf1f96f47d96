using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Simulation.Benchmarking.Statistics;

/// <summary>The scored logins of a stream in order, with what each contestant and each oracle gave them.</summary>
/// <remarks>Written by one thread, then read by any.</remarks>
public sealed class ScoredStream
{
    private readonly List<ScoredLogin> _logins = [];
    private readonly List<float>[] _scores;
    private readonly List<float>[] _oracles;

    /// <param name="contestants">Names, in the order of their scores.</param>
    /// <param name="families">Names of the attackers, in the order of the numbers that cases have.</param>
    public ScoredStream(IReadOnlyList<string> contestants, IReadOnlyList<string> families)
    {
        (Contestants, Families) = (contestants, families);
        _scores = [.. contestants.Select(_ => new List<float>())];
        _oracles = [.. families.Select(_ => new List<float>())];
    }

    public IReadOnlyList<string> Contestants { get; }

    public IReadOnlyList<string> Families { get; }

    public IReadOnlyList<ScoredLogin> Logins => _logins;

    /// <summary>Gets the number of subjects; their numbers lie below it.</summary>
    public int Subjects { get; private set; }

    /// <summary>Several streams as one: every subject of every stream is somebody else.</summary>
    public static ScoredStream Pool(IReadOnlyList<ScoredStream> streams)
    {
        var pooled = new ScoredStream(streams[0].Contestants, streams[0].Families);
        foreach (var stream in streams)
        {
            var first = pooled.Subjects;
            foreach (var login in stream._logins) pooled.AddLogin(login with { Subject = login.Subject + first });
            for (var i = 0; i < pooled._scores.Length; i++) pooled._scores[i].AddRange(stream._scores[i]);
            for (var i = 0; i < pooled._oracles.Length; i++) pooled._oracles[i].AddRange(stream._oracles[i]);
        }

        return pooled;
    }

    /// <summary>Adds a login.</summary>
    /// <param name="scores">One for each contestant; NaN where it has none to give, and then it ranks below all others.</param>
    public void Add(BenchmarkCase login, ReadOnlySpan<double> scores)
    {
        AddLogin(new ScoredLogin(login.Split, login.Family, login.Subject, login.HistoryLength, login.GapSeconds));
        for (var i = 0; i < _scores.Length; i++) _scores[i].Add(Ranked(scores[i]));
        var oracle = login.Oracle.Span;
        for (var i = 0; i < _oracles.Length; i++) _oracles[i].Add(i < oracle.Length ? oracle[i] : float.NaN);
    }

    public IReadOnlyList<float> ScoresOf(int contestant) => _scores[contestant];

    /// <summary>Log-likelihood ratios of the generator for one attacker; NaN where it cannot say.</summary>
    public IReadOnlyList<float> OracleOf(int family) => _oracles[family];

    private static float Ranked(double score) => double.IsNaN(score) ? float.NegativeInfinity : (float)score;

    private void AddLogin(in ScoredLogin login)
    {
        _logins.Add(login);
        Subjects = Math.Max(Subjects, login.Subject + 1);
    }
}
