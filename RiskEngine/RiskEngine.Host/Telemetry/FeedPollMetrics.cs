using System.Diagnostics.Metrics;

namespace RiskEngine.Host.Telemetry;

/// <summary>What is measured of feeds that are asked for.</summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="feeds">Their names.</param>
internal sealed class FeedPollMetrics(InstrumentSet instruments, IReadOnlyList<string> feeds)
{
    private readonly Counter<long> _polls = instruments.Counter(
        "riskengine_feed_polls_total", "Times that a feed was asked for.",
        from feed in feeds from outcome in new[] { "ok", "failed" } select Tags.Of("feed", feed, "outcome", outcome));

    public void Polled(string feed, bool isOk) => _polls.Add(1, new("feed", feed), new KeyValuePair<string, object?>("outcome", isOk ? "ok" : "failed"));
}
