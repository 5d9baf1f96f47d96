using System.Collections.Immutable;

namespace RiskEngine.Simulation.Benchmarking.Statistics;

/// <summary>What stopping an attacker costs honest people, as Wiefling et al. (ACM TOPS 26(1), 2022) measure it.</summary>
/// <remarks>
/// The threshold is set so that a share of the attacker's logins in the test split is caught, or as much as the oracle catches while it challenges every other
/// honest login, where that is less. Counted are the n logins of a subject that follow its first, over the whole stream, for subjects who have as many.
/// </remarks>
public static class Reauthentication
{
    /// <summary>Gets the shares of attacks to be caught.</summary>
    public static ImmutableArray<double> Recalls { get; } = [0.97, 0.98, 0.99, 0.995, 0.999];

    /// <summary>Gets the lengths of history, in logins after the first.</summary>
    public static ImmutableArray<int> Lengths { get; } = [5, 12, 20, 39];

    /// <summary>The challenge rate up to which the oracle is asked how much can be caught at all.</summary>
    public const double OracleRate = 0.5;

    /// <summary>Gets the classes of login frequency, by the mean days between a subject's logins, the last without a bound.</summary>
    public static IReadOnlyList<(string Name, double Days)> Frequencies { get; } = [("daily", 1.5), ("weekly", 10), ("monthly", 45), ("less than monthly", double.PositiveInfinity)];

    /// <summary>The lowest score that still catches that share of the attacks.</summary>
    public static float ThresholdFor(double recall, IEnumerable<float> attacks)
    {
        float[] sorted = [.. attacks.OrderDescending()];
        return sorted.Length == 0 ? float.NaN : sorted[Math.Clamp((int)Math.Ceiling(recall * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    /// <summary>Counts the challenges of each subject's first logins.</summary>
    /// <returns>For each of <see cref="Lengths"/>: the median number, the mean share of logins, and of how many subjects; NaN of none.</returns>
    public static IReadOnlyList<ReauthenticationPoint> Count(ScoredStream stream, int contestant, float threshold)
    {
        var scores = stream.ScoresOf(contestant);
        var (seen, challenged) = (new int[stream.Subjects], new int[stream.Subjects]);
        List<int>[] counts = [.. Lengths.Select(_ => new List<int>())];
        for (var i = 0; i < stream.Logins.Count; i++)
        {
            var login = stream.Logins[i];
            if (!login.IsHonest || login.History == 0) continue;
            seen[login.Subject]++;
            if (scores[i] >= threshold) challenged[login.Subject]++;
            var length = Lengths.IndexOf(login.History);
            if (length >= 0 && seen[login.Subject] == login.History) counts[length].Add(challenged[login.Subject]);
        }

        return [.. Lengths.Select((length, at) => new ReauthenticationPoint(length, Median(counts[at]), counts[at].Count == 0 ? double.NaN : counts[at].Average() / length, counts[at].Count))];
    }

    /// <summary>The share of logins after the first that is challenged, by how often people log in.</summary>
    public static IReadOnlyList<FrequencyPoint> ByFrequency(ScoredStream stream, int contestant, float threshold)
    {
        var classes = ClassesOf(stream);
        var scores = stream.ScoresOf(contestant);
        var (logins, challenged) = (new long[Frequencies.Count], new long[Frequencies.Count]);
        for (var i = 0; i < stream.Logins.Count; i++)
        {
            var login = stream.Logins[i];
            if (!login.IsHonest || login.History == 0 || classes[login.Subject] is not { } at) continue;
            logins[at]++;
            if (scores[i] >= threshold) challenged[at]++;
        }

        return [.. Frequencies.Select((frequency, at) => new FrequencyPoint(frequency.Name, logins[at] == 0 ? double.NaN : (double)challenged[at] / logins[at], logins[at]))];
    }

    private static int?[] ClassesOf(ScoredStream stream)
    {
        var (gaps, seconds) = (new int[stream.Subjects], new long[stream.Subjects]);
        foreach (var login in stream.Logins)
        {
            if (!login.IsHonest || login.GapSeconds < 0) continue;
            gaps[login.Subject]++;
            seconds[login.Subject] += login.GapSeconds;
        }

        return [.. gaps.Select((count, subject) => count == 0 ? (int?)null : ClassOf(TimeSpan.FromSeconds((double)seconds[subject] / count).TotalDays))];
    }

    private static int ClassOf(double days)
    {
        var at = 0;
        while (days > Frequencies[at].Days) at++;
        return at;
    }

    private static double Median(List<int> counts)
    {
        if (counts.Count == 0) return double.NaN;
        counts.Sort();
        return (counts[(counts.Count - 1) / 2] + counts[counts.Count / 2]) / 2.0;
    }
}

/// <summary>Challenges within the logins that follow a first one.</summary>
/// <param name="Logins">How many logins.</param>
/// <param name="Median">Of the challenges among them, over subjects.</param>
/// <param name="Rate">Mean share of them.</param>
/// <param name="Subjects">Who has as many.</param>
public sealed record ReauthenticationPoint(int Logins, double Median, double Rate, int Subjects);

/// <summary>Challenges of subjects who log in about equally often.</summary>
public sealed record FrequencyPoint(string Frequency, double Rate, long Logins);
