using RiskEngine.Simulation.Benchmarking.Statistics;

namespace RiskEngine.Simulation.Benchmarking.Reporting.Page;

/// <summary>The tables of a population.</summary>
internal sealed class PageTables(PopulationReport figures, EvaluationSettings settings)
{
    private IEnumerable<string> Families => figures.Contestants[0].Families.Select(family => family.Family);

    public string Headline()
    {
        var table = new PageTable("attacker", "attacks", $"AUC {settings.Reference}", $"AUC {settings.Engine}", $"{settings.Reference}, %", $"{settings.Engine}, %", "oracle, %", "gap closed, %", "partial AUC");
        foreach (var family in Of(settings.Engine).Families)
        {
            var reference = Of(settings.Reference).Families.First(other => other.Family == family.Family);
            var gap = figures.Gaps.FirstOrDefault(gap => gap.Family == family.Family);
            table.Add(
                family.Family, Words.Count(family.Attacks), Words.Number(reference.Auc), Words.Number(family.Auc), Words.Percent(reference.Recall[Operating.HeadlineIndex]),
                Words.Percent(family.Recall[Operating.HeadlineIndex]), gap is null ? Words.Nothing : Words.Percent(gap.Oracle), gap is null ? Words.Nothing : Words.Percent(gap.Closed, 0),
                Words.Number(family.PartialAuc));
        }

        return table.End();
    }

    public string Everybody(int rate)
    {
        var table = new PageTable(["contestant", .. Families]);
        foreach (var contestant in figures.Contestants)
            table.AddStyled(StyleOf(contestant.Name), [contestant.Name, .. contestant.Families.Select(family => Words.Percent(family.Recall[rate]))]);
        return table.End();
    }

    public string Areas()
    {
        var table = new PageTable(["contestant", .. Families]);
        foreach (var contestant in figures.Contestants) table.AddStyled(StyleOf(contestant.Name), [contestant.Name, .. contestant.Families.Select(family => Words.Number(family.Auc))]);
        return table.End();
    }

    /// <summary>Parts that earn their place, on some attacker beyond the interval, stand out.</summary>
    public string Worth()
    {
        var table = new PageTable(["", "earned", .. Families]);
        foreach (var part in figures.Worth)
            table.AddStyled(part.IsEarned ? "" : "missed", [part.Variant, part.IsEarned ? "yes" : "no", .. part.Families.Select(family => Words.Percent(family.Gained))]);
        return table.End();
    }

    public string Engine()
    {
        var table = new PageTable(["attacker", .. Operating.Rates.Select(rate => $"at {Words.Rate(rate)}"), .. Operating.Recalls.Select(recall => $"challenges for {Words.Rate(recall)}"), "precision at 1 %"]);
        foreach (var family in Of(settings.Engine).Families)
        {
            table.Add([
                family.Family, .. family.Recall.Select(recall => Words.Percent(recall)), .. family.ChallengesFor.Select(rate => Words.Percent(rate)),
                Words.Percent(family.Precision[Operating.HeadlineIndex], 3)]);
        }

        return table.End();
    }

    public string Frozen()
    {
        var table = new PageTable(["contestant", .. Operating.Rates.Select(rate => $"set for {Words.Rate(rate)}")]);
        foreach (var contestant in figures.Contestants.Where(contestant => contestant.Realised.Count > 0))
            table.AddStyled(StyleOf(contestant.Name), [contestant.Name, .. contestant.Realised.Select(rate => Words.Percent(rate, 2))]);
        return table.End();
    }

    public string ColdStart()
    {
        var table = new PageTable(["earlier logins", "contestant", "honest", "challenged, %", .. Families]);
        foreach (var cold in figures.ColdStart)
        {
            table.AddStyled(StyleOf(cold.Contestant), [
                cold.History, cold.Contestant, Words.Count(cold.Honest), Words.Percent(cold.Challenged, 2),
                .. Families.Select(name => cold.Families.FirstOrDefault(family => family.Family == name) is { } family ? Words.Percent(family.Recall) : Words.Nothing)]);
        }

        return table.End();
    }

    public string Foil()
    {
        var table = new PageTable("attacker", "challenged by the foil, %", "caught by the foil, %", $"caught by {settings.Engine} at that rate, %", "more, %");
        foreach (var foil in figures.Foil) table.Add(foil.Family, Words.Percent(foil.Challenged, 2), Words.Percent(foil.FoilRecall), Words.Percent(foil.EngineRecall), Words.Percent(foil.More, 0));
        return table.End();
    }

    public string Frequencies()
    {
        var table = new PageTable(["attacker", "contestant", "caught, %", .. Statistics.Reauthentication.Frequencies.Select(frequency => frequency.Name)]);
        foreach (var told in figures.Reauthentication.Where(told => told.Recall == 0.99 && (told.Contestant == settings.Engine || told.Contestant == settings.Reference)))
            table.AddStyled(StyleOf(told.Contestant), [told.Family, told.Contestant, Words.Percent(told.Reached), .. told.Frequencies.Select(frequency => Words.Percent(frequency.Rate))]);
        return table.End();
    }

    private string StyleOf(string contestant) => contestant == settings.Engine ? "engine" : contestant == EvaluationSettings.Oracle ? "oracle" : "";

    private ContestantReport Of(string name) => figures.Contestants.First(contestant => contestant.Name == name);
}
