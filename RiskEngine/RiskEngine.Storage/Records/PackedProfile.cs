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
    /// <param name="room">At least <see cref="SubjectProfile.MaxLength"/> bytes; without a login where the result is false.</param>
    /// <returns>False for bytes that are no profile this build understands.</returns>
    public static bool TryRead(ReadOnlySpan<byte> stored, Span<byte> room)
    {
        if (stored.IsEmpty || (stored[0] & Mark) == 0) return SubjectProfile.TryRestore(stored, room);
        var words = MemoryMarshal.Cast<byte, uint>(room);
        words[..HeaderWords].Clear();
        if (TryUnpack(stored, words)) return true;
        words[..HeaderWords].Clear();
        return false;
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

    private static bool TryUnpack(ReadOnlySpan<byte> stored, Span<uint> words)
    {
        var from = new ByteReader(stored);
        try
        {
            var (version, count, header) = (from.Byte() & ~Mark, from.Byte(), from.Byte());
            if (version != SubjectProfile.CurrentVersion || count > SubjectProfile.Capacity || header > HeaderWords || !PackedWords.TryRead(ref from, words[..header])) return false;
            var first = MemoryMarshal.AsBytes(words);
            if (first[0] != version || first[1] != count) return false;
            for (var (i, at) = (0, HeaderWords); i < count; i++, at += EntryWords)
            {
                var login = words.Slice(at, EntryWords);
                if (i == 0) login.Clear();
                else words.Slice(at - EntryWords, EntryWords).CopyTo(login);
                if (!PackedWords.TryRead(ref from, login)) return false;
            }

            return from.IsAtEnd;
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }
    }
}
