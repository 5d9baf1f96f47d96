using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Host.Security;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Logging.Loki;

/// <summary>Sends each assessment to Loki, one line each, up to a rate; the rest is counted and found in the store.</summary>
/// <remarks>
/// Subjects and addresses as the configuration has them written; what signals say in words is left out, since it may name people. One thread at a time, as the
/// pipeline promises its observers. The pipeline never waits, and where there is no room nothing is written.
/// </remarks>
internal sealed class AssessmentFeed(LokiShipper shipper, PersonalText personal, TimeProvider clock) : IPipelineObserver
{
    private const int BurstSeconds = 10;

    private static readonly int Actions = Enum.GetValues<DecisionAction>().Length;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Every verdict as metadata, by level, action and whether it is enforced: entries share them.</summary>
    private static readonly KeyValuePair<string, string>[][] Verdicts =
    [
        .. from level in Enum.GetValues<RiskLevel>()
           from action in Enum.GetValues<DecisionAction>()
           from enforced in new[] { "false", "true" }
           select new KeyValuePair<string, string>[] { new("risk_level", level.Name()), new("decision", action.Name()), new("enforced", enforced) },
    ];

    private readonly TokenBucket _rate = new(shipper.Settings.AssessmentsPerSecond, shipper.Settings.AssessmentsPerSecond * BurstSeconds, clock);
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    public void Committed(Effects effects, in BatchTiming timing)
    {
        for (var i = 0; i < effects.Count; i++)
        {
            ref readonly var assessment = ref effects[i];
            if (!assessment.Judged || assessment.Outcome != EventOutcome.Accepted || assessment.Level < shipper.Settings.MinimumRiskLevel) continue;
            if (!_rate.TryTake(out _)) shipper.Meter.Lose(LokiLoss.Rate);
            else if (shipper.HasRoom(LokiStreams.Assessment)) Send(effects, i);
        }
    }

    private void Send(Effects effects, int index)
    {
        ref readonly var assessment = ref effects[index];
        var now = clock.GetUtcNow();
        var verdict = (((int)assessment.Level * Actions) + (int)assessment.Action) * 2;
        shipper.Add(new LokiEntry(
            LokiStreams.Assessment, shipper.Labels.OfAssessment(assessment.Level, assessment.Action), LokiEntry.NanosecondsOf(now), Line(effects, index, now),
            shipper.Settings.StructuredMetadata ? Verdicts[verdict + (assessment.Enforced ? 1 : 0)] : []));
    }

    private byte[] Line(Effects effects, int index, DateTimeOffset now)
    {
        ref readonly var assessment = ref effects[index];
        ref readonly var e = ref effects.Batch.Events[index];
        _buffer.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_buffer, Options);
        json.WriteStartObject();
        json.WriteString("time", now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
        json.WriteString("occurred_at", e.OccurredAt.ToString());
        json.WriteString("event_id", Scrubber.Clean(effects.Batch.String(e.Id)));
        json.WriteString("tenant", e.Tenant.IsEmpty ? "default" : Scrubber.Clean(effects.Batch.String(e.Tenant)));
        json.WriteString("kind", e.Kind.Name());
        json.WriteString("subject", personal.Subject(effects.Batch, e));
        if (!e.SourceIp.IsUnknown) json.WriteString("source_ip", personal.Address(e.SourceIp.ToString()));
        json.WriteNumber("risk_score", Math.Round(assessment.Score, 2));
        json.WriteString("risk_level", assessment.Level.Name());
        json.WriteString("decision", assessment.Action.Name());
        json.WriteBoolean("enforced", assessment.Enforced);
        if (AssessmentJson.RuleName(assessment, effects) is { } rule) json.WriteString("rule", rule);
        if (assessment.Valve is { } valve) json.WriteString("valve", valve);
        WriteSignals(json, effects, assessment);
        json.WriteString("policy_version", effects.PolicyVersion);
        json.WriteEndObject();
        json.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    /// <summary>The names as one text, since LogQL does not look into lists, and what each contributed.</summary>
    private static void WriteSignals(Utf8JsonWriter json, Effects effects, in AssessmentRecord assessment)
    {
        var signals = effects.Signals(assessment);
        var names = new string[signals.Length];
        for (var i = 0; i < names.Length; i++) names[i] = signals[i].Code.Describe().Name;
        json.WriteString("signals", string.Join(',', names));
        json.WriteStartObject("contribution");
        for (var i = 0; i < names.Length; i++) json.WriteNumber(names[i], Math.Round(signals[i].Contribution, 3));
        json.WriteEndObject();
    }
}
