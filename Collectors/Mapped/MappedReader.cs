using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Mapped;

/// <summary>Finds in one record what a mapping asks for.</summary>
internal abstract class MappedReader
{
    /// <summary>Fills the slots.</summary>
    /// <param name="slots">Empty.</param>
    /// <param name="fault">Why the record cannot be read, or none.</param>
    /// <returns>False where there is nothing to read: a header, or a fault.</returns>
    public abstract bool TryRead(ReadOnlySpan<byte> record, MappedSlots slots, out Defect fault);
}
