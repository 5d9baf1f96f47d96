using System.Text.Json;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Writes assessments as in the contract.</summary>
public static class AssessmentJson
{
    public static void Write(Utf8JsonWriter json, Effects effects, int index)
    {
        json.WriteStartObject();
        json.WriteString("event_id", effects.Batch.Text(effects.Batch[index].Id));
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, StoredEvent stored)
    {
        json.WriteStartObject();
        json.WriteString("event_id", stored.EventId);
        json.WriteEndObject();
    }
}
