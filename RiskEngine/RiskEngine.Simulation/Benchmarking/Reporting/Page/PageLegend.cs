using System.Net;

namespace RiskEngine.Simulation.Benchmarking.Reporting.Page;

/// <summary>Which line is whose.</summary>
internal sealed class PageLegend(EvaluationSettings settings)
{
    private static readonly string[] Others = ["foil", "rare", "second", "even"];

    /// <summary>Class of a contestant in the style sheet.</summary>
    public string StyleOf(string contestant)
    {
        if (contestant == settings.Engine) return "engine";
        if (contestant == settings.Reference) return "reference";
        if (contestant == EvaluationSettings.Oracle) return "oracle";
        var others = settings.Examined.Where(name => name != settings.Engine && name != settings.Reference).ToList();
        return Others[Math.Max(0, others.IndexOf(contestant)) % Others.Length];
    }

    public string Of(IEnumerable<string> contestants) => "<div class=\"legend\">" + string.Concat(contestants.Select(name =>
        $"<span><svg width=\"34\" height=\"10\"><polyline class=\"line {StyleOf(name)}\" points=\"1,5 33,5\"/></svg>{WebUtility.HtmlEncode(name)}</span>")) + "</div>";
}
