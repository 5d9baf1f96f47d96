using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>authentik writes one id in two ways: with dashes in its API, without them in contexts and some mappings.</summary>
internal static class AuthentikIds
{
    /// <summary>Gives the id in lower case with dashes; what is no UUID stays as it is.</summary>
    public static Slice AppendDashed(EventBatch batch, Slice pk)
    {
        var text = batch.Text(pk);
        if (text.Length is not (32 or 36)) return pk;
        Span<byte> digits = stackalloc byte[32];
        var count = 0;
        foreach (var c in text)
        {
            if (c == '-') continue;
            if (count == 32 || !char.IsAsciiHexDigit((char)c)) return pk;
            digits[count++] = (byte)(c | 0x20);
        }

        return count == 32 ? Write(batch, digits) : pk;
    }

    private static Slice Write(EventBatch batch, ReadOnlySpan<byte> digits)
    {
        var room = batch.Reserve(36);
        var length = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            if (i is 8 or 12 or 16 or 20) room[length++] = (byte)'-';
            room[length++] = digits[i];
        }

        return batch.Commit(length);
    }
}
