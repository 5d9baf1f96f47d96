using System.Collections.Concurrent;
using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Logging.Loki;

/// <summary>The labels of streams: <c>app</c>, <c>env</c>, <c>stream</c>, <c>level</c>, those of the configuration, and the properties that it makes labels.</summary>
/// <remarks>Every set of labels is a stream that Loki keeps apart, so their number is bounded: what comes beyond has no label of its source. Thread-safe.</remarks>
internal sealed class LokiLabelSet(LokiSettings settings)
{
    private const int MostStreams = 200;

    private readonly ConcurrentDictionary<Key, byte[]> _known = new();
    private readonly bool _hasSource = settings.PropertiesAsLabels.Contains(LokiProperty.Source);
    private readonly bool _hasRisk = settings.PropertiesAsLabels.Contains(LokiProperty.RiskLevel);
    private readonly bool _hasDecision = settings.PropertiesAsLabels.Contains(LokiProperty.Decision);

    public byte[] OfApp(string level, string source) => Of(new Key(LokiStreams.App, level, _hasSource ? source : null, null, null));

    public byte[] OfAudit() => Of(new Key(LokiStreams.Audit, "info", null, null, null));

    public byte[] OfAssessment(RiskLevel risk, DecisionAction decision) =>
        Of(new Key(LokiStreams.Assessment, "info", null, _hasRisk ? risk : null, _hasDecision ? decision : null));

    /// <summary>The name of a stream, the value of its label.</summary>
    public static string Name(LokiStreams stream) => stream switch { LokiStreams.App => "app", LokiStreams.Audit => "audit", _ => "assessment" };

    private byte[] Of(Key key)
    {
        if (_known.TryGetValue(key, out var known)) return known;
        return _known.Count < MostStreams ? _known.GetOrAdd(key, Write) : _known.GetOrAdd(key with { Source = null }, Write);
    }

    private byte[] Write(Key key)
    {
        var labels = new Dictionary<string, string>(settings.Labels) { ["app"] = "riskengine", ["env"] = settings.Env, ["stream"] = Name(key.Stream), ["level"] = key.Level };
        if (key.Source is { Length: > 0 } source) labels["source"] = source;
        if (key.Risk is { } risk) labels["risk_level"] = risk.Name();
        if (key.Decision is { } decision) labels["decision"] = decision.Name();
        return JsonSerializer.SerializeToUtf8Bytes(labels);
    }

    private readonly record struct Key(LokiStreams Stream, string Level, string? Source, RiskLevel? Risk, DecisionAction? Decision);
}
