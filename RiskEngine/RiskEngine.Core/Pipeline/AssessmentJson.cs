using System.Text;
using System.Text.Json;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Writes assessments as the contract has them (design, section 4.4): from a batch just judged, or as read back from a store.</summary>
/// <remarks>Both ways give the same text for the same assessment. Pure; safe for concurrent use on different writers.</remarks>
public static class AssessmentJson
{
    private static readonly JsonEncodedText EventId = JsonEncodedText.Encode("event_id");
    private static readonly JsonEncodedText OccurredAt = JsonEncodedText.Encode("occurred_at");
    private static readonly JsonEncodedText Tenant = JsonEncodedText.Encode("tenant");
    private static readonly JsonEncodedText Subject = JsonEncodedText.Encode("subject");
    private static readonly JsonEncodedText SourceIp = JsonEncodedText.Encode("source_ip");
    private static readonly JsonEncodedText Score = JsonEncodedText.Encode("risk_score");
    private static readonly JsonEncodedText Level = JsonEncodedText.Encode("risk_level");
    private static readonly JsonEncodedText Decision = JsonEncodedText.Encode("decision");
    private static readonly JsonEncodedText Enforced = JsonEncodedText.Encode("enforced");
    private static readonly JsonEncodedText Rule = JsonEncodedText.Encode("rule");
    private static readonly JsonEncodedText Valve = JsonEncodedText.Encode("valve");
    private static readonly JsonEncodedText PriorName = JsonEncodedText.Encode("prior");
    private static readonly JsonEncodedText Signals = JsonEncodedText.Encode("signals");
    private static readonly JsonEncodedText Degraded = JsonEncodedText.Encode("degraded");
    private static readonly JsonEncodedText PolicyVersion = JsonEncodedText.Encode("policy_version");
    private static readonly JsonEncodedText ModelVersion = JsonEncodedText.Encode("model_version");
    private static readonly JsonEncodedText FactsVersion = JsonEncodedText.Encode("facts_version");

    private static readonly JsonEncodedText[] Levels = [.. Enum.GetValues<RiskLevel>().Select(level => JsonEncodedText.Encode(level.Name()))];
    private static readonly JsonEncodedText[] Actions = [.. Enum.GetValues<DecisionAction>().Select(action => JsonEncodedText.Encode(action.Name()))];

    /// <summary>Writes the assessment of one event of a batch as an object.</summary>
    public static void Write(Utf8JsonWriter writer, Effects effects, int index)
    {
        var batch = effects.Batch;
        ref readonly var e = ref batch[index];
        ref readonly var assessment = ref effects[index];
        Span<byte> text = stackalloc byte[SignalReasons.MaximumLength];

        writer.WriteStartObject();
        writer.WriteString(EventId, batch.Text(e.Id));
        writer.WriteString(OccurredAt, text[..e.OccurredAt.Format(text)]);
        writer.WriteString(Tenant, e.Tenant.IsEmpty ? "default"u8 : batch.Text(e.Tenant));
        writer.WriteString(Subject, batch.Text(e.SubjectId.IsEmpty ? e.SubjectName : e.SubjectId));
        WriteAddress(writer, e.SourceIp, text);
        WriteVerdict(writer, assessment.Score, assessment.Level, assessment.Action, assessment.Enforced);
        switch (assessment.Rule)
        {
            case AssessmentRecord.NoRule: writer.WriteNull(Rule); break;
            case AssessmentRecord.StandingBlock or AssessmentRecord.AllowList: writer.WriteString(Rule, RuleName(assessment, effects)); break;
            default: writer.WriteString(Rule, effects.RuleNames[assessment.Rule]); break;
        }

        WriteText(writer, Valve, assessment.Valve);
        WriteDecimal(writer, PriorName, effects.Prior, 6);
        writer.WriteStartArray(Signals);
        foreach (ref readonly var signal in effects.Signals(assessment))
        {
            var length = SignalReasons.Format(signal, batch.Text(signal.Detail), text);
            SignalJson.Write(writer, signal.Code, signal.Contribution, text[..length]);
        }

        writer.WriteEndArray();
        WriteEnd(writer, assessment.Degraded, effects.PolicyVersion, effects.ModelVersion, effects.FactsVersion);
        writer.WriteEndObject();
    }

