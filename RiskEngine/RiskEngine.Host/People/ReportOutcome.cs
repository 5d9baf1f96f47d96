using System.Diagnostics.Metrics;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.People;

/// <summary>What a visit by such a link came to.</summary>
internal enum ReportOutcome : byte
{
    /// <summary>The question was shown; nothing is changed by that.</summary>
    Shown,

    /// <summary>The person said so, and it was noted and carried out.</summary>
    Reported,

    /// <summary>It was said before.</summary>
    Repeated,

    /// <summary>The link has ended.</summary>
    Expired,

    /// <summary>The link was not made here, or is damaged.</summary>
    Forged,

    /// <summary>The event is not stored any more, or its subject was erased.</summary>
    Unknown,

    /// <summary>The request is none that the page makes.</summary>
    Invalid,

    /// <summary>Too many came from one address.</summary>
    Limited,

    /// <summary>The store could not be read or written.</summary>
    Failed,
}

/// <summary>What is measured of links by which people report. Thread-safe.</summary>
internal sealed class ReportMetrics(InstrumentSet instruments)
{
    private readonly Counter<long> _visits = instruments.Counter(
        "riskengine_report_links_total", "Visits by links with which people report that something was not them, by what they came to.",
        Enum.GetValues<ReportOutcome>().Select(outcome => Tags.Of("outcome", NameOf(outcome))));

    public void Visited(ReportOutcome outcome) => _visits.Add(1, new KeyValuePair<string, object?>("outcome", NameOf(outcome)));

    private static string NameOf(ReportOutcome outcome) => outcome.ToString().ToLowerInvariant();
}
