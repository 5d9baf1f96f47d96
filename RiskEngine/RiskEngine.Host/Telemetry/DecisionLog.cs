using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Host.Security;

namespace RiskEngine.Host.Telemetry;

/// <summary>Logs every decision other than allow, one line each, at a bounded rate; the rest is counted and found in the store.</summary>
/// <remarks>Subjects and addresses as the configuration has them written. One thread at a time, as the pipeline promises its observers.</remarks>
internal sealed partial class DecisionLog(ILogger<DecisionLog> logger, PersonalText personal, TimeProvider clock) : IPipelineObserver
{
    private readonly TokenBucket _lines = new(perSecond: 50, burst: 500, clock);
    private long _dropped;

    /// <summary>Gets the number of lines left out. Any thread.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public void Committed(Effects effects, in BatchTiming timing)
    {
        if (!logger.IsEnabled(LogLevel.Information)) return;
        for (var i = 0; i < effects.Count; i++)
        {
            ref readonly var assessment = ref effects[i];
            if (!assessment.Judged || assessment.Action == DecisionAction.Allow || assessment.Outcome != EventOutcome.Accepted) continue;
            if (_lines.TryTake(out _)) Log(effects, i);
            else Volatile.Write(ref _dropped, _dropped + 1);
        }
    }

    private void Log(Effects effects, int index)
    {
        ref readonly var assessment = ref effects[index];
        ref readonly var e = ref effects.Batch.Events[index];
        var signals = new List<string>(assessment.SignalCount);
        foreach (ref readonly var signal in effects.Signals(assessment)) signals.Add(signal.Code.Describe().Name);
        LogDecision(
            logger, assessment.Action.Name(), assessment.Enforced, Math.Round(assessment.Score, 2), personal.Subject(effects.Batch, e), personal.Address(e.SourceIp.ToString()), e.Kind.Name(),
            string.Join(',', signals), effects.Batch.String(e.Id));
    }

    [LoggerMessage(1, LogLevel.Information, "{Decision} (enforced: {Enforced}) at {RiskScore} for {Subject} from {SourceIp}: {Kind}, {Signals}, event {EventId}.")]
    private static partial void LogDecision(
        ILogger logger, string decision, bool enforced, double riskScore, string subject, string sourceIp, string kind, string signals, string eventId);
}
