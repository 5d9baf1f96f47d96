using System.Diagnostics.Metrics;

namespace RiskEngine.Host.Telemetry;

/// <summary>Routes that bouncers read.</summary>
internal enum BouncerRoute
{
    Decisions,
    Stream,
}

/// <summary>What became of an answer.</summary>
internal enum BouncerOutcome
{
    /// <summary>It was not written to its end.</summary>
    Broken,

    /// <summary>It was written to its end.</summary>
    Whole,

    /// <summary>It was, and the bouncer hung up before it had read that far. Counted beside <see cref="Whole"/>.</summary>
    Unread,
}

/// <summary>What is measured of bouncers that read decisions.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class BouncerMetrics
{
    private static readonly string[] Routes = ["decisions", "stream"], Outcomes = ["broken", "whole", "unread"];

    private readonly Counter<long> _answers;
    private Func<int> _active = () => 0;

    public BouncerMetrics(InstrumentSet instruments)
    {
        _answers = instruments.Counter(
            "riskengine_bouncer_answers_total", "Answers to bouncers that read decisions.",
            from route in Routes from outcome in Outcomes select Tags.Of("route", route, "outcome", outcome));
        instruments.Gauge("riskengine_bouncers_active", "Bouncers that were told all changes within fifteen minutes.", () => [new(_active())]);
    }

    /// <summary>Says who knows how many bouncers there are.</summary>
    public void Watch(Func<int> active) => _active = active;

    public void Answered(BouncerRoute route, BouncerOutcome outcome) =>
        _answers.Add(1, new("route", Routes[(int)route]), new KeyValuePair<string, object?>("outcome", Outcomes[(int)outcome]));
}
