using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RiskEngine.Storage.Records;

namespace RiskEngine.Storage;

/// <summary>Rows of plain data as they are stored. Fields are only ever added at the end, so a shorter row is one of an earlier build.</summary>
/// <remarks>
/// A plain row is stored as it lies in memory, a multiple of four bytes. A packed one is the number of its words, then <see cref="PackedWords"/>, and one more
/// byte where it would be a multiple of four bytes long otherwise.
/// </remarks>
internal static class StoredRow
{
    /// <summary>The bytes that a packed row has at most.</summary>
    public static int PackedLength<TRow>()
        where TRow : struct => 2 + PackedWords.LengthFor(WordsOf<TRow>());

    /// <summary>Writes a row without its zeros.</summary>
    /// <param name="to">Room for <see cref="PackedLength"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int Pack<TRow>(in TRow row, Span<byte> to)
        where TRow : struct
    {
        to[0] = (byte)WordsOf<TRow>();
        var length = 1 + PackedWords.Write(MemoryMarshal.Cast<TRow, uint>(new ReadOnlySpan<TRow>(in row)), [], to[1..]);
        if (length % sizeof(uint) == 0) to[length++] = 0;
        return length;
    }

    /// <summary>Reads a row, packed or plain; what an earlier build did not know is zero.</summary>
    /// <returns>False for bytes that are no such row: none, or more than this build knows.</returns>
    public static bool TryRead<TRow>(ReadOnlySpan<byte> stored, out TRow row)
        where TRow : struct
    {
        row = default;
        if (stored.Length % sizeof(uint) != 0) return TryUnpack(stored, ref row);
        if (stored.IsEmpty || stored.Length > Unsafe.SizeOf<TRow>()) return false;
        stored.CopyTo(MemoryMarshal.AsBytes(new Span<TRow>(ref row)));
        return true;
    }

    private static bool TryUnpack<TRow>(ReadOnlySpan<byte> stored, ref TRow row)
        where TRow : struct
    {
        var from = new ByteReader(stored);
        try
        {
            int words = from.Byte();
            if (words <= WordsOf<TRow>() && PackedWords.TryRead(ref from, MemoryMarshal.Cast<TRow, uint>(new Span<TRow>(ref row))[..words]) && from.Length <= 1) return true;
        }
        catch (ArgumentOutOfRangeException)
        {
            // Told below.
        }

        row = default;
        return false;
    }

    private static int WordsOf<TRow>()
        where TRow : struct => Unsafe.SizeOf<TRow>() / sizeof(uint);
}
