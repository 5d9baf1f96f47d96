using System.Buffers.Binary;

namespace RiskEngine.Kafka.Tests;

/// <summary>A broker's answer to which requests it knows in which versions.</summary>
internal static class VersionsAnswer
{
    /// <summary>The first version whose arrays have their length, plus one, as a number of variable size, and whose entries end with tagged fields.</summary>
    private const int Compact = 3;

    private const int AtError = 4, AtCount = 6;
    private const short UnsupportedVersion = 35;

    /// <summary>The same answer, with SaslHandshake in version 1 and SaslAuthenticate in 0 and 1 before all others.</summary>
    /// <param name="version">That of the question. A broker that does not know it says so in the form of version 0.</param>
    public static byte[] WithSasl(short version, byte[] answer)
    {
        var isCompact = version >= Compact && BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(AtError)) != UnsupportedVersion;
        var writer = new KafkaWriter().Raw(answer.AsSpan(0, AtCount));
        var (count, entries) = isCompact ? Variable(answer) : (BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(AtCount)), AtCount + 4);
        if (isCompact) Variable(writer, count + 2);
        else writer.Number(count + 2);
        Entry(writer, isCompact, KafkaRequest.SaslHandshake, 1, 1);
        Entry(writer, isCompact, KafkaRequest.SaslAuthenticate, 0, 1);
        return writer.Raw(answer.AsSpan(entries)).ToArray();
    }

    private static void Entry(KafkaWriter writer, bool isCompact, short api, short from, short to)
    {
        writer.Small(api).Small(from).Small(to);
        if (isCompact) writer.Raw([0]);
    }

    private static (int Value, int End) Variable(byte[] answer)
    {
        var (value, at) = (0, AtCount);
        for (var shift = 0; ; shift += 7)
        {
            var part = answer[at++];
            value |= (part & 0x7f) << shift;
            if (part < 0x80) return (value, at);
        }
    }

    private static void Variable(KafkaWriter writer, int value)
    {
        for (; value >= 0x80; value >>= 7) writer.Raw([(byte)(value | 0x80)]);
        writer.Raw([(byte)value]);
    }
}
