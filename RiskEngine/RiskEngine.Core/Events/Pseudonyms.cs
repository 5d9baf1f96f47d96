using System.Buffers.Binary;

namespace RiskEngine.Core.Events;

/// <summary>What is kept in place of names that do not exist and of session ids, and the ids of events that have none.</summary>
/// <remarks>Every use of the key has a tweak of its own, so that a name and a session id of equal text have different pseudonyms.</remarks>
public static class Pseudonyms
{
    /// <summary>Length of a pseudonym of a name: "~" and 32 hexadecimal digits.</summary>
    public const int NameLength = 33;

    /// <summary>Length of a hashed session id as it is handed on: 32 hexadecimal digits.</summary>
    public const int SessionLength = 32;

    private const ulong NameTweak = 0x6e616d65;
    private const ulong SessionTweak = 0x73657373;
    private const ulong EventTweak = 0x6576656e74;

    /// <summary>Writes the pseudonym of a name that does not exist; what already is one stays as it is, so that events can be handed on.</summary>
    public static Slice AppendUnknownName(this EventBatch batch, KeyedHash hash, ReadOnlySpan<byte> name)
    {
        if (IsPseudonym(name)) return batch.Append(name);
        return batch.AppendHash((byte)'~', default, hash.Hash(name, NameTweak));
    }

    /// <summary>The pseudonym of a name that does not exist, as text: for names that a person wrote into a configuration.</summary>
    public static string UnknownName(this KeyedHash hash, string name)
    {
        var batch = new EventBatch(0);
        return System.Text.Encoding.ASCII.GetString(batch.Text(batch.AppendUnknownName(hash, System.Text.Encoding.UTF8.GetBytes(name))));
    }

    /// <summary>Hashes a session id.</summary>
    public static UInt128 Session(this KeyedHash hash, ReadOnlySpan<byte> sessionId) => hash.Hash(sessionId, SessionTweak);

    /// <summary>Writes a hashed session id as it is handed on.</summary>
    /// <param name="room">At least <see cref="SessionLength"/> bytes.</param>
    public static void FormatSession(UInt128 session, Span<byte> room)
    {
        for (var digit = 0; digit < SessionLength; digit++) room[digit] = "0123456789abcdef"u8[(int)(uint)(session >> (124 - (4 * digit))) & 0xF];
    }

    /// <summary>Writes "d-" and 32 hexadecimal digits: the id of an event that came without one.</summary>
    /// <param name="source">A number for the source's name, from <see cref="KeyedHash.Hash"/>.</param>
    /// <param name="offset">Where the record lies in its source.</param>
    /// <param name="index">Number of the event within its record.</param>
    public static Slice AppendDerivedId(this EventBatch batch, KeyedHash hash, ReadOnlySpan<byte> content, UInt128 source, int partition, long offset, int index)
    {
        Span<byte> parts = stackalloc byte[48];
        BinaryPrimitives.WriteUInt128LittleEndian(parts, hash.Hash(content, EventTweak));
        BinaryPrimitives.WriteUInt128LittleEndian(parts[16..], source);
        BinaryPrimitives.WriteInt64LittleEndian(parts[32..], offset);
        BinaryPrimitives.WriteInt32LittleEndian(parts[40..], partition);
        BinaryPrimitives.WriteInt32LittleEndian(parts[44..], index);
        return batch.AppendHash((byte)'d', (byte)'-', hash.Hash(parts, EventTweak));
    }

    private static Slice AppendHash(this EventBatch batch, byte first, byte second, UInt128 value)
    {
        var room = batch.Reserve(34);
        var length = 0;
        room[length++] = first;
        if (second != 0) room[length++] = second;
        for (var shift = 124; shift >= 0; shift -= 4) room[length++] = "0123456789abcdef"u8[(int)(uint)(value >> shift) & 0xF];
        return batch.Commit(length);
    }

    /// <summary>Gives the id or name of an account as it is kept: a "~" at its beginning is written twice, so that no account is taken for a pseudonym.</summary>
    public static Slice Escaped(this EventBatch batch, Slice given)
    {
        if (given.IsEmpty || batch.Text(given)[0] != '~') return given;
        var room = batch.Reserve(given.Length + 1);
        room[0] = (byte)'~';
        batch.Text(given).CopyTo(room[1..]);
        return batch.Commit(given.Length + 1);
    }

    /// <summary>Whether a name is a pseudonym of one that does not exist.</summary>
    public static bool IsPseudonym(ReadOnlySpan<byte> name)
    {
        if (name.Length != NameLength || name[0] != '~') return false;
        foreach (var c in name[1..])
        {
            if (!char.IsAsciiHexDigitLower((char)c)) return false;
        }

        return true;
    }
}
