namespace RiskEngine.Simulation.Benchmarking.Statistics;

/// <summary>One contestant on one selection of logins, ready to be measured again and again under other weights.</summary>
/// <remarks>Not thread-safe: it has room of its own to weigh in.</remarks>
internal sealed class Sample
{
    private readonly Ranking[] _rankings;
    private readonly Placement?[] _placements;
    private readonly int[] _challenged;
    private readonly int[] _cumulative;

    private Sample(Ranking[] rankings, Placement?[] placements, int[] challenged)
    {
        (_rankings, _placements, _challenged) = (rankings, placements, challenged);
        _cumulative = new int[rankings.Max(ranking => ranking.Count) + 1];
    }

    /// <summary>Gets how many figures <see cref="Measure"/> gives: the realised challenge rate at each frozen threshold, then a row for each family.</summary>
    public int Length => RowOf(_placements.Length);

    /// <summary>Where the figures of a family begin.</summary>
    public static int RowOf(int family) => Operating.Rates.Length + (family * FigureRow.Length);

    /// <param name="frozen">Thresholds in the order of <see cref="Operating.Rates"/>, or none.</param>
    public static Sample OfContestant(ScoredStream stream, Selection selection, int contestant, IReadOnlyList<float> frozen)
    {
        var scores = stream.ScoresOf(contestant);
        var ranking = Rank(stream, selection, scores);
        var placements = new Placement?[stream.Families.Count];
        for (var family = 0; family < placements.Length; family++) placements[family] = Place(stream, selection, family, ranking, scores, frozen);
        var challenged = selection.Honest.Select(at => scores[at]).ToList();
        return new Sample([ranking], placements, [.. frozen.Select(threshold => challenged.Count(score => score >= threshold))]);
    }

    /// <summary>What the generator knows, for each attacker by itself.</summary>
    public static Sample OfOracles(ScoredStream stream, Selection selection)
    {
        var families = stream.Families.Count;
        var rankings = new Ranking[families];
        var placements = new Placement?[families];
        for (var family = 0; family < families; family++)
        {
            var scores = Neutral(stream.OracleOf(family));
            var hasOracle = selection.Attacks[family].Any(at => !float.IsNaN(stream.OracleOf(family)[at]));
            rankings[family] = hasOracle ? Rank(stream, selection, scores) : new Ranking([], []);
            placements[family] = hasOracle ? Place(stream, selection, family, rankings[family], scores, []) : null;
        }

        return new Sample(rankings, placements, []);
    }

    /// <summary>Thresholds that challenge at most each of <see cref="Operating.Rates"/> of the honest logins.</summary>
    public static IReadOnlyList<float> Freeze(ScoredStream stream, Selection validation, int contestant)
    {
        var ranking = Rank(stream, validation, stream.ScoresOf(contestant));
        return [.. Operating.Rates.Select(ranking.ThresholdFor)];
    }

    /// <param name="figures">Room for <see cref="Length"/>; NaN where there is nothing to measure.</param>
    public void Measure(ReadOnlySpan<byte> weights, Span<double> figures)
    {
        figures.Fill(double.NaN);
        for (var family = 0; family < _placements.Length; family++)
        {
            var row = figures.Slice(RowOf(family), FigureRow.Length);
            var cumulative = Weigh(family, weights);
            if (_placements[family] is { Count: > 0 } placement) placement.Measure(cumulative, weights, row);
        }

        if (_challenged.Length == 0) return;
        var all = Weigh(0, weights);
        for (var k = 0; k < _challenged.Length; k++) figures[k] = (double)all[_challenged[k]] / all[^1];
    }

    /// <summary>The curve of a family on the sample as weighed: recall at each rate; null where it has no curve.</summary>
    public IReadOnlyList<double>? Curve(int family, IReadOnlyList<double> rates, ReadOnlySpan<byte> weights)
    {
        if (_placements[family] is not { Count: > 0 } placement) return null;
        var cumulative = Weigh(family, weights, isFresh: true);
        if (cumulative[^1] == 0) return null;
        var recalls = new double[rates.Count];
        for (var i = 0; i < recalls.Length; i++) recalls[i] = placement.RecallAt(rates[i], cumulative, weights);
        return recalls;
    }

    private static Ranking Rank(ScoredStream stream, Selection selection, IReadOnlyList<float> scores) =>
        new([.. selection.Honest.Select(at => scores[at])], [.. selection.Honest.Select(at => stream.Logins[at].Subject)]);

    private static Placement Place(ScoredStream stream, Selection selection, int family, Ranking ranking, IReadOnlyList<float> scores, IReadOnlyList<float> frozen) => new(
        ranking, [.. selection.Attacks[family].Select(at => scores[at])], [.. selection.Attacks[family].Select(at => stream.Logins[at].Subject)], frozen);

    /// <summary>Where the generator cannot say, its evidence is nil.</summary>
    private static float[] Neutral(IReadOnlyList<float> oracle) => [.. oracle.Select(value => float.IsNaN(value) ? 0 : value)];

    /// <summary>Honest weights, which all families share unless each has a ranking of its own.</summary>
    private ReadOnlySpan<int> Weigh(int family, ReadOnlySpan<byte> weights, bool isFresh = false)
    {
        var ranking = _rankings[_rankings.Length == 1 ? 0 : family];
        var room = _cumulative.AsSpan(0, ranking.Count + 1);
        if (isFresh || family == 0 || _rankings.Length > 1) ranking.Weigh(weights, room);
        return room;
    }
}
