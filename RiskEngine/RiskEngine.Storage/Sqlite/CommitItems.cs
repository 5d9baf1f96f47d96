using System.Collections.Concurrent;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Commit items with their buffers, used again and again.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class CommitItems
{
    private readonly ConcurrentQueue<CommitItem> _idle = [];

    public CommitItem Take() => _idle.TryDequeue(out var item) ? item : new CommitItem(_idle.Enqueue);
}
