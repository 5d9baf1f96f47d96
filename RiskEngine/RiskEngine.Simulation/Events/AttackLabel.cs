using System.Text.Json;

namespace RiskEngine.Simulation.Events;

/// <summary>What the referee knows of an attacker's event: which attack, and which of its campaigns.</summary>
/// <remarks>
/// Travels in the field <c>label</c> of a line, which the contract of login events does not know: formats skip it, the engine never sees it.
/// Honest lines carry no such field. Immutable.
/// </remarks>
/// <param name="Attack">Name of the attack as <c>--attacks</c> takes it.</param>
/// <param name="Campaign">Number of the campaign, from 1 within one run.</param>
public sealed record AttackLabel(string Attack, int Campaign)
{
    private const int DeepestLine = 16;

    private static ReadOnlySpan<byte> Field => "\"label\""u8;

    /// <summary>Reads the label of a line of canonical JSON.</summary>
    /// <returns>Null where there is none, where it is malformed, and where the line is no JSON: such a line is nobody's attack.</returns>
    public static AttackLabel? Read(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf(Field) < 0) return null;
        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = DeepestLine });
            while (reader.Read())
            {
                if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("label"u8)) continue;
                return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? ReadObject(ref reader) : null;
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return null;
    }

    private static AttackLabel? ReadObject(ref Utf8JsonReader reader)
    {
        string? attack = null;
        var campaign = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isAttack = reader.ValueTextEquals("attack"u8);
            var isCampaign = reader.ValueTextEquals("campaign"u8);
            if (!reader.Read()) return null;
            if (isAttack && reader.TokenType == JsonTokenType.String) attack = reader.GetString();
            else if (isCampaign && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number)) campaign = number;
            else reader.Skip();
        }

        return attack is null ? null : new AttackLabel(attack, campaign);
    }
}
