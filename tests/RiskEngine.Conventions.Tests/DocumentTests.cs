using System.Text.RegularExpressions;
using RiskEngine.Testing;

namespace RiskEngine.Conventions.Tests;

/// <summary>Pages that point somewhere point at something that is there.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Every_link_to_a_file_leads_to_one()
    {
        var faults =
            from page in Repository.Markdown
            from link in LinksOf(page)
            where link.Target.Length > 0 && !Exists(Resolve(page, link.Target))
            select $"{page}: {link.Target}";
        Faults.AssertNone(faults);
    }

    [Fact]
    public void Every_link_to_a_heading_leads_to_one()
    {
        var faults =
            from page in Repository.Markdown
            from link in LinksOf(page)
            let target = link.Target.Length == 0 ? page : Resolve(page, link.Target)
            where link.Anchor.Length > 0 && target.EndsWith(".md", StringComparison.Ordinal) && Exists(target) && !HeadingsOf(target).Contains(link.Anchor)
            select $"{page}: {link.Target}#{link.Anchor}";
        Faults.AssertNone(faults);
    }

    [Fact]
    public void Every_page_under_docs_stands_in_the_index()
    {
        var index = Repository.Read("docs/README.md");
        var pages = Repository.Markdown.Where(page => page.StartsWith("docs/", StringComparison.Ordinal) && page != "docs/README.md");
        Faults.AssertNone(pages.Where(page => !index.Contains(page["docs/".Length..], StringComparison.Ordinal)));
    }

    [Fact]
    public void Decisions_are_numbered_without_gaps_and_say_what_when_and_why()
    {
        var pages = Repository.Markdown.Where(page => page.StartsWith("docs/decisions/", StringComparison.Ordinal)).ToList();
        Assert.Equal(Enumerable.Range(1, pages.Count), pages.Select(page => int.Parse(Path.GetFileName(page).AsSpan(0, 4))).Order());
        Faults.AssertNone(
            from page in pages
            let text = Repository.Read(page)
            from part in new[] { "**Status.**", "## Context", "## Decision", "## Consequences" }
            where !text.Contains(part, StringComparison.Ordinal)
            select $"{page} lacks {part}");
    }

    [Fact]
    public void Metric_names_in_code_follow_one_pattern_and_are_documented()
    {
        var names =
            from file in Repository.CSharp
            where !file.StartsWith("tests/", StringComparison.Ordinal)
            from Match match in MetricName().Matches(Repository.Read(file))
            select match.Groups[1].Value;
        var distinct = names.Distinct().ToList();
        Faults.AssertNone(distinct.Where(name => !WellFormed().IsMatch(name)));
        var page = DocumentedMetric().Matches(Repository.Read("docs/metrics.md")).Select(match => match.Groups[1].Value).ToHashSet();
        Faults.AssertNone(distinct.Except(page).Select(name => $"{name} is not in docs/metrics.md"));
        Faults.AssertNone(page.Except(distinct).Select(name => $"{name} stands in docs/metrics.md only"));
    }

    private static IEnumerable<(string Target, string Anchor)> LinksOf(string page)
    {
        foreach (Match match in Link().Matches(Fence().Replace(Repository.Read(page), "")))
        {
            var target = match.Groups[1].Value;
            if (target.Contains("://", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal)) continue;
            var at = target.IndexOf('#', StringComparison.Ordinal);
            yield return at < 0 ? (target, "") : (target[..at], target[(at + 1)..]);
        }
    }

    private static string Resolve(string page, string target) =>
        Path.GetRelativePath(RepositoryRoot.Folder, Path.Combine(RepositoryRoot.Folder, Path.GetDirectoryName(page)!, target)).Replace('\\', '/');

    private static bool Exists(string path) => File.Exists(RepositoryRoot.Path(path)) || Directory.Exists(RepositoryRoot.Path(path));

    private static HashSet<string> HeadingsOf(string page) =>
        [.. Heading().Matches(Fence().Replace(Repository.Read(page), "")).Select(match => NotInAnchor().Replace(match.Groups["title"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^#{1,6} +(?<title>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex("\"(riskengine_\\w+)")]
    private static partial Regex MetricName();

    [GeneratedRegex("`(riskengine_\\w+)`")]
    private static partial Regex DocumentedMetric();

    [GeneratedRegex("^riskengine_[a-z]+(?:_[a-z]+)*$")]
    private static partial Regex WellFormed();
}