    /// <summary>Writes a stored assessment as an object.</summary>
    /// <param name="stored">An event that was judged.</param>
    /// <param name="more">Writes further properties into the object, as <c>explain</c> does; null for none.</param>
    public static void Write(Utf8JsonWriter writer, StoredEvent stored, Action<Utf8JsonWriter>? more = null)
    {
        var assessment = stored.Assessment ?? throw new ArgumentException("The event was not judged.", nameof(stored));
        Span<byte> text = stackalloc byte[SignalReasons.MaximumLength];
        writer.WriteStartObject();
        writer.WriteString(EventId, stored.EventId);
        writer.WriteString(OccurredAt, text[..stored.OccurredAt.Format(text)]);
        writer.WriteString(Tenant, stored.Tenant);
        writer.WriteString(Subject, stored.Subject);
        WriteAddress(writer, stored.SourceIp, text);
        WriteVerdict(writer, assessment.Score, assessment.Level, assessment.Action, assessment.Enforced);
        WriteText(writer, Rule, assessment.Rule);
        WriteText(writer, Valve, assessment.Valve);
        WriteDecimal(writer, PriorName, assessment.Prior, 6);
        writer.WriteStartArray(Signals);
        foreach (var signal in assessment.Signals)
        {
            var length = SignalReasons.Format(new SignalRecord(signal.Code, 0, signal.Evidence, signal.A, signal.B, signal.C, default), Encoding.UTF8.GetBytes(signal.Detail), text);
            SignalJson.Write(writer, signal.Code, signal.Contribution, text[..length]);
        }

        writer.WriteEndArray();
        WriteEnd(writer, assessment.Degraded, assessment.PolicyVersion, assessment.ModelVersion, assessment.FactsVersion);
        more?.Invoke(writer);
        writer.WriteEndObject();
    }

    /// <summary>What an assessment calls the rule that decided: its name, "block:" or "allow:" and the id of the standing entry, or null.</summary>
    public static string? RuleName(in AssessmentRecord assessment, Effects effects) => assessment.Rule switch
    {
        AssessmentRecord.NoRule => null,
        AssessmentRecord.StandingBlock => $"block:{IdOf(assessment.MatchedBlock, effects)}",
        AssessmentRecord.AllowList => $"allow:{assessment.MatchedBlock?.Id}",
        var rule => effects.RuleNames[rule],
    };

    /// <summary>A block that a rule made earlier in the same batch has its id since the commit.</summary>
    private static long? IdOf(Block? block, Effects effects)
    {
        if (block is not { Id: 0 }) return block?.Id;
        foreach (var made in effects.NewBlocks)
        {
            if (ReferenceEquals(made.Block, block)) return made.Id;
        }

        return 0;
    }

    private static void WriteAddress(Utf8JsonWriter writer, in IpAddress address, Span<byte> text)
    {
        if (address.IsUnknown) writer.WriteNull(SourceIp);
        else writer.WriteString(SourceIp, text[..address.Format(text)]);
    }

    private static void WriteVerdict(Utf8JsonWriter writer, double score, RiskLevel level, DecisionAction action, bool enforced)
    {
        WriteDecimal(writer, Score, score, 4);
        writer.WriteString(Level, Levels[(int)level]);
        writer.WriteString(Decision, Actions[(int)action]);
        writer.WriteBoolean(Enforced, enforced);
    }

    private static void WriteEnd(Utf8JsonWriter writer, DegradedFacts degraded, string policy, string model, string facts)
    {
        writer.WriteStartArray(Degraded);
        if (degraded != DegradedFacts.None)
        {
            foreach (var (fact, name) in VerdictNames.AllFacts)
            {
                if (degraded.HasFlag(fact)) writer.WriteStringValue(name);
            }
        }

        writer.WriteEndArray();
        writer.WriteString(PolicyVersion, policy);
        writer.WriteString(ModelVersion, model);
        writer.WriteString(FactsVersion, facts);
    }

    private static void WriteDecimal(Utf8JsonWriter writer, JsonEncodedText name, double value, int decimals)
    {
        Span<byte> text = stackalloc byte[DecimalText.MaximumLength];
        writer.WritePropertyName(name);
        writer.WriteRawValue(text[..DecimalText.Write(value, decimals, text)], skipInputValidation: true);
    }

    private static void WriteText(Utf8JsonWriter writer, JsonEncodedText name, string? value)
    {
        if (value is null) writer.WriteNull(name);
        else writer.WriteString(name, value);
    }
}
