using System.Globalization;
using System.Net;
using System.Text;

namespace RiskEngine.Simulation.Benchmarking.Reporting.Page;

/// <summary>A chart as an SVG element: two axes with a grid, and lines, dots and bars in the colours of the page's style sheet.</summary>
internal sealed class Plot
{
    private const double Right = 16, Top = 26, Bottom = 38;

    private readonly StringBuilder _svg = new();
    private readonly double _left;
    private readonly double _width;
    private readonly double _height;
    private readonly Axis _x;
    private readonly Axis _y;

    /// <param name="left">Room for the words of the vertical axis, in pixels as the others.</param>
    public Plot(string title, Axis x, Axis y, double width = 290, double height = 230, double left = 42)
    {
        (_x, _y, _width, _height, _left) = (x, y, width, height, left);
        _svg.Append(Invariant($"<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(title)}\">"));
        Text(_left, 15, title, "title");
        foreach (var (at, words) in x.Ticks)
        {
            Rule(X(at), Top, X(at), height - Bottom, "grid");
            Text(X(at), height - Bottom + 13, words, "tick middle");
        }

        foreach (var (at, words) in y.Ticks)
        {
            Rule(_left, Y(at), width - Right, Y(at), "grid");
            Text(_left - 5, Y(at) + 4, words, "tick end");
        }

        Text(left + ((width - left - Right) / 2), height - 6, x.Title, "axis middle");
        if (y.Title.Length > 0) _svg.Append(Invariant($"<text class=\"axis middle\" transform=\"translate(11 {Top + ((height - Top - Bottom) / 2):0.##}) rotate(-90)\">{WebUtility.HtmlEncode(y.Title)}</text>"));
    }

    /// <param name="style">Class of the style sheet.</param>
    public Plot Line(IEnumerable<(double X, double Y)> points, string style)
    {
        var path = string.Join(' ', points.Where(point => double.IsFinite(point.Y)).Select(point => Invariant($"{X(point.X):0.##},{Y(point.Y):0.##}")));
        if (path.Length > 0) _svg.Append($"<polyline class=\"line {style}\" points=\"{path}\"/>");
        return this;
    }

    /// <param name="radius">In pixels.</param>
    /// <param name="words">Shown where somebody points at it.</param>
    public Plot Dot(double x, double y, double radius, string style, string words)
    {
        if (double.IsFinite(x) && double.IsFinite(y))
            _svg.Append(Invariant($"<circle class=\"dot {style}\" cx=\"{X(x):0.##}\" cy=\"{Y(y):0.##}\" r=\"{radius:0.##}\"><title>{WebUtility.HtmlEncode(words)}</title></circle>"));
        return this;
    }

    /// <summary>An interval along the horizontal axis.</summary>
    public Plot Whisker(double low, double high, double y, string style)
    {
        if (double.IsFinite(low) && double.IsFinite(high)) Rule(X(low), Y(y), X(high), Y(y), "whisker " + style);
        return this;
    }

    public string End() => _svg.Append("</svg>").ToString();

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private double X(double number) => _left + (_x.Place(number) * (_width - _left - Right));

    private double Y(double number) => _height - Bottom - (_y.Place(number) * (_height - Top - Bottom));

    private void Rule(double x1, double y1, double x2, double y2, string style) =>
        _svg.Append(Invariant($"<line class=\"{style}\" x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\"/>"));

    private void Text(double x, double y, string words, string style) =>
        _svg.Append(Invariant($"<text class=\"{style}\" x=\"{x:0.##}\" y=\"{y:0.##}\">{WebUtility.HtmlEncode(words)}</text>"));
}
