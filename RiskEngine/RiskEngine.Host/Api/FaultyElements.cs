using System.Text.Json;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Api;

/// <summary>How faults are told.</summary>
internal static class FaultyElements
{
    public static FaultyElement Of(int index, in Defect defect) =>
        new(index, defect.Position < 0 ? null : defect.Position, defect.Reason.Name(), defect.Detail);

    /// <summary>Writes one fault.</summary>
    /// <param name="place">What the number counts: <c>index</c> in an array, <c>line</c> in NDJSON.</param>
    public static void Write(Utf8JsonWriter json, string place, int index, in Defect defect)
    {
        json.WriteStartObject();
        json.WriteNumber(place, index);
        if (defect.Position < 0) json.WriteNull("position");
        else json.WriteNumber("position", defect.Position);
        json.WriteString("reason", defect.Reason.Name());
        json.WriteString("detail", defect.Detail);
        json.WriteEndObject();
    }
}
