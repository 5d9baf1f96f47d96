using System.Text;

namespace RiskEngine.Simulation.Benchmarking.Reporting;

/// <summary>Columns of text with two spaces between them: the first to the left, the others to the right.</summary>
internal sealed class PlainTable
{
    private readonly List<string[]> _rows = [];

    public PlainTable(params IReadOnlyList<string> heads) => _rows.Add([.. heads]);

    public void Add(params IReadOnlyList<string> cells) => _rows.Add([.. cells]);

    public IEnumerable<string> Lines()
    {
        int[] widths = [.. Enumerable.Range(0, _rows[0].Length).Select(column => _rows.Max(row => row[column].Length))];
        foreach (var row in _rows)
        {
            var line = new StringBuilder(row[0].PadRight(widths[0]));
            for (var column = 1; column < row.Length; column++) line.Append("  ").Append(row[column].PadLeft(widths[column]));
            yield return line.ToString().TrimEnd();
        }
    }
}
