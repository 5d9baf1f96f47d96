using RiskEngine.Simulation.Benchmarking.Statistics;

namespace RiskEngine.Simulation.Benchmarking.Reporting.Page;

/// <summary>The charts of a population.</summary>
internal sealed class PageCharts(PopulationReport figures, EvaluationSettings settings)
{
    private readonly PageLegend _legend = new(settings);

    /// <summary>ROC curves, one chart an attacker.</summary>
    public string Curves()
    {
        var charts = figures.Curves.GroupBy(curve => curve.Family).Select(family =>
        {
            var plot = new Plot(family.Key, Axis.LogShares("honest sign-ins challenged, %"), Axis.Shares("caught, %"));
            foreach (var curve in family) plot.Line(curve.Rates.Zip(curve.Recalls), _legend.StyleOf(curve.Contestant));
            return plot.Line(figures.Curves[0].Rates.Select(rate => (rate, rate)), "even").End();
        });
        return _legend.Of(figures.Curves.Select(curve => curve.Contestant).Distinct()) + Row(charts);
    }

    /// <summary>What is caught at each challenge rate, with intervals: one chart a rate, one line an attacker.</summary>
    public string Recalls()
    {
        string[] families = [.. figures.Contestants[0].Families.Select(family => family.Family)];
        var charts = Enumerable.Range(0, Operating.Rates.Length).Select(rate =>
        {
            var y = new Axis("", -0.7, families.Length - 0.3, false, [.. families.Select((family, i) => (families.Length - 1.0 - i, family))]);
            var plot = new Plot($"{Words.Rate(Operating.Rates[rate])} challenged", Axis.Shares("caught, %"), y, 290, 64 + (families.Length * 24), left: 134);
            foreach (var (name, shift) in new[] { (EvaluationSettings.Oracle, 0.24), (settings.Engine, 0.0), (settings.Reference, -0.24) })
            {
                var contestant = figures.Contestants.First(found => found.Name == name);
                for (var i = 0; i < families.Length; i++)
                {
                    var recall = contestant.Families[i].Recall[rate];
                    var at = families.Length - 1 - i + shift;
                    plot.Whisker(recall.Low, recall.High, at, _legend.StyleOf(name)).Dot(recall.Value, at, 3, _legend.StyleOf(name), $"{name}, {families[i]}: {Words.Percent(recall)} %");
                }
            }

            return plot.End();
        });
        return _legend.Of([settings.Engine, settings.Reference, EvaluationSettings.Oracle]) + Row(charts);
    }

    /// <summary>The curve of Wiefling et al.: challenges of a median subject by the length of its history.</summary>
    public string Reauthentication()
    {
        string[] names = [settings.Engine, settings.Reference];
        var told = figures.Reauthentication.Where(told => names.Contains(told.Contestant)).ToList();
        var charts = told.GroupBy(told => (told.Family, told.Recall)).Where(group => PublishedFigures.Families.Contains(group.Key.Family) && group.Key.Recall is 0.98 or 0.99 or 0.995).Select(group =>
        {
            var most = Math.Max(6, group.SelectMany(told => told.Points).Select(point => point.Median).Where(double.IsFinite).DefaultIfEmpty(0).Max());
            var x = new Axis("logins after the first", 0, 40, false, [.. Statistics.Reauthentication.Lengths.Select(length => ((double)length, $"{length}"))]);
            var plot = new Plot($"{group.Key.Family}, {Words.Percent(group.First().Reached)} % caught", x, Axis.Counts("challenges, median", most));
            foreach (var line in group)
            {
                plot.Line(line.Points.Select(point => ((double)point.Logins, point.Median)), _legend.StyleOf(line.Contestant));
                foreach (var point in line.Points) plot.Dot(point.Logins, point.Median, 3, _legend.StyleOf(line.Contestant), $"{line.Contestant}: {Words.Median(point.Median)} of {point.Logins}, {Words.Count(point.Subjects)} subjects");
            }

            var published = PublishedFigures.Medians(group.Key.Family, group.Key.Recall);
            if (published is not null)
            {
                for (var i = 0; i < published.Count; i++) plot.Dot(Statistics.Reauthentication.Lengths[i], published[i], 4, "second", $"published: {published[i]} of {Statistics.Reauthentication.Lengths[i]}");
            }

            return plot.End();
        });
        return _legend.Of(names) + "<p class=\"quiet\">Yellow dots: medians published by Wiefling et al. (2022) for Freeman's model on their data, read off a figure. Their attackers are not ours.</p>" + Row(charts);
    }

    /// <summary>What scores say against what is so.</summary>
    public string Reliability() => Row(figures.Reliability.Select(told =>
    {
        var plot = new Plot(told.Contestant, Axis.LogShares("score, %", 0.0001), Axis.LogShares("share of attacks, %", 0.0001), 420, 340);
        plot.Line([(0.0001, 0.0001), (1, 1)], "even");
        foreach (var bin in told.Figures.Bins.Where(bin => bin.Mass > 0))
            plot.Dot(bin.Predicted, bin.Observed, 2.5 + (14 * Math.Sqrt(bin.Mass)), "engine", $"said {Words.Percent(bin.Predicted, 2)} %, was {Words.Percent(bin.Observed, 2)} %, {Words.Percent(bin.Mass, 2)} % of logins");
        return plot.End();
    }));

    private static string Row(IEnumerable<string> charts) => $"<div class=\"plots\">{string.Concat(charts)}</div>";
}
