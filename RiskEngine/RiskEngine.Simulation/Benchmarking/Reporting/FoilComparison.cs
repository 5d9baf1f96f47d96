using RiskEngine.Simulation.Benchmarking.Statistics;

namespace RiskEngine.Simulation.Benchmarking.Reporting;

/// <summary>How many more attacks the engine catches than a rule of two values, where it may challenge as many honest logins as the rule does.</summary>
/// <remarks>The comparison of Freeman et al. (NDSS 2016) with a straight match of the country against the history.</remarks>
internal sealed class FoilComparison(ScoredStream stream, Selection test, int foil, int engine, EvaluationSettings settings)
{
    private readonly Ranking _ranking = new([.. test.Honest.Select(at => stream.ScoresOf(engine)[at])], [.. test.Honest.Select(at => stream.Logins[at].Subject)]);

    public IEnumerable<FoilReport> Run(IEnumerable<int> families)
    {
        int[] counted = [.. families];
        Placement[] placements = [.. counted.Select(PlacementOf)];
        var rows = new (double Rate, double Foil, double Engine)[counted.Length][];
        for (var i = 0; i < rows.Length; i++) rows[i] = new (double, double, double)[settings.Draws + 1];
        var clusters = new ClusterBootstrap(settings.Seed, test.All().Select(at => stream.Logins[at].Subject));
        var weights = new byte[stream.Subjects];
        var cumulative = new int[_ranking.Count + 1];
        for (var draw = 0; draw <= settings.Draws; draw++)
        {
            if (draw == 0) clusters.TakeAll(weights);
            else clusters.Draw(weights);
            _ranking.Weigh(weights, cumulative);
            var rate = Hit(test.Honest, weights);
            for (var i = 0; i < counted.Length; i++) rows[i][draw] = (rate, Hit(test.Attacks[counted[i]], weights), placements[i].RecallAt(rate, cumulative, weights));
        }

        return counted.Select((family, i) => Told(family, rows[i]));
    }

    private FoilReport Told(int family, (double Rate, double Foil, double Engine)[] rows)
    {
        return new FoilReport(stream.Families[family], Of(row => row.Rate), Of(row => row.Foil), Of(row => row.Engine), Of(row => row.Foil == 0 ? double.NaN : (row.Engine / row.Foil) - 1));

        Estimate Of(Func<(double Rate, double Foil, double Engine), double> figure) => Estimate.Of(figure(rows[0]), rows.Skip(1).Select(figure));
    }

    private Placement PlacementOf(int family) => new(
        _ranking, [.. test.Attacks[family].Select(at => stream.ScoresOf(engine)[at])], [.. test.Attacks[family].Select(at => stream.Logins[at].Subject)], []);

    private double Hit(IReadOnlyList<int> logins, byte[] weights)
    {
        double all = 0, hit = 0;
        foreach (var at in logins)
        {
            var weight = weights[stream.Logins[at].Subject];
            all += weight;
            if (stream.ScoresOf(foil)[at] > 0) hit += weight;
        }

        return hit / all;
    }
}
