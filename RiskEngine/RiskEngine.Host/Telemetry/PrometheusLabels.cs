using System.Buffers;
using System.Text;
using OpenTelemetry;

namespace RiskEngine.Host.Telemetry;

/// <summary>Labels as they stand between the braces, in the order of their names, as the SDK gives them: so a known series and a measured one are told to be the same.</summary>
/// <remarks>Pure. A value may hold anything: quotes, backslashes and line feeds are escaped, and halves of surrogate pairs, which UTF-8 has no form for, become U+FFFD.</remarks>
internal static class PrometheusLabels
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create("\\\"\n");

    public static string Of(Tags tags)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in tags.Pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal)) Append(text, name, value);
        return text.ToString();
    }

    public static string Of(in ReadOnlyTagCollection tags)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in tags) Append(text, name, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, object? value)
    {
        if (text.Length > 0) text.Append(',');
        var said = value as string ?? value?.ToString() ?? "";
        if (said.AsSpan().ContainsAny(Escaped))
        {
            said = said.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        }

        text.Append(name).Append("=\"").Append(said).Append('"');
    }
}
