using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Erasure;
using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Sqlite.Erasure;

/// <summary>Takes a subject out of stored events: what is left of one is that its id was seen, and when, so that its source cannot bring it back.</summary>
/// <remarks>
/// With it go the words of people on the event and the blocks of a session that it caused. Belongs to the writer's thread; events that are none of the
/// subject's, or were erased before, are passed over, so doing it twice does no harm.
/// </remarks>
internal sealed class EventEraser(KeyedHash hash, StoredEventCodec codec, ErasedSubject subject, IEnumerable<(BlockList List, Block Block)> standing, ErasureCount count)
{
    private readonly ILookup<string, (BlockList List, Block Block)> _sessions =
        standing.Where(entry => entry.Block.Scope == BlockScope.Session && entry.Block.EventId.Length > 0).ToLookup(entry => entry.Block.EventId);

    /// <summary>Gets the addresses of the events erased, <see cref="IpAddress.Unit"/>.</summary>
    public HashSet<ulong> Addresses { get; } = [];

    /// <summary>Gets the blocks of sessions that ended with their events.</summary>
    public List<(BlockList List, long Id)> Ended { get; } = [];

    /// <summary>The numbers of the subject's events from one number on, oldest first.</summary>
    public static List<long> Find(SqliteReader reader, ErasedSubject subject)
    {
        List<long> found = [];
        var first = reader.Database.Number("SELECT min(seq) FROM events");
        var unsealed = EventIndex.EventIndexReader.UnsealedFrom(reader.Database);
        foreach (var key in subject.Keys)
        {
            for (var segment = EventIndex.EventSegment.Of(first); segment < EventIndex.EventSegment.Of(unsealed); segment++)
                reader.EventIndex.Find(segment, EventIndex.EventColumn.Subject, (ulong)key, found);
            found.AddRange(reader.Database.Query("SELECT seq FROM events WHERE seq >= ? AND subject = ?", row => row.Integer(0), Math.Max(first, unsealed), unchecked((long)(ulong)key)));
        }

        found.Sort();
        return found;
    }

    /// <summary>The subject's events after a number, in the transaction under way.</summary>
    public static List<long> FindAfter(SqliteDatabase database, ErasedSubject subject, long seq)
    {
        var lows = subject.Keys.Select(key => unchecked((long)(ulong)key)).ToHashSet();
        return [.. database.Query("SELECT seq, subject FROM events WHERE seq > ?", row => (Seq: row.Integer(0), Subject: row.Integer(1)), seq).Where(row => lows.Contains(row.Subject)).Select(row => row.Seq)];
    }

    /// <summary>Takes the subject out of those events.</summary>
    public void Erase(SqliteSession session, IEnumerable<long> seqs)
    {
        foreach (var seq in seqs)
        {
            if (session.Database.Query("SELECT body FROM events WHERE seq = ?", row => codec.Read(row.Blob(0)), seq) is not [var stored] || !subject.Owns(hash, stored)) continue;
            session.Changes.EraseEvent(session.Database, seq, StoredEventCodec.Erased(stored.OccurredAt));
            Addresses.Add(stored.SourceIp.Unit);
            count.Add(ErasureReport.Events, 1);
            session.Database.Execute("DELETE FROM feedback WHERE event_id = ? AND tenant = ? AND subject IS NULL", stored.EventId, stored.Tenant);
            count.Add(ErasureReport.Feedback, session.Database.Changes);
            foreach (var (list, block) in _sessions[stored.EventId].Where(entry => entry.Block.Tenant == stored.Tenant)) End(session, list, block);
        }
    }

    /// <summary>Removes an entry of a list, and remembers that it went.</summary>
    public void End(SqliteSession session, BlockList list, Block block)
    {
        if (!session.Records.RemoveBlock(list, block.Id)) return;
        Ended.Add((list, block.Id));
        count.Add(list);
    }
}
