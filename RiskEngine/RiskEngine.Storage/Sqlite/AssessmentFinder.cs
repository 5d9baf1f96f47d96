using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Answers what people ask of stored assessments.</summary>
/// <remarks>
/// Newest first is by number, so a page goes on where the one before ended whatever has arrived meanwhile. Subject and address are looked up
/// segment by segment from the newest; what the 64 bits of an index suggest is compared with the event itself. Stateless.
/// </remarks>
internal sealed class AssessmentFinder(StoredEventCodec codec, KeyedHash hash)
{
    private const int SegmentBits = 16;

    public AssessmentPage Find(SqliteReader reader, AssessmentQuery query)
    {
        StoredEvents.Check(query);
        var newest = reader.Database.Number("SELECT max(seq) FROM events");
        var before = Math.Min(StoredEvents.CursorOf(query), newest + 1);
        var first = reader.Database.Number("SELECT min(seq) FROM events");
        if (query.Since is { } since) first = Math.Max(first, reader.FirstSeqOfDay(EventIdWindow.DayOf(since)));
        return query.Subject is not null || query.Address is not null ? BySegment(reader, query, first, before) : ByNumber(reader, query, first, before);
    }

    /// <summary>The event with that key, newest first; null for none.</summary>
    public StoredEvent? Find(SqliteReader reader, UInt128 eventKey)
    {
        var first = reader.Database.Number("SELECT min(seq) FROM events");
        var before = reader.Database.Number("SELECT max(seq) + 1 FROM events");
        while (before > 0 && (before = reader.FindEvent((ulong)eventKey, first, before)) > 0)
        {
            var found = reader.Database.Query("SELECT body FROM events WHERE seq = ?", row => codec.Read(row.Blob(0)), before);
            if (found.Count == 1 && StateKeys.Event(hash, Bytes(found[0].Tenant), Bytes(found[0].EventId)) == eventKey) return found[0];
        }

        return null;
    }

    private AssessmentPage BySegment(SqliteReader reader, AssessmentQuery query, long first, long before)
    {
        var column = query.Subject is not null ? "subject" : "address";
        var value = query.Subject is { } subject ? (ulong)subject : query.Address!.Value.Unit;
        using var statement = reader.Database.Once(
            $"SELECT seq, level, body FROM events INDEXED BY events_by_{column} WHERE seq >> {SegmentBits} = ? AND {column} = ? AND seq < ? AND seq >= ? ORDER BY seq DESC");
        List<StoredEvent> found = [];
        for (var segment = (before - 1) >> SegmentBits; segment >= first >> SegmentBits && segment >= 0; segment--)
        {
            statement.Bind(1, segment).Bind(2, value).Bind(3, before).Bind(4, first);
            if (Take(statement, query, found) is { } next) return new AssessmentPage(found, next);
            statement.Reset();
        }

        return new AssessmentPage(found, null);
    }

    private AssessmentPage ByNumber(SqliteReader reader, AssessmentQuery query, long first, long before)
    {
        var index = query.MinimumLevel >= RiskLevel.Medium ? "INDEXED BY events_of_risk" : "NOT INDEXED";
        var risk = query.MinimumLevel >= RiskLevel.Medium ? "AND level >= 2" : "";
        using var statement = reader.Database.Once($"SELECT seq, level, body FROM events {index} WHERE seq < ? AND seq >= ? {risk} ORDER BY seq DESC");
        statement.Bind(1, before).Bind(2, first);
        List<StoredEvent> found = [];
        return new AssessmentPage(found, Take(statement, query, found));
    }

    /// <summary>Adds what matches; returns where the next page starts once this one is full.</summary>
    private string? Take(SqliteStatement statement, AssessmentQuery query, List<StoredEvent> found)
    {
        while (statement.Step())
        {
            if (statement.IsNull(1) || (query.MinimumLevel is { } level && statement.Integer(1) < (long)level)) continue;
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
