using System.Text.Json;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Dashboards;

/// <summary><c>Dashboards/source/quiet.json</c>: metrics that nothing feeds yet, and panels that are rightly empty on a quiet day, each with its reason.</summary>
internal sealed class Excuses
{
    private readonly Dictionary<string, string> _metrics;
    private readonly Dictionary<string, string> _panels;

    private Excuses(JsonElement json)
    {
        _metrics = json.GetProperty("not_fed_yet").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);
        _panels = json.GetProperty("rightly_empty").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString()!);
    }

    /// <summary>Gets every excuse, by metric or by place.</summary>
    public IEnumerable<string> All => [.. _metrics.Keys, .. _panels.Keys];

    public static Excuses Read()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(RepositoryRoot.Path("Dashboards", "source", "quiet.json")));
        return new Excuses(json.RootElement.Clone());
    }

    /// <summary>Why a question may find nothing: its metric, or the place where it stands; null where it may not.</summary>
    public string? For(BoardQuery query) => _metrics.Keys.FirstOrDefault(metric => query.Expression.Contains(metric, StringComparison.Ordinal)) ?? (_panels.ContainsKey(query.Place) ? query.Place : null);
}
