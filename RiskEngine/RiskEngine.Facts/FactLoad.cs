using RiskEngine.Core.Facts;

namespace RiskEngine.Facts;

/// <summary>The result of one load: the snapshot to use, and what became of each file. Immutable.</summary>
public sealed class FactLoad
{
    internal FactLoad(FactSnapshot snapshot, IReadOnlyList<FactFileReport> files, IReadOnlyDictionary<FactFileKey, FactFileState> states)
    {
        Snapshot = snapshot;
        Files = files;
        States = states;
    }

    /// <summary>Gets the load of nothing, to begin with.</summary>
    public static FactLoad Empty { get; } = new(FactSnapshot.Empty, [], new Dictionary<FactFileKey, FactFileState>());

    public FactSnapshot Snapshot { get; }

    /// <summary>Gets what became of each file, in the order of the configuration.</summary>
    public IReadOnlyList<FactFileReport> Files { get; }

    internal IReadOnlyDictionary<FactFileKey, FactFileState> States { get; }
}

/// <summary>A file in one use.</summary>
/// <param name="IsOurs">Whether this program writes it; <see cref="FeedFile.IsOurs"/>.</param>
internal readonly record struct FactFileKey(FactKind Kind, string Path, bool IsOurs = false);

/// <summary>What is remembered of a file from one load to the next.</summary>
/// <param name="Stamp">The file as it was last looked at, be it taken or refused; null when it was missing.</param>
/// <param name="Serving">The content in use, perhaps of an earlier stamp.</param>
/// <param name="Refusal">Why the file as last looked at is not the one in use; null when it is.</param>
internal sealed record FactFileState(FileStamp? Stamp, FactContent? Serving, Refusal? Refusal);
