using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.File;

/// <summary>Why a source could not be read at all.</summary>
/// <param name="Path">The file as it was named.</param>
/// <param name="Reason">Counted by this.</param>
/// <param name="Detail">Words for the administrator, without the path.</param>
public sealed record SourceFault(string Path, DefectReason Reason, string Detail)
{
    public override string ToString() => $"{Path}: {Detail}";
}
