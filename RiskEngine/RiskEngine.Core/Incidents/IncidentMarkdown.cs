using System.Globalization;
using System.Text;

namespace RiskEngine.Core.Incidents;

/// <summary>Writes a report as Markdown, to be pasted into a ticket (CommonMark, with the tables of GitHub Flavored Markdown).</summary>
/// <remarks>Whatever may come from outside is escaped: no name makes a link, a picture, a row or a heading. Pure.</remarks>
public static class IncidentMarkdown
{
    private const int ShownSources = 8;

    private const string Special = "\\`*_[]<>|~&$";

    public static string Write(IncidentReport report)
    {
        var to = new StringBuilder();
        Line(to, $"# {Escaped(report.Title)}\n");
        Line(to, $"`{report.Id}`, {report.State}, severity **{report.Severity}**, ATT&CK {(report.Attack.Count > 0 ? string.Join(", ", report.Attack) : "none")}, {Minute(report.FirstSeen)} to {Minute(report.LastSeen)} UTC."
            + (report.Continues is { } before ? $" Goes on from `{before}`." : "") + (report.Merged.Count > 0 ? $" Holds {string.Join(", ", report.Merged.Select(id => $"`{id}`"))}." : ""));
        Line(to, $"\n## What happened\n\n{Escaped(report.Summary)}");
        WritePhases(to, report);
        WriteHits(to, report);
        WriteSources(to, report.Sources);
        WriteDecisions(to, report);
        Line(to, "\n## What to do\n");
        for (var i = 0; i < report.NextSteps.Count; i++) Line(to, $"{i + 1}. {Escaped(report.NextSteps[i])}");
        return to.ToString();
    }

    private static void WritePhases(StringBuilder to, IncidentReport report)
    {
        Line(to, "\n## Timeline\n\n| From | To | What | Events | Decisions |\n|---|---|---|---:|---|");
        foreach (var phase in report.Phases)
            Line(to, $"| {Second(phase.FirstSeen)} | {Second(phase.LastSeen)} | {Words(phase.Kind)} | {phase.Events} | {Of(phase.Decisions)} |");
    }

    private static void WriteHits(StringBuilder to, IncidentReport report)
    {
        var hits = report.SubjectsHit;
        Line(to, "\n## Accounts\n");
        if (hits.Items.Count > 0)
        {
            Line(to, "| Account hit | First | What | Decision | Score | Event | Events |\n|---|---|---|---|---:|---|---:|");
            foreach (var hit in hits.Items)
            {
                Line(to, $"| {Escaped(hit.Subject)} | {Second(hit.At)} | {Words(hit.What)}{(hit.Persists ? ", changes to the account" : "")} | {hit.Decision}{(hit.Enforced ? "" : ", not enforced")} "
                    + $"| {hit.RiskScore.ToString("0.0", CultureInfo.InvariantCulture)} | {Escaped(hit.EventId)} | {hit.Events} |");
            }

            if (hits.Count > hits.Items.Count) Line(to, $"\n{(hits.Exact ? "" : "about ")}{hits.Count - hits.Items.Count} more are not listed.");
            Line(to, "");
        }

        var tried = report.SubjectsTried;
        Line(to, $"{(hits.Count == 0 ? "None was hit. " : "")}{(tried.Exact ? "" : "About ")}{tried.Count} tried" + (tried.Examples.Count > 0 ? $", first {string.Join(", ", tried.Examples.Select(Escaped))}." : "."));
    }

    private static void WriteSources(StringBuilder to, IncidentSources sources)
    {
        Line(to, "\n## Sources\n\n| Source | Events |\n|---|---:|");
        foreach (var (kind, many, things) in new[] { ("system", "systems", sources.Asns), ("network", "networks", sources.Networks), ("address", "addresses", sources.Addresses) })
        {
            foreach (var thing in things.Most.Take(ShownSources)) Line(to, $"| {kind} {Escaped(thing.Value)} | {thing.Events} |");
            var rest = things.Count - Math.Min(things.Most.Count, ShownSources);
            if (rest > 0) Line(to, $"| {(things.Exact ? "" : "about ")}{rest} more {many} | |");
        }
    }

    private static void WriteDecisions(StringBuilder to, IncidentReport report)
    {
        Line(to, "\n## Decisions\n\n| Allow | Notify | Challenge | Block | Enforced |\n|---:|---:|---:|---:|---:|");
        var decisions = report.Decisions;
        Line(to, $"| {decisions.Allow} | {decisions.Notify} | {decisions.Challenge} | {decisions.Block} | {report.Enforced} |");
        Line(to, $"\nHighest score {report.HighestRiskScore.ToString("0.0", CultureInfo.InvariantCulture)}, event {Escaped(report.HighestEventId)}.");
    }

    private static string Words(string kind) => IncidentKinds.All.Append(IncidentKind.Attempt).First(each => each.Name() == kind).InWords();

    private static string Of(DecisionReport decisions)
    {
        (string Name, long Count)[] all = [("block", decisions.Block), ("challenge", decisions.Challenge), ("notify", decisions.Notify), ("allow", decisions.Allow)];
        return string.Join(", ", all.Where(each => each.Count > 0).Select(each => $"{each.Name} {each.Count}"));
    }

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Second(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>The text with a backslash before every mark that means something to Markdown within a line, and within what it makes a link of by itself.</summary>
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        for (var i = 0; i < text.Length; i++)
        {
            var makesLink = (text[i] == ':' && text.AsSpan(i + 1).StartsWith("//")) || (text[i] == '.' && text.AsSpan(0, i).EndsWith("www", StringComparison.OrdinalIgnoreCase));
            if (makesLink || Special.Contains(text[i], StringComparison.Ordinal)) escaped.Append('\\');
            escaped.Append(text[i]);
        }

        return escaped.ToString();
    }

    private static void Line(StringBuilder to, string text) => to.Append(text).Append('\n');
}
