using RiskEngine.Core.Events;
using RiskEngine.Storage.InMemory;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Moving;

/// <summary>Every table of an embedded store, and where its rows go.</summary>
internal static class MovedTables
{
    private const ColumnKind Integer = ColumnKind.Integer, Small = ColumnKind.Small, Text = ColumnKind.Text, Bytes = ColumnKind.Bytes, Key = ColumnKind.Key;

    /// <summary>The tables, in the order in which they go over.</summary>
    /// <param name="file">A copy that nobody writes to, with all rows in their tables.</param>
    public static IReadOnlyList<MovedTable> Of(SqliteDatabase file, MovedEvents events)
    {
        var day = (int)EventIdWindow.DayOf(new EventTime(file.Number("SELECT value FROM meta WHERE name = 'watermark'")));
        return
        [
            State("profiles", StateRowKind.Profile, ["id"], "id, high", "seen"),
            State("reputation", StateRowKind.Reputation, ["high", "low"], "low, high", "seen"),
            State("pairs", StateRowKind.Pair, ["id"], "id, high", "seen"),
            State("names", StateRowKind.Name, ["cell"], "cell, 0", $"{day}"),
            State("skeletons", StateRowKind.Skeleton, ["id"], "id, high", "seen"),
            State("(SELECT value AS body FROM meta WHERE name = 'carried' AND length(value) > 0)", StateRowKind.Carried, [], "0, 0", $"{day}") with { Name = "carried" },
            events,
            new("blocks", "blocks", "blocks", ["id"],
                [
                    new("id", Integer), new("list", Small), new("scope", Small), new("key", Key), new("prefix_length", Small), new("value", Text), new("tenant", Text), new("reason", Text),
                    new("origin", Small), new("owner", Text), new("created_at", Integer), new("until", Integer), new("flags", Small, "enforced"), new("event_id", Text),
                ]),
            new("feedback", "feedback", "feedback", ["id"],
                [
                    new("id", Integer), new("tenant", Text), new("event_id", Text), new("label", Small), new("note", Text), new("who", Text), new("at", Integer),
                    new("subject", Key, "coalesce(subject, zeroblob(16))"),
                ]) { Numbers = ("id", "SELECT max(id) FROM feedback") },
            new("audit", "audit", "audit", ["number"], [new("number", Integer), new("at", Integer), new("who", Text), new("what", Text), new("key_id", Integer), new("content", Bytes), new("hash", Bytes)]),
            new("subject_keys", "subject_keys", "subject_keys", ["id"], [new("id", Integer), new("subject", Key), new("key", Bytes)]) { Numbers = ("id", LastOf("subject_keys")) },
            new("api_keys", "api_keys", "keys", [], [new("name", Text), new("sha256", Bytes), new("scopes", Text), new("created_at", Integer), new("until", Integer)]),
            new("cursors", "cursors", "cursors", [], [new("source", Text), new("cursor", Text)]),
            new("outbox", "outbox", "outbox", ["id"],
                [
                    new("id", Integer), new("responder", Text), new("order_key", Text), new("kind", Text), new("idempotency_key", Text), new("subject", Key), new("payload", Bytes), new("created_at", Integer),
                    new("due_at", Integer), new("attempts", ColumnKind.Day), new("failure", Text), new("dead", ColumnKind.Flag), new("trace", Text),
                ]) { Numbers = ("id", LastOf("outbox")) },
            new("outbox_once", "outbox_once", "outbox_once", [], [new("key", Key), new("until", Integer), new("subject", Key)]),
            new("challenges", "challenges", "challenges", ["id"],
                [
                    new("id", Integer), new("issued_at", Integer), new("origin", Small), new("outcome", Small), new("failed", ColumnKind.Flag), new("label", Small), new("subject", Key), new("request", Key),
                    new("pair", Key), new("named_pair", Key), new("event", Key),
                ]),
            new("login_days", "login_days", "login_days", ["day"], [new("day", ColumnKind.Day), new("logins", Integer)]),
        ];
    }

    /// <summary>The highest id that a table ever gave out.</summary>
    public static string LastOf(string table) => $"SELECT seq FROM sqlite_sequence WHERE name = '{table}'";

    private static MovedTable State(string from, StateRowKind kind, IReadOnlyList<string> order, string halves, string seen) => new(
        from, "state_rows", from, order,
        [new("kind", Small, $"{(int)kind}"), new("key", ColumnKind.Halves, halves), new("version", Integer, "1"), new("seen", ColumnKind.Day, seen), new("body", Bytes)])
    {
        Where = $"kind = {(int)kind}",
    };
}
