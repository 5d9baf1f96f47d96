using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.EventIndex;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Answers what people ask of stored assessments.</summary>
/// <remarks>
/// Newest first is by number, so a page goes on where the one before ended whatever has arrived meanwhile. Subject and address are looked up
/// segment by segment from the newest; what the 64 bits of an index suggest is compared with the event itself. One call looks at
/// <see cref="StoredEvents.LongestSearch"/> events at most. Stateless.
/// </remarks>
internal sealed class AssessmentFinder(StoredEventCodec codec, KeyedHash hash)
{
    public AssessmentPage Find(SqliteReader reader, AssessmentQuery query)
    {
        StoredEvents.Check(query);
        var newest = reader.Database.Number("SELECT max(seq) FROM events");
        var before = Math.Min(StoredEvents.CursorOf(query), newest + 1);
        var first = reader.Database.Number("SELECT min(seq) FROM events");
        if (query.Since is { } since) first = Math.Max(first, reader.FirstSeqOfDay(EventIdWindow.DayOf(since)));
        if (query.Subject is { } subject) return ByColumn(reader, query, EventColumn.Subject, (ulong)subject, first, before);
        if (query.Address is { } address) return ByColumn(reader, query, EventColumn.Address, address.Unit, first, before);
        return ByNumber(reader, query, first, before);
    }

    /// <summary>The event with that key, newest first; null for none.</summary>
    public StoredEvent? Find(SqliteReader reader, UInt128 eventKey)
    {
        var first = reader.Database.Number("SELECT min(seq) FROM events");
        var unsealed = EventIndexReader.UnsealedFrom(reader.Database);
        var candidates = Unsealed(reader, EventColumn.Id, (ulong)eventKey, unsealed, long.MaxValue);
        for (var segment = EventSegment.Of(unsealed - 1); ; segment--)
        {
            foreach (var seq in candidates)
            {
                var found = reader.Database.Query("SELECT body FROM events WHERE seq = ?", row => codec.Read(row.Blob(0)), seq);
                if (found.Count == 1 && StateKeys.Event(hash, Bytes(found[0].Tenant), Bytes(found[0].EventId)) == eventKey) return found[0];
            }

            if (segment < EventSegment.Of(first)) return null;
            candidates.Clear();
            reader.EventIndex.Find(segment, EventColumn.Id, (ulong)eventKey, candidates);
        }
    }

    private AssessmentPage ByColumn(SqliteReader reader, AssessmentQuery query, EventColumn column, ulong value, long first, long before)
    {
        using var statement = reader.Database.Once("SELECT seq, level, body FROM events WHERE seq = ?");
        List<StoredEvent> found = [];
        var left = StoredEvents.LongestSearch;
        var unsealed = EventIndexReader.UnsealedFrom(reader.Database);
        var candidates = before > unsealed ? Unsealed(reader, column, value, Math.Max(first, unsealed), before) : [];
        for (var segment = EventSegment.Of(Math.Min(unsealed, before) - 1); ; segment--)
        {
            foreach (var seq in candidates)
            {
                if (seq >= before || seq < first) continue;
                statement.Bind(1, seq);
                var next = Take(statement, query, found, ref left);
                statement.Reset();
                if (next is not null) return new AssessmentPage(found, next);
            }

            if (segment < EventSegment.Of(first)) return new AssessmentPage(found, null);
            if (left-- <= 0) return new AssessmentPage(found, StoredEvents.CursorAt((segment + 1) << EventSegment.Bits));
            candidates.Clear();
            reader.EventIndex.Find(segment, column, value, candidates);
        }
    }

    /// <summary>The numbers of events that no index holds yet, newest first: less than a segment of them is looked through.</summary>
    private static List<long> Unsealed(SqliteReader reader, EventColumn column, ulong value, long first, long before)
    {
        var name = column switch { EventColumn.Id => "event_hash", EventColumn.Subject => "subject", _ => "address" };
        return reader.Database.Query(
            $"SELECT seq FROM events WHERE seq >= ? AND seq < ? AND {name} = ? ORDER BY seq DESC", row => row.Integer(0), first, before, unchecked((long)value));
    }

    private AssessmentPage ByNumber(SqliteReader reader, AssessmentQuery query, long first, long before)
    {
        var index = query.MinimumLevel >= RiskLevel.Medium ? "INDEXED BY events_of_risk" : "NOT INDEXED";
        var risk = query.MinimumLevel >= RiskLevel.Medium ? "AND level >= 2" : "";
        using var statement = reader.Database.Once($"SELECT seq, level, body FROM events {index} WHERE seq < ? AND seq >= ? {risk} ORDER BY seq DESC");
        statement.Bind(1, before).Bind(2, first);
        List<StoredEvent> found = [];
        var left = StoredEvents.LongestSearch;
        return new AssessmentPage(found, Take(statement, query, found, ref left));
    }

    /// <summary>Adds what matches; returns where the next page starts once this one is full or enough was looked at.</summary>
    private string? Take(SqliteStatement statement, AssessmentQuery query, List<StoredEvent> found, ref int left)
    {
        while (statement.Step())
        {
            if (left-- <= 0) return StoredEvents.CursorAt(statement.Integer(0) + 1);
            if (statement.IsNull(1) ? !query.WithUnjudged || query.MinimumLevel is not null : query.MinimumLevel is { } level && statement.Integer(1) < (long)level) continue;
            var candidate = codec.Read(statement.Blob(2));
            if (!Matches(candidate, query)) continue;
            if (found.Count == query.Limit) return StoredEvents.CursorAt(statement.Integer(0) + 1);
            found.Add(candidate);
        }

        return null;
    }

    private bool Matches(StoredEvent candidate, AssessmentQuery query) =>
        (query.Since is not { } since || candidate.OccurredAt >= since)
        && (query.Address is not { } address || candidate.SourceIp == address)
        && (query.Subject is not { } subject
            || StateKeys.Subject(hash, Bytes(candidate.Tenant), Bytes(candidate.SubjectId), Bytes(candidate.SubjectName)) == subject);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
