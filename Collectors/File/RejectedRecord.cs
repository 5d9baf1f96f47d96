using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.File;

/// <summary>A record that gave no event because of a fault: where it is and why. What it holds is not kept.</summary>
/// <param name="Line">Number of the line on which it begins, from 1.</param>
/// <param name="Offset">Byte offset of its beginning in the stream, after decompression.</param>
/// <param name="Index">Number of the record in the stream, from 0: the faulty element of an array.</param>
/// <param name="Defect">The reason, and the place within the record.</param>
public readonly record struct RejectedRecord(long Line, long Offset, long Index, Defect Defect)
{
    /// <summary>Gets how many faulty elements of the same list follow it of which nothing else is told.</summary>
    public int More { get; init; }

    public override string ToString() => $"line {Line} (offset {Offset}): {Defect}{(More > 0 ? $", and {More} elements more" : "")}";
}
