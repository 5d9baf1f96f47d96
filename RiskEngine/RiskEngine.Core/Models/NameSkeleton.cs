using System.Buffers;
using System.Text;

namespace RiskEngine.Core.Models;

/// <summary>What a login name looks like to the eye: two names with the same skeleton are easily taken for each other.</summary>
/// <remarks>
/// After the skeletons of Unicode Technical Standard 39, section 4, made coarser for names of accounts: case, separators and doubled letters do not count,
/// foreign letters stand for the Latin ones they look like, and so do digits within a word (<c>adm1n</c>, <c>r00t</c>). Numbers at the end of a word count, as
/// <c>user1</c> and <c>user11</c> are two people; a single 1 or 0 there is still the letter it looks like. Pure and thread-safe; allocates nothing.
/// </remarks>
public static class NameSkeleton
{
    /// <summary>Bytes that a skeleton has at most. Of longer names the end does not count.</summary>
    public const int MaxLength = 128;

    private const string Foreign = "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u043a\u043c\u0442\u0432\u043d\u0501\u04bb\u051b\u051d\u0131\u03b1\u03bf\u03bd\u03c1\u03c5\u03b9\u03ba\u03c4\u0142\u00f8\u0111\u0261";
    private const string Latin = "aeopcyxsijkmtbhdhqwiaovpuiktlodg";

    /// <summary>Writes the skeleton of a name in UTF-8 and returns its length; 0 for a name of separators alone.</summary>
    /// <param name="name">UTF-8. Bytes that are none are skipped.</param>
    /// <param name="to">At least <see cref="MaxLength"/> bytes.</param>
    public static int Write(ReadOnlySpan<byte> name, Span<byte> to)
    {
        var length = 0;
        while (!name.IsEmpty && length <= MaxLength - 4)
        {
            if (char.IsAsciiDigit((char)name[0]))
            {
                var digits = DigitsAt(name);
                length = AppendDigits(name[..digits], IsWithinWord(name[digits..]), to, length);
                name = name[digits..];
                continue;
            }

            var status = Rune.DecodeFromUtf8(name, out var rune, out var consumed);
            name = name[consumed..];
            if (status == OperationStatus.Done) length = Append(Fold(rune), to, length);
        }

        return length;
    }

    private static int DigitsAt(ReadOnlySpan<byte> name)
    {
        var end = name.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return end < 0 ? name.Length : end;
    }

    /// <summary>Whether a letter follows at once.</summary>
    private static bool IsWithinWord(ReadOnlySpan<byte> rest) => !rest.IsEmpty && (rest[0] >= 0x80 || char.IsAsciiLetter((char)rest[0]));

    private static int AppendDigits(ReadOnlySpan<byte> digits, bool withinWord, Span<byte> to, int length)
    {
        var areLetters = withinWord || digits.Length == 1;
        foreach (var digit in digits)
        {
            if (length > MaxLength - 4) break;
            var letter = digit switch { (byte)'0' => 'o', (byte)'1' => 'l', (byte)'3' when withinWord => 'e', (byte)'5' when withinWord => 's', _ => '\0' };
            if (areLetters && letter != '\0') length = Append(new Rune(letter), to, length);
            else to[length++] = digit;
        }

        return length;
    }

    /// <summary>Lower case, Latin where it looks Latin; <c>i</c> is <c>l</c>, as a capital I and a 1 are.</summary>
    private static Rune Fold(Rune rune)
    {
        if (rune.Value is >= 0xFF01 and <= 0xFF5E) rune = new Rune(rune.Value - 0xFEE0);
        rune = Rune.ToLowerInvariant(rune);
        if (!rune.IsAscii && rune.IsBmp && Foreign.IndexOf((char)rune.Value) is >= 0 and var at) rune = new Rune(Latin[at]);
        return rune.Value is 'i' or '|' ? new Rune('l') : rune;
    }

    private static int Append(Rune rune, Span<byte> to, int length)
    {
        if (IsSeparator(rune)) return length;
        if (!rune.IsAscii) return length + rune.EncodeToUtf8(to[length..]);
        var last = length > 0 ? (char)to[length - 1] : '\0';
        var joined = (last, (char)rune.Value) switch { ('r', 'n') => 'm', ('v', 'v') => 'w', ('c', 'l') => 'd', _ => '\0' };
        if (joined != '\0')
        {
            to[length - 1] = (byte)joined;
            return length;
        }

        if (last == rune.Value && char.IsAsciiLetter(last)) return length;
        to[length] = (byte)rune.Value;
        return length + 1;
    }

    private static bool IsSeparator(Rune rune) => rune.Value is '.' or '_' or '-' or ' ' or '\'' or 0xAD or 0x2D or (>= 0x200B and <= 0x200F) or (>= 0x2010 and <= 0x2015) or 0xFEFF;
}
