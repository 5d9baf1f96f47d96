using System.Text.Unicode;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>What every format asks of a record before it looks closer: that it is UTF-8 without NUL.</summary>
internal static class RecordText
{
    /// <summary>Finds the first NUL byte or broken character.</summary>
    /// <returns>The defect, or none.</returns>
    public static Defect Check(ReadOnlySpan<byte> record)
    {
        var nul = record.IndexOf((byte)0);
        if (nul >= 0) return new Defect(DefectReason.NulByte, nul, "a NUL byte");
        return Utf8.IsValid(record) ? default : new Defect(DefectReason.InvalidUtf8, ValidLength(record), "not UTF-8");
    }

    /// <summary>Whether there is nothing but spaces, tabs and line ends.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> record) => !record.ContainsAnyExcept(" \t\r\n"u8);

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
