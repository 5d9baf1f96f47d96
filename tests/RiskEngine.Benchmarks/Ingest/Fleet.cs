namespace RiskEngine.Benchmarks.Ingest;

/// <summary>Who logs in, and how often: a mix with a median of 2 and a 99th percentile of 28 logins a subject, 50 at most.</summary>
/// <remarks>Repeatable by its seed. Not thread-safe.</remarks>
internal sealed class Fleet
{
    /// <summary>The logarithm of 28 / 2 over the 99th percentile of the normal distribution.</summary>
    private const double Spread = 1.1344;

    private const int Median = 2, Most = 50;

    /// <summary>A subject for every login there has been, in the order of their times.</summary>
    private readonly int[] _logins;

    private readonly Random _random;

    public Fleet(int subjects, int seed)
    {
        _random = new Random(seed);
        Subjects = subjects;
        List<int> logins = new(4 * subjects);
        for (var subject = 0; subject < subjects; subject++)
        {
            var count = Math.Clamp((int)Math.Round(Median * Math.Exp(Spread * Normal())), 1, Most);
            for (var login = 0; login < count; login++) logins.Add(subject);
        }

        _logins = [.. logins];
        _random.Shuffle(_logins);
    }

    public int Subjects { get; }

    /// <summary>Gets the subject of each login that the store is filled with.</summary>
    public ReadOnlySpan<int> Past => _logins;

    /// <summary>Who logs in next: somebody who did often before does so often again.</summary>
    public int Next() => _logins[_random.Next(_logins.Length)];

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
