using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Shared;

namespace RiskEngine.Storage.PostgreSql;

/// <summary>Accepted events of a unit of work as columns, in the order in which they were judged.</summary>
internal sealed class NewEvents
{
    private readonly List<Guid> _keys = [];
    private readonly List<long> _subjects = [];
    private readonly List<long> _addresses = [];
    private readonly List<long> _times = [];
    private readonly List<short> _levels = [];
    private readonly List<byte[]> _bodies = [];

    public NewEvents(Effects effects, StoredEventCodec codec)
    {
        var to = new ByteBuffer();
        for (var i = 0; i < effects.Count; i++)
        {
            if (!StoredEvents.IsKept(effects, i)) continue;
            ref readonly var keys = ref effects.View[i];
            to.Clear();
            codec.Write(to, effects, i);
            _keys.Add(PgKey.Of(effects.View.Events.Key(keys.Event)));
            _subjects.Add(unchecked((long)(ulong)keys.SubjectKey));
            _addresses.Add(unchecked((long)effects.Batch[i].SourceIp.Unit));
            _times.Add(effects.Batch[i].OccurredAt.UnixMilliseconds);
            _levels.Add(effects[i].Judged ? (short)effects[i].Level : (short)-1);
            _bodies.Add(to.Written.ToArray());
        }
    }

    public int Count => _keys.Count;

    /// <summary>Gets the keys that repeats are told by.</summary>
    public Guid[] Keys => [.. _keys];

    /// <summary>Whether one of them is stored already.</summary>
    public bool AreIn(SeenEvents seen) => _keys.Exists(key => seen.Contains(PgKey.From(key)));

    /// <summary>What their repeats are told by, once they are stored.</summary>
    public List<SeenEvent> Seen(int day, long seq) => [.. _keys.Select((key, at) => new SeenEvent(day, seq + at + 1, PgKey.From(key), new EventTime(_times[at])))];

    /// <summary>Stores them with the next flush, numbered on from <paramref name="seq"/>.</summary>
    public void WriteLater(PgSession session, int day, long seq)
    {
        if (Count == 0) return;
        session.Later(
            """
            INSERT INTO events (day, seq, event_key, subject, address, occurred_at, level, body)
            SELECT $1, $2 + n, event_key, subject, address, occurred_at, nullif(level, -1), body
            FROM unnest($3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::smallint[], $8::bytea[]) WITH ORDINALITY AS new (event_key, subject, address, occurred_at, level, body, n)
            """,
            day, seq, Keys, _subjects.ToArray(), _addresses.ToArray(), _times.ToArray(), _levels.ToArray(), _bodies.ToArray());
    }
}
