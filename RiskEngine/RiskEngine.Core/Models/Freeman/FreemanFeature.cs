namespace RiskEngine.Core.Models;

/// <summary>A feature of Freeman's model: a value with coarser ones above it, each level with a weight.</summary>
/// <remarks>
/// <para>
/// The likelihood of a value is Σ w(h) · p(value | h) · p(h) over its levels h, the value itself first (Freeman et al., NDSS 2016, section IV; interpolation
/// weights by Wiefling et al., ACM TOPS 26(1), 2022). p(value | h) comes from all logins, p(h) from all logins or from those of the subject.
/// </para>
/// <para>
/// Smoothing: among N logins with M values below, a value seen c times has c/N · (1 − M/(N+M)), one never seen 1/(N+M). M is the number of distinct values
/// on all lower levels, plus one. For all logins only the first level is smoothed and the others are plain shares; a subject's own shares p(h) are never
/// smoothed, and a value that nobody has shown has the smoothed p(value | h) of its coarser level, which is what makes a new address in a known network less
/// strange than one in a new country.
/// </para>
/// <para>Grows with what it has seen, as a baseline may. Not thread-safe.</para>
/// </remarks>
internal sealed class FreemanFeature
{
    /// <summary>Of a value that the subject never showed at any level p(value | subject) is a quarter of p(value): no ratio is larger.</summary>
    private const double Unseen = 4;

    private readonly double[] _weights;
    private readonly Dictionary<string, int>[] _values;

    /// <summary>How many logins had that value of that level.</summary>
    private readonly Dictionary<(int Level, int Value), int> _logins = [];

    /// <summary>How many distinct finer values were seen with that value.</summary>
    private readonly Dictionary<(int Level, int Value), int> _below = [];

    /// <summary>How many logins had a value of a level together with one of a finer level.</summary>
    private readonly Dictionary<(int Level, int Value, int FinerLevel, int Finer), int> _together = [];
    private readonly Dictionary<(long Subject, int Level, int Value), int> _ofSubject = [];
    private int _total;

    /// <param name="weights">One for each level, the value itself first.</param>
    public FreemanFeature(params double[] weights)
    {
        _weights = weights;
        _values = [.. weights.Select(_ => new Dictionary<string, int>())];
    }

    /// <summary>p(value) over p(value | subject), at most 4.</summary>
    /// <param name="levels">The value and those above it.</param>
    /// <param name="subjectLogins">Earlier logins of the subject, at least one.</param>
    public double Ratio(ReadOnlySpan<string> levels, long subject, int subjectLogins)
    {
        Span<int> at = stackalloc int[_weights.Length];
        for (var level = 0; level < at.Length; level++) at[level] = _values[level].GetValueOrDefault(levels[level], -1);

        var all = _weights[0] * First(at[0]);
        double own = 0;
        for (var level = 0; level < at.Length; level++)
        {
            if (level > 0) all += _weights[level] * Share(level, at[level], at[0]);
            var shown = at[level] < 0 ? 0 : _ofSubject.GetValueOrDefault((subject, level, at[level]));
            if (shown > 0) own += _weights[level] * (level == 0 ? 1 : Conditional(level, at[level], at[0])) * shown / subjectLogins;
        }

        return own == 0 ? Unseen : Math.Min(Unseen, all / own);
    }

    public void Learn(ReadOnlySpan<string> levels, long subject)
    {
        Span<int> at = stackalloc int[_weights.Length];
        for (var level = 0; level < at.Length; level++)
        {
            at[level] = Number(_values[level], levels[level]);
            Count(_logins, (level, at[level]));
            Count(_ofSubject, (subject, level, at[level]));
            for (var finer = 0; finer < level; finer++)
            {
                if (Count(_together, (level, at[level], finer, at[finer])) == 1) Count(_below, (level, at[level]));
            }
        }

        _total++;
    }

    /// <summary>The smoothed share of the value among all logins.</summary>
    private double First(int value)
    {
        var distinct = 1;
        foreach (var level in _values) distinct += level.Count;
        return Smoothed(value < 0 ? 0 : _logins.GetValueOrDefault((0, value)), _total, distinct);
    }

    /// <summary>p(value | h) · p(h) in plain shares: nothing for what was never seen together.</summary>
    private double Share(int level, int coarse, int value) => coarse < 0 || value < 0 ? 0 : (double)_together.GetValueOrDefault((level, coarse, 0, value)) / _total;

    private double Conditional(int level, int coarse, int value) => Smoothed(
        value < 0 ? 0 : _together.GetValueOrDefault((level, coarse, 0, value)), _logins[(level, coarse)], _below[(level, coarse)] + 1);

    private static double Smoothed(int seen, int total, int distinct) =>
        seen == 0 ? 1.0 / (total + distinct) : (double)seen / total * (1 - ((double)distinct / (total + distinct)));

    private static int Number(Dictionary<string, int> values, string value)
    {
        if (!values.TryGetValue(value, out var number)) values[value] = number = values.Count;
        return number;
    }

    private static int Count<TKey>(Dictionary<TKey, int> counts, TKey key)
        where TKey : notnull => counts[key] = counts.GetValueOrDefault(key) + 1;
}
