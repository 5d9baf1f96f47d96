using RiskEngine.Simulation.Benchmarking.Statistics;

namespace RiskEngine.Simulation.Benchmarking.Reporting;

/// <summary>The report for a terminal: what matters most, as plain tables. JSON and the page have the rest.</summary>
public sealed class TextReport(BenchmarkReport report, EvaluationSettings settings)
{
    public IEnumerable<string> Lines() => report.Streams.SelectMany(Stream);

    private static IEnumerable<string> Titled(string title, PlainTable table) => ["", title, "", .. table.Lines().Select(line => "  " + line)];

    private IEnumerable<string> Stream(StreamReport stream)
    {
        var figures = stream.Pooled;
        yield return $"{stream.Name}: {Words.Count(figures.Honest)} honest sign-ins of the test split, {Words.Count(figures.Subjects)} subjects"
            + (stream.Seeds.Count > 1 ? $", {stream.Seeds.Count} seeds pooled" : "") + $"; {report.Draws} draws of subjects, 95 % intervals in brackets; accounts with at least one earlier login";
        IEnumerable<string>[] parts =
        [
            Headline(figures), Recall(figures), Worth(figures), Engine(figures), Frozen(figures), Reauthentication(figures), ColdStart(figures), Reliability(figures), Seeds(stream), Checks(stream),
        ];
        foreach (var line in parts.SelectMany(part => part)) yield return line;
        yield return "";
    }

    private IEnumerable<string> Headline(PopulationReport figures)
    {
        var table = new PlainTable("attacker", "attacks", $"AUC {settings.Reference}", $"AUC {settings.Engine}", settings.Reference, settings.Engine, EvaluationSettings.Oracle, "gap closed");
        foreach (var family in Of(figures, settings.Engine).Families)
        {
            var reference = Of(figures, settings.Reference).Families.First(other => other.Family == family.Family);
            var gap = figures.Gaps.FirstOrDefault(gap => gap.Family == family.Family);
            table.Add(
                family.Family, Words.Count(family.Attacks), Words.Number(reference.Auc), Words.Number(family.Auc), Words.Percent(reference.Recall[Operating.HeadlineIndex]),
                Words.Percent(family.Recall[Operating.HeadlineIndex]), gap is null ? Words.Nothing : Words.Percent(gap.Oracle), gap is null ? Words.Nothing : Words.Percent(gap.Closed, 0));
        }

        return Titled("Caught when 1 % of honest sign-ins are challenged, in %", table);
    }

    private static IEnumerable<string> Recall(PopulationReport figures)
    {
        string[] families = [.. figures.Contestants[0].Families.Select(family => family.Family)];
        var table = new PlainTable(["contestant", .. families]);
        foreach (var contestant in figures.Contestants)
            table.Add([contestant.Name, .. contestant.Families.Select(family => Words.Percent(family.Recall[Operating.HeadlineIndex].Value))]);
        return Titled("Everybody, caught at 1 %, in %", table);
    }

    private static IEnumerable<string> Worth(PopulationReport figures)
    {
        if (figures.Worth.Count == 0) return [];
        var table = new PlainTable(["", .. figures.Worth[0].Families.Select(family => family.Family), "earned"]);
        foreach (var part in figures.Worth)
            table.Add([part.Variant, .. part.Families.Select(family => Words.Percent(family.Gained)), part.IsEarned ? "yes" : "no"]);
        return Titled("What each part is worth: points of what is caught at 1 % that are lost without it, or gained with it; earned where some attacker's interval lies above zero", table);
    }

    private IEnumerable<string> Engine(PopulationReport figures)
    {
        var table = new PlainTable(["attacker", .. Operating.Rates.Select(Words.Rate), .. Operating.Recalls.Select(recall => $"challenges for {Words.Rate(recall)}")]);
        foreach (var family in Of(figures, settings.Engine).Families)
            table.Add([family.Family, .. family.Recall.Select(recall => Words.Percent(recall)), .. family.ChallengesFor.Select(rate => Words.Percent(rate))]);
        return Titled($"{settings.Engine}, caught by share of honest sign-ins challenged, in %", table);
    }

