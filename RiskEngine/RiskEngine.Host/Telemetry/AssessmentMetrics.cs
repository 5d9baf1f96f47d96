using System.Diagnostics.Metrics;
using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Telemetry;

/// <summary>Counts what the engine decided, and why.</summary>
internal sealed class AssessmentMetrics
{
    private const int Levels = 4, Actions = 4;

    private readonly Counter<long> _assessments;
    private readonly Histogram<double> _score;
    private readonly Counter<long> _signals;
    private readonly Counter<long> _degraded;
    private readonly Counter<long> _valve;
    private readonly int[] _verdicts = new int[Levels * Actions * 2];
    private readonly int[] _codes = new int[SignalCatalogue.All.Count + 1];
    private readonly int[] _facts = new int[VerdictNames.AllFacts.Count];
    private double _drift;

    public AssessmentMetrics(InstrumentSet instruments)
    {
        _assessments = instruments.Counter(
            "riskengine_assessments_total", "Events judged.",
            from level in Enum.GetValues<RiskLevel>()
            from action in Enum.GetValues<DecisionAction>()
            from enforced in new[] { "false", "true" }
            select Tags.Of("risk_level", level.Name(), "decision", action.Name(), "enforced", enforced));
        _score = instruments.Histogram("riskengine_risk_score", "Risk scores given, 0 to 100: a probability in percent at a reference base rate of 1 %.", Buckets.Scores, Tags.None);
        _signals = instruments.Counter(
            "riskengine_signals_total", "Signals listed in assessments.", SignalCatalogue.All.Select(signal => Tags.Of("signal", signal.Name)));
        _degraded = instruments.Counter(
            "riskengine_degraded_total", "Assessments for which a fact was missing.", VerdictNames.AllFacts.Select(fact => Tags.Of("fact", fact.Name)));
        instruments.Gauge(
            "riskengine_drift_psi", "How far the scores of successful logins have moved from the first week of the model: population stability index, 0 until there is a whole week to compare with. From 0.25 on the model judges other people, or with other facts, than it began with.",
            () => [new Measurement<double>(Volatile.Read(ref _drift), new KeyValuePair<string, object?>("model", "score"))]);
        _valve = instruments.Counter("riskengine_safety_valve_total", "Decisions that a safety valve held: automated blocks that became challenges.", Tags.Of("valve", SafetyValve.Name));
    }

    public void Count(Effects effects)
    {
        for (var i = 0; i < effects.Count; i++)
        {
            ref readonly var assessment = ref effects[i];
            if (assessment.Outcome is EventOutcome.Duplicate or EventOutcome.TooOld or EventOutcome.Corrected or EventOutcome.Hinted) continue;
            if (assessment.Judged) Count(effects, assessment);
        }

        Volatile.Write(ref _drift, effects.Drift);
        Tell();
    }

    private void Count(Effects effects, in AssessmentRecord assessment)
    {
        _verdicts[(((int)assessment.Level * Actions) + (int)assessment.Action) * 2 + (assessment.Enforced ? 1 : 0)]++;
        _score.Record(assessment.Score);
        foreach (ref readonly var signal in effects.Signals(assessment)) _codes[(int)signal.Code]++;
        if (assessment.Valve is { } valve) _valve.Add(1, new KeyValuePair<string, object?>("valve", valve));
        if (assessment.Degraded == DegradedFacts.None) return;
        for (var fact = 0; fact < _facts.Length; fact++)
        {
            if ((assessment.Degraded & VerdictNames.AllFacts[fact].Fact) != DegradedFacts.None) _facts[fact]++;
        }
    }

    private void Tell()
    {
        for (var i = 0; i < _verdicts.Length; i++)
        {
            if (_verdicts[i] == 0) continue;
            _assessments.Add(
                _verdicts[i], new("risk_level", ((RiskLevel)(i / (Actions * 2))).Name()), new("decision", ((DecisionAction)(i / 2 % Actions)).Name()),
                new("enforced", i % 2 == 1 ? "true" : "false"));
        }

        for (var i = 0; i < _codes.Length; i++)
        {
            if (_codes[i] == 0) continue;
            _signals.Add(_codes[i], new KeyValuePair<string, object?>("signal", ((SignalCode)i).Describe().Name));
        }

        for (var i = 0; i < _facts.Length; i++)
        {
            if (_facts[i] > 0) _degraded.Add(_facts[i], new KeyValuePair<string, object?>("fact", VerdictNames.AllFacts[i].Name));
        }

        Array.Clear(_verdicts);
        Array.Clear(_codes);
        Array.Clear(_facts);
    }
}
