using System.Text.Unicode;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>What every format asks of a record before it looks closer: that there is something in it, in UTF-8 without NUL.</summary>
internal static class RecordText
{
    /// <summary>Whether the record is worth a closer look.</summary>
    /// <param name="otherwise">Nothing, for one of spaces, tabs and line ends; else the place of its first NUL byte or broken character.</param>
    public static bool IsReadable(ReadOnlySpan<byte> record, out ParseResult otherwise)
    {
        otherwise = ParseResult.Nothing;
        if (!record.ContainsAnyExcept(" \t\r\n"u8)) return false;
        var nul = record.IndexOf((byte)0);
        if (nul >= 0) otherwise = ParseResult.Faulty(DefectReason.NulByte, nul, "a NUL byte");
        else if (!Utf8.IsValid(record)) otherwise = ParseResult.Faulty(DefectReason.InvalidUtf8, ValidLength(record), "not UTF-8");
        return !otherwise.IsFaulty;
    }

    /// <summary>Cuts text to at most that many bytes without cutting a character in two.</summary>
    public static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> utf8, int length)
    {
        if (utf8.Length <= length) return utf8;
        while (length > 0 && (utf8[length] & 0xC0) == 0x80) length--;
        return utf8[..length];
    }

    private static int ValidLength(ReadOnlySpan<byte> record)
    {
        var at = 0;
        while (System.Text.Rune.DecodeFromUtf8(record[at..], out _, out var length) == System.Buffers.OperationStatus.Done) at += length;
        return at;
    }
}
