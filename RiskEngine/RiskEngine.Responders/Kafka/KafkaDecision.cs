using System.Buffers;
using System.Text;
using System.Text.Json;
using RiskEngine.Core.Events;

namespace RiskEngine.Responders.Kafka;

/// <summary>A block as the topic of decisions has it: key "scope:value", and nothing as the value once it was ended.</summary>
/// <remarks>Identity is (tenant, value) everywhere, so in another tenant than the default one the key is "scope:tenant/value". Pure.</remarks>
internal static class KafkaDecision
{
    private const byte End = 0;

    public static string KeyOf(Block block) => block.Tenant is "" or "default" ? $"{block.Scope.Name()}:{block.Value}" : $"{block.Scope.Name()}:{block.Tenant}/{block.Value}";

    /// <summary>Key and value in one, as the outbox keeps them.</summary>
    /// <param name="isReleased">Whether it was ended: then there is no value.</param>
    public static byte[] Pack(Block block, bool isReleased)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        Encoding.UTF8.GetBytes(KeyOf(block).Replace((char)End, ' '), buffer);
        buffer.Write([End]);
        if (!isReleased) Write(buffer, block);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The two again.</summary>
    public static (byte[] Key, byte[]? Value) Unpack(ReadOnlySpan<byte> packed)
    {
        var end = packed.IndexOf(End);
        var value = packed[(end + 1)..];
        return (packed[..end].ToArray(), value.IsEmpty ? null : value.ToArray());
    }

    private static void Write(IBufferWriter<byte> buffer, Block block)
    {
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("scope", block.Scope.Name());
        writer.WriteString("value", block.Value);
        writer.WriteString("tenant", block.Tenant);
        writer.WriteString("decision", DecisionAction.Block.Name());
        writer.WriteBoolean("enforced", block.Enforced);
        writer.WriteString("created_at", block.CreatedAt.ToString());
        writer.WriteString("until", block.Until?.ToString());
        writer.WriteString("origin", block.Origin.Name());
        writer.WriteString("reason", block.Reason);
        writer.WriteString("event_id", block.EventId.Length > 0 ? block.EventId : null);
        writer.WriteEndObject();
    }
}