    private IEnumerable<string> Frozen(PopulationReport figures)
    {
        var table = new PlainTable(["contestant", .. Operating.Rates.Select(Words.Rate)]);
        foreach (var name in settings.Examined.Where(name => figures.Contestants.Any(contestant => contestant.Name == name)))
            table.Add([name, .. Of(figures, name).Realised.Select(rate => Words.Percent(rate, 2))]);
        return
        [
            .. Titled("Honest sign-ins challenged in the test split by thresholds set on the validation split, in %", table),
            .. settings.Calibrated.Select(name => $"  {name}: these thresholds are scores of {string.Join(", ", Of(figures, name).Thresholds.Select(threshold => Words.Number(100 / (1 + Math.Exp(-threshold)), 1)))}"),
        ];
    }

    private IEnumerable<string> Reauthentication(PopulationReport figures)
    {
        var table = new PlainTable(["attacker", "contestant", "caught", .. Statistics.Reauthentication.Lengths.Select(length => $"of {length}")]);
        foreach (var told in figures.Reauthentication.Where(told => told.Recall == 0.99 && (told.Contestant == settings.Engine || told.Contestant == settings.Reference)).OrderBy(told => IndexOf(figures, told.Family)))
            table.Add([told.Family, told.Contestant, Words.Percent(told.Reached), .. told.Points.Select(point => Words.Median(point.Median))]);
        return Titled("Challenges of a median subject when 99 % are to be caught, or what the oracle can", table);
    }

    private IEnumerable<string> ColdStart(PopulationReport figures)
    {
        string[] families = [.. figures.Contestants[0].Families.Select(family => family.Family)];
        var table = new PlainTable(["earlier logins", "contestant", "honest", "challenged", .. families]);
        foreach (var cold in figures.ColdStart.Where(cold => cold.Contestant == settings.Engine || cold.Contestant == settings.Reference))
        {
            table.Add([
                cold.History, cold.Contestant, Words.Count(cold.Honest), Words.Percent(cold.Challenged.Value, 2),
                .. families.Select(family => cold.Families.FirstOrDefault(found => found.Family == family) is { } found ? Words.Percent(found.Recall.Value) : Words.Nothing)]);
        }

        return Titled("Cold start: challenged and caught by the threshold frozen at 1 %, in %", table);
    }

    private static IEnumerable<string> Reliability(PopulationReport figures) =>
        figures.Reliability.SelectMany(told => new[] { "", $"{told.Contestant} at a base rate of 1 %: Brier score {Words.Number(told.Figures.Brier, 4)}, expected calibration error {Words.Number(told.Figures.CalibrationError, 4)}" });

    private IEnumerable<string> Seeds(StreamReport stream)
    {
        if (stream.Seeds.Count < 2) return [];
        string[] families = [.. stream.Pooled.Contestants[0].Families.Select(family => family.Family)];
        var table = new PlainTable(["seed", .. families]);
        foreach (var seed in stream.Seeds)
            table.Add([$"{seed.Seed}", .. families.Select(family => Of(seed, settings.Engine).Families.FirstOrDefault(found => found.Family == family) is { } found ? Words.Percent(found.Recall[Operating.HeadlineIndex]) : Words.Nothing)]);
        return Titled($"{settings.Engine} seed by seed, caught at 1 %, in %", table);
    }

    private static IEnumerable<string> Checks(StreamReport stream)
    {
        if (stream.Checks.Count == 0) return [];
        var failed = stream.Checks.Where(check => check.IsHeld == false).ToList();
        return
        [
            "", $"The stream was held to {stream.Checks.Count(check => check.IsHeld is not null)} bounds; {failed.Count} were missed.",
            .. failed.Select(check => $"  seed {check.Seed}, {check.Kind}, {check.Name}: {check.Found}, expected {check.Expected} within {check.Bound}"),
        ];
    }

    private static ContestantReport Of(PopulationReport figures, string name) => figures.Contestants.First(contestant => contestant.Name == name);

    private static int IndexOf(PopulationReport figures, string family) => figures.Contestants[0].Families.ToList().FindIndex(found => found.Family == family);
}
