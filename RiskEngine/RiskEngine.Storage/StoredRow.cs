using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RiskEngine.Storage;

/// <summary>Rows of plain data as they are stored. Fields are only ever added at the end, so a shorter row is one of an earlier build.</summary>
internal static class StoredRow
{
    /// <summary>Reads a row; what an earlier build did not know is zero.</summary>
    /// <returns>False for bytes that are no such row: none, or more than this build knows.</returns>
    public static bool TryRead<TRow>(ReadOnlySpan<byte> stored, out TRow row)
        where TRow : struct
    {
        row = default;
        if (stored.IsEmpty || stored.Length > Unsafe.SizeOf<TRow>()) return false;
        stored.CopyTo(MemoryMarshal.AsBytes(new Span<TRow>(ref row)));
        return true;
    }
}
