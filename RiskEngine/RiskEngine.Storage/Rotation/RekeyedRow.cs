using System.Runtime.InteropServices;
using RiskEngine.Core.Models;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Rotation;

/// <summary>Under which key an event has a row of state stand, and under which one from now on.</summary>
/// <param name="Kind">Of profiles, pairs or looks of names.</param>
/// <param name="Look">What the row holds beside, where it is the look of a name.</param>
internal readonly record struct RekeyedRow(StateRowKind Kind, UInt128 Before, UInt128 After, RekeyedLook? Look = null);

/// <summary>Whose look of a name it has to be to become whose.</summary>
internal sealed record RekeyedLook(ulong SubjectBefore, uint NameBefore, ulong SubjectAfter, uint NameAfter)
{
    /// <summary>Writes whose it becomes.</summary>
    /// <returns>False for somebody else's look, which stays as it is.</returns>
    public bool TryWrite(Span<byte> body)
    {
        ref var row = ref MemoryMarshal.AsRef<SkeletonRow>(body);
        if (row.Subject != SubjectBefore || row.Name != NameBefore) return false;
        (row.Subject, row.Name) = (SubjectAfter, NameAfter);
        return true;
    }
}
