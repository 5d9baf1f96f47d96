using System.Runtime.InteropServices;
using RiskEngine.Core.Models;

namespace RiskEngine.Storage.Records;

/// <summary>Profiles as they are stored: what is zero in the header and what a login has in common with the one before it is left out.</summary>
/// <remarks>
/// Stored: the profile's version with <see cref="Mark"/> added, the logins in its history, the words of its header (a varint), the header against zeros, each
/// login against the one before, the first against zeros (<see cref="PackedWords"/>). Profiles of before are stored as they lie in memory and are read too.
/// </remarks>
internal static class PackedProfile
{
    /// <summary>Added to the version of a profile that is packed; no plain one has it.</summary>
    private const byte Mark = 0x80;

    private static readonly int HeaderWords = SubjectProfile.HeaderLength / sizeof(uint), EntryWords = SubjectProfile.EntryLength / sizeof(uint);

    /// <summary>Gets the bytes that a stored profile has at most, plain ones included.</summary>
    public static int MaxLength { get; } = 3 + PackedWords.LengthFor(HeaderWords) + (SubjectProfile.Capacity * PackedWords.LengthFor(EntryWords));

    /// <param name="used">The used bytes of a profile of this build (<see cref="SubjectProfile.UsedLength"/>).</param>
    /// <param name="to">Room for <see cref="MaxLength"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(ReadOnlySpan<byte> used, Span<byte> to)
    {
        var words = MemoryMarshal.Cast<byte, uint>(used);
        (to[0], to[1], to[2]) = ((byte)(used[0] | Mark), used[1], (byte)HeaderWords);
        var length = 3 + PackedWords.Write(words[..HeaderWords], [], to[3..]);
        var before = ReadOnlySpan<uint>.Empty;
        for (words = words[HeaderWords..]; words.Length >= EntryWords; words = words[EntryWords..])
        {
            var login = words[..EntryWords];
            length += PackedWords.Write(login, before, to[length..]);
            before = login;
        }

        return length;
    }

    /// <summary>Reads a stored profile, packed or plain, of this version or an earlier one, into the room it is worked on in.</summary>
    /// <param name="room">At least <see cref="SubjectProfile.MaxLength"/> bytes; unchanged where the result is false.</param>
    /// <returns>False for bytes that are no profile this build understands.</returns>
    public static bool TryRead(ReadOnlySpan<byte> stored, Span<byte> room)
    {
        if (stored.IsEmpty || (stored[0] & Mark) == 0) return SubjectProfile.TryRestore(stored, room);
        Span<uint> words = stackalloc uint[SubjectProfile.MaxLength / sizeof(uint)];
        words.Clear();
        var length = Unpack(stored, words);
        return length > 0 && SubjectProfile.TryRestore(MemoryMarshal.AsBytes(words[..length]), room);
    }

    /// <summary>When a stored profile's subject first logged in, in Unix seconds; 0 for never, or for bytes that are no profile. Reads no more than the header.</summary>
    public static uint FirstLogin(ReadOnlySpan<byte> stored)
    {
        Span<byte> header = stackalloc byte[SubjectProfile.HeaderLength];
        header.Clear();
        if (stored.IsEmpty || (stored[0] & Mark) == 0) stored[..Math.Min(stored.Length, header.Length)].CopyTo(header);
        else if (!TryReadHeader(stored, MemoryMarshal.Cast<byte, uint>(header))) return 0;
        return MemoryMarshal.AsRef<ProfileHeader>(header).FirstLogin;
    }

    private static bool TryReadHeader(ReadOnlySpan<byte> stored, Span<uint> header)
    {
        var from = new ByteReader(stored);
        try
        {
            var (_, _, words) = (from.Byte(), from.Byte(), from.Byte());
            return words <= HeaderWords && PackedWords.TryRead(ref from, header[..words]);
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }
    }

    /// <summary>The words of the plain profile; 0 for bytes that are none.</summary>
    private static int Unpack(ReadOnlySpan<byte> stored, Span<uint> words)
    {
        var from = new ByteReader(stored);
        try
        {
            var (version, count, header) = ((byte)(from.Byte() & ~Mark), from.Byte(), from.Byte());
            if (count > SubjectProfile.Capacity || header == 0 || header > HeaderWords || !PackedWords.TryRead(ref from, words[..header])) return 0;
            var bytes = MemoryMarshal.AsBytes(words);
            if (bytes[0] != version || bytes[1] != count) return 0;
            int end = header;
            for (var i = 0; i < count; i++, end += EntryWords)
            {
                if (i > 0) words.Slice(end - EntryWords, EntryWords).CopyTo(words[end..]);
                if (!PackedWords.TryRead(ref from, words.Slice(end, EntryWords))) return 0;
            }

            return from.IsAtEnd ? end : 0;
        }
        catch (ArgumentOutOfRangeException)
        {
            return 0;
        }
    }
}
