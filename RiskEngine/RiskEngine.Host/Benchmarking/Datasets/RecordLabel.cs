using System.Text.Json;

namespace RiskEngine.Host.Benchmarking.Datasets;

/// <summary>What a record of somebody's file says of itself in the field <c>label</c>.</summary>
/// <remarks>
/// <c>{"attack": "name"}</c>, a text that names the attack, <c>true</c> or <c>1</c>; honest is <c>null</c>, an object without an attack, <c>false</c>, <c>0</c>, an
/// empty text, or one of <c>honest</c>, <c>safe</c>, <c>benign</c>, <c>legitimate</c>, <c>none</c>. The engine never sees it.
/// </remarks>
internal static class RecordLabel
{
    /// <summary>Stands for an honest login that is labelled as one.</summary>
    public const string Honest = "";

    /// <summary>The name of an attack that has none.</summary>
    public const string Unnamed = "attack";

    private const int LongestName = 40, DeepestRecord = 16;

    private static readonly string[] HonestWords = ["", "honest", "safe", "benign", "legitimate", "none", "false", "0"];

    /// <summary>Reads a record of JSON.</summary>
    /// <returns>The attack, <see cref="Honest"/>, or null where the record has no label or is no JSON.</returns>
    public static string? Read(ReadOnlySpan<byte> record)
    {
        if (record.IndexOf("\"label\""u8) < 0) return null;
        try
        {
            var reader = new Utf8JsonReader(record, new JsonReaderOptions { MaxDepth = DeepestRecord });
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("label"u8)) return reader.Read() ? ReadValue(ref reader) : null;
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return null;
    }

    private static string ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader),
        JsonTokenType.String => Named(reader.GetString()!),
        JsonTokenType.True => Unnamed,
        JsonTokenType.Number => reader.TryGetInt64(out var number) && number == 0 ? Honest : Unnamed,
        _ => Honest,
    };

    private static string ReadObject(ref Utf8JsonReader reader)
    {
        var attack = Honest;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isAttack = reader.ValueTextEquals("attack"u8);
            if (!reader.Read()) break;
            if (isAttack && reader.TokenType == JsonTokenType.String) attack = Named(reader.GetString()!);
            else reader.Skip();
        }

        return attack;
    }

    private static string Named(string text)
    {
        var name = text.Trim();
        if (HonestWords.Contains(name, StringComparer.OrdinalIgnoreCase)) return Honest;
        return string.Concat(name.Where(letter => !char.IsControl(letter)).Take(LongestName)) is { Length: > 0 } kept ? kept : Unnamed;
    }
}
