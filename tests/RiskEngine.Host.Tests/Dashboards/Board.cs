using System.Text.Json;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Dashboards;

/// <summary>A question of a board, and where it stands.</summary>
/// <param name="Place">Board and panel, variable, annotation or link, as <c>logins/Failures by kind</c>.</param>
/// <param name="IsRange">Whether it is asked over time.</param>
internal sealed record BoardQuery(string Place, string Expression, bool IsRange);

/// <summary>One of the generated boards under <c>Dashboards/</c>.</summary>
internal sealed class Board
{
    private readonly JsonElement _json;

    private Board(string file)
    {
        Name = Path.GetFileNameWithoutExtension(file);
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        _json = document.RootElement.Clone();
    }

    public static IReadOnlyList<Board> All { get; } =
        [.. Directory.EnumerateFiles(RepositoryRoot.Path("Dashboards"), "*.json").Where(file => File.ReadAllText(file).Contains("\"schemaVersion\"", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(file => new Board(file))];

    public string Name { get; }

    /// <summary>Gets whether it looks back a year.</summary>
    public bool IsLong => _json.GetProperty("time").GetProperty("from").GetString() == "now-1y";

    /// <summary>Gets the queries of panels and annotations, and those that links lead to.</summary>
    public IEnumerable<BoardQuery> PromQl => Panels.SelectMany(QueriesOf).Concat(Annotations).Concat(Panels.SelectMany(LinkedQueries));

    /// <summary>Gets the variables that ask for the values of a label: label and selector.</summary>
    public IEnumerable<(string Place, string Label, string Selector)> Variables =>
        from variable in _json.GetProperty("templating").GetProperty("list").EnumerateArray()
        where variable.GetProperty("type").GetString() == "query"
        let query = variable.GetProperty("query").GetProperty("query").GetString()!
        let at = query.LastIndexOf(',')
        select ($"{Name}/${variable.GetProperty("name").GetString()}", query[(at + 1)..].TrimEnd(')').Trim(), query["label_values(".Length..at]);

    private IEnumerable<JsonElement> Panels => _json.GetProperty("panels").EnumerateArray().Where(panel => panel.GetProperty("type").GetString() != "row");

    private IEnumerable<BoardQuery> Annotations =>
        from annotation in _json.GetProperty("annotations").TryGetProperty("list", out var list) ? list.EnumerateArray().ToArray() : []
        select new BoardQuery($"{Name}/annotation {annotation.GetProperty("name").GetString()}", annotation.GetProperty("expr").GetString()!, true);

    private IEnumerable<BoardQuery> QueriesOf(JsonElement panel) =>
        from target in panel.GetProperty("targets").EnumerateArray()
        where target.GetProperty("datasource").GetProperty("type").GetString() == "prometheus"
        let isRange = target.TryGetProperty("range", out var range) && range.GetBoolean()
        select new BoardQuery(Place(panel), target.GetProperty("expr").GetString()!, isRange);

    private IEnumerable<BoardQuery> LinkedQueries(JsonElement panel) =>
        from link in panel.TryGetProperty("links", out var links) ? links.EnumerateArray().ToArray() : []
        let url = link.GetProperty("url").GetString()!
        where url.StartsWith("/explore", StringComparison.Ordinal)
        from query in Asked(url)
        where query.GetProperty("datasource").GetProperty("type").GetString() == "prometheus"
        select new BoardQuery($"{Place(panel)}, link", query.GetProperty("expr").GetString()!, true);

    private static IEnumerable<JsonElement> Asked(string url)
    {
        using var panes = JsonDocument.Parse(Uri.UnescapeDataString(url[(url.IndexOf("panes=", StringComparison.Ordinal) + 6)..]));
        return [.. panes.RootElement.GetProperty("a").GetProperty("queries").EnumerateArray().Select(query => query.Clone())];
    }

    private string Place(JsonElement panel) => $"{Name}/{panel.GetProperty("title").GetString()}";
}
