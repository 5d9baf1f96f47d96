using System.Diagnostics.Metrics;

namespace RiskEngine.Host.Telemetry;

/// <summary>What is measured of requests that were refused before any route saw them.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SecurityMetrics(InstrumentSet instruments)
{
    private readonly Counter<long> _refused = instruments.Counter(
        "riskengine_requests_refused_total", "Requests refused before any route saw them; address_rate when one address keeps trying without a key that works.",
        from reason in new[] { "host", "origin", "no_key", "bad_key", "scope", "rate", "address_rate" } select Tags.Of("reason", reason));

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
