using System.Net;
using System.Text;

namespace RiskEngine.Simulation.Benchmarking.Reporting.Page;

/// <summary>A table of the page: words to the left, numbers to the right.</summary>
internal sealed class PageTable
{
    private readonly StringBuilder _html = new("<div class=\"wide\"><table><thead><tr>");

    public PageTable(params IReadOnlyList<string> heads)
    {
        foreach (var head in heads) _html.Append("<th>").Append(WebUtility.HtmlEncode(head)).Append("</th>");
        _html.Append("</tr></thead><tbody>");
    }

    public void Add(params IReadOnlyList<string> cells) => AddStyled("", cells);

    /// <param name="style">Class of the row; empty for none.</param>
    public void AddStyled(string style, IReadOnlyList<string> cells)
    {
        _html.Append(style.Length == 0 ? "<tr>" : $"<tr class=\"{style}\">");
        foreach (var cell in cells) _html.Append("<td>").Append(WebUtility.HtmlEncode(cell)).Append("</td>");
        _html.Append("</tr>");
    }

    public string End() => _html.Append("</tbody></table></div>").ToString();
}
