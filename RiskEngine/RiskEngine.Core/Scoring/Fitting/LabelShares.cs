namespace RiskEngine.Core.Scoring;

/// <summary>How much each of people's labels counts, so that nobody's many clicks outweigh what others say.</summary>
public static class LabelShares
{
    /// <summary>The most that all labels on one subject's logins count together: they are one story.</summary>
    public const double MostOfSubject = 3;

    /// <summary>The most that all labels of one person count together.</summary>
    public const double MostOfPerson = 25;

    /// <summary>Shares of labels.</summary>
    /// <param name="labels">Whose login it was, and who said what it was.</param>
    /// <returns>One for each, above 0 and up to 1.</returns>
    public static double[] Of(IReadOnlyList<(ulong Subject, string Who)> labels)
    {
        var shares = new double[labels.Count];
        Array.Fill(shares, 1);
        Bound(shares, labels.Select(label => label.Subject), MostOfSubject);
        Bound(shares, labels.Select(label => label.Who), MostOfPerson);
        return shares;
    }

    private static void Bound<T>(double[] shares, IEnumerable<T> owners, double most)
        where T : notnull
    {
        var of = owners.ToArray();
        var sums = new Dictionary<T, double>();
        for (var i = 0; i < of.Length; i++) sums[of[i]] = sums.GetValueOrDefault(of[i]) + shares[i];
        for (var i = 0; i < of.Length; i++) shares[i] *= Math.Min(1, most / sums[of[i]]);
    }
}
