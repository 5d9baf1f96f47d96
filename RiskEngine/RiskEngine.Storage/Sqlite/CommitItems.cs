using System.Collections.Concurrent;
using RiskEngine.Storage.Sqlite.Outbox;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Commit items with their buffers, used again and again.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class CommitItems(SqliteOutbox outbox)
{
    private readonly ConcurrentQueue<CommitItem> _idle = [];

    public CommitItem Take() => _idle.TryDequeue(out var item) ? item : new CommitItem(_idle.Enqueue, new OutboxNews(outbox));
}
