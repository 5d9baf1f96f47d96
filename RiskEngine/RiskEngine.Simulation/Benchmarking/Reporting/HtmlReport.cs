using System.Globalization;
using System.Net;
using System.Text;
using RiskEngine.Simulation.Benchmarking.Reporting.Page;
using RiskEngine.Simulation.Benchmarking.Statistics;

namespace RiskEngine.Simulation.Benchmarking.Reporting;

/// <summary>The report as one page that needs nothing beside itself: no script, no font, no picture from elsewhere.</summary>
public static class HtmlReport
{
    public static string Write(BenchmarkReport report, EvaluationSettings settings)
    {
        var page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
            .Append("<title>RiskEngine benchmark</title><style>").Append(PageStyle.Css).Append("</style></head><body>\n<h1>RiskEngine benchmark</h1>")
            .Append(About(report));
        foreach (var stream in report.Streams) page.Append(Stream(stream, settings));
        return page.Append("</body></html>\n").ToString();
    }

    private static string About(BenchmarkReport report)
    {
        var source = report.Subjects is { } subjects
            ? $"Generated logins of {Words.Count(subjects)} subjects a seed, seeds {string.Join(", ", report.Seeds)}, by published marginals. What is told here holds on that generator and says nothing of real takeovers."
            : "A labelled file. What is told here holds on that file.";
        return Paragraph(source)
            + Paragraph($"Figures are told of the test split and of accounts with at least one earlier login; cold start stands apart. Brackets: 95 % intervals by {Words.Count(report.Draws)} draws of subjects.")
            + $"<p class=\"quiet\">{WebUtility.HtmlEncode($"Version {report.Version}, model {report.ModelVersion}, {report.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC, {report.Seconds:0} s.")}</p>";
    }

    private static string Stream(StreamReport stream, EvaluationSettings settings)
    {
        var (tables, charts) = (new PageTables(stream.Pooled, settings), new PageCharts(stream.Pooled, settings));
        var html = new StringBuilder();
        html.Append(Head(2, stream.Name))
            .Append(Paragraph($"{Words.Count(stream.Pooled.Honest)} honest sign-ins of {Words.Count(stream.Pooled.Subjects)} subjects{(stream.Seeds.Count > 1 ? $", {stream.Seeds.Count} seeds pooled" : "")}."))
            .Append(Head(3, "Caught when 1 % of honest sign-ins are challenged")).Append(tables.Headline())
            .Append(Head(3, "Caught by share of honest sign-ins challenged")).Append(charts.Recalls()).Append(tables.Engine())
            .Append(Head(3, "ROC, challenges on a logarithmic scale")).Append(charts.Curves())
            .Append(Head(3, "Everybody, caught at 1 %, in %")).Append(tables.Everybody(Operating.HeadlineIndex))
            .Append(Head(3, "Everybody, area under the curve")).Append(tables.Areas())
            .Append(Worth(stream, tables))
            .Append(Head(3, "Thresholds set on the validation split: honest sign-ins challenged in the test split, in %")).Append(tables.Frozen())
            .Append(Head(3, "Cold start: caught by the threshold frozen at 1 %, in %")).Append(tables.ColdStart());
        if (stream.Pooled.Reauthentication.Count > 0)
        {
            html.Append(Head(3, "Re-authentication by history")).Append(charts.Reauthentication())
                .Append(Head(3, "Honest sign-ins challenged by how often people log in, when 99 % are to be caught, in %")).Append(tables.Frequencies());
        }

        if (stream.Pooled.Reliability.Count > 0)
        {
            html.Append(Head(3, "Reliability at a base rate of 1 %"));
            foreach (var told in stream.Pooled.Reliability)
                html.Append(Paragraph($"{told.Contestant}: Brier score {Words.Number(told.Figures.Brier, 4)}, expected calibration error {Words.Number(told.Figures.CalibrationError, 4)}."));
            html.Append(charts.Reliability());
        }

        html.Append(Head(3, $"Beside the foil, {settings.Foil}")).Append(tables.Foil());
        if (stream.Seeds.Count > 1) html.Append(Head(3, $"{settings.Engine} seed by seed, caught at 1 %, in %")).Append(Seeds(stream, settings));
        foreach (var kind in stream.Checks.GroupBy(check => check.Kind)) html.Append(Head(3, $"The stream: {kind.Key}")).Append(Checks([.. kind]));
        return html.ToString();
    }

    private static string Worth(StreamReport stream, PageTables tables) => stream.Pooled.Worth.Count == 0 ? ""
        : Head(3, "What each part is worth: points of what is caught at 1 % that are lost without it, or gained with it")
            + Paragraph("Earned: some attacker's interval lies above zero. Draws of the same subjects with and without the part, so that what both share falls out.") + tables.Worth();

    private static string Seeds(StreamReport stream, EvaluationSettings settings)
    {
        string[] families = [.. stream.Pooled.Contestants[0].Families.Select(family => family.Family)];
        var table = new PageTable(["seed", .. families]);
        foreach (var seed in stream.Seeds)
        {
            var engine = seed.Contestants.First(contestant => contestant.Name == settings.Engine);
            table.Add([$"{seed.Seed}", .. families.Select(name => engine.Families.FirstOrDefault(family => family.Family == name) is { } family ? Words.Percent(family.Recall[Operating.HeadlineIndex]) : Words.Nothing)]);
        }

        return table.End();
    }

    private static string Checks(IReadOnlyList<CheckReport> checks)
    {
        var table = new PageTable("what", "seed", "expected", "found", "within", "held");
        foreach (var check in checks) table.AddStyled(check.IsHeld == false ? "missed" : "", [check.Name, $"{check.Seed}", check.Expected, check.Found, check.Bound, check.IsHeld switch { true => "yes", false => "no", null => Words.Nothing }]);
        return table.End();
    }

    private static string Head(int level, string words) => $"<h{level}>{WebUtility.HtmlEncode(words)}</h{level}>\n";

    private static string Paragraph(string words) => $"<p>{WebUtility.HtmlEncode(words)}</p>\n";
}
