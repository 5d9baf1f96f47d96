using System.Runtime.InteropServices;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Sqlite.Migrations;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Sqlite.Journal;

/// <summary>Rows reach the disk through the journal: none is lost on the way, and the newest counts.</summary>
public sealed class StateJournalTests : IDisposable
{
    private const long Never = 1 << 30, AtOnce = 1;

    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, 123, TimeSpan.Zero));

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public StateJournalTests() => _path = _folder.File("store.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rows_that_wait_in_the_journal_are_found_after_a_restart()
    {
        await LogInAsync(Never, "a", "b");
        Assert.Equal((2, 0), Lengths());
        Assert.Equal(2u, await LoginsAsync(Never));
    }

    [Fact]
    public async Task Rows_are_carried_over_into_their_tables_and_removed_from_the_journal()
    {
        await LogInAsync(AtOnce, "a", "b");
        Assert.Equal((0, 1), Lengths());
        Assert.Equal(2u, await LoginsAsync(Never));
    }

    [Fact]
    public async Task What_a_restart_found_in_the_journal_is_carried_over_too()
    {
        await LogInAsync(Never, "a", "b");
        await LogInAsync(AtOnce, "c");
        Assert.Equal((0, 1), Lengths());
        Assert.Equal(3u, await LoginsAsync(Never));
    }

    [Fact]
    public async Task The_journal_is_newer_than_the_tables()
    {
        await LogInAsync(AtOnce, "a", "b");
        await LogInAsync(Never, "c", "d", "e");
        Assert.Equal((3, 1), Lengths());
        Assert.Equal(5u, await LoginsAsync(Never));
    }

    [Fact]
    public async Task Of_rows_that_wait_in_the_journal_more_than_once_a_restart_finds_the_newest()
    {
        await LogInAsync(AtOnce, "a");
        var before = await RowsAsync("b", "c", "d");
        Assert.Equal(before, await RowsAsync());
        Assert.Equal((3, 1), Lengths());

        // Every row that the login of one person changes, as text.
        async Task<string> RowsAsync(params string[] ids)
        {
            await using var store = Open(Never);
            foreach (var id in ids) await new UnitOfWork(store.Hash).Login(id, Now).RunAsync(store);
            var view = (await new UnitOfWork(store.Hash).Login("x", Now).LoadAsync(store)).View;
            return string.Join('\n',
                Convert.ToHexString(view.Profiles.Used(0)), Text(view.Reputation), Text(view.Pairs), Text(view.Names), Text(view.Skeletons));
        }

        static string Text<TRow>(RowSet<TRow> rows)
            where TRow : struct => string.Join(' ', Enumerable.Range(0, rows.Count).Select(slot => Convert.ToHexString(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref rows.Row(slot), 1)))));
    }

    [Fact]
    public async Task Rows_are_carried_over_in_slices_while_others_arrive()
    {
        await using (var store = Open(400_000))
        {
            for (var batch = 0; batch < 60; batch++)
            {
                var work = new UnitOfWork(store.Hash);
                for (var i = 0; i < 100; i++) work.Login($"{batch}-{i}", Now, $"s{((batch * 37) + i) % 900}", $"203.0.{i}.{batch}");
                await work.RunAsync(store);
            }
        }

        Assert.InRange(Lengths().Tables, 100, 900);
        await using var again = Open(Never);
        var all = new UnitOfWork(again.Hash);
        for (var i = 0; i < 900; i++) all.Login("x", Now, $"s{i}");
        await all.LoadAsync(again);
        var found = 0u;
        for (var i = 0; i < 900; i++) found += all.View.Profiles.Profile(all.View[i].Subject).Header.Logins;
        Assert.Equal(6000u, found);
        Assert.Equal(900, (await again.StatisticsAsync(CancellationToken.None)).Subjects);
    }

    [Fact]
    public async Task A_failure_while_carrying_over_loses_nothing_and_is_over_when_the_disk_is_back()
    {
        await LogInAsync(Never, "a", "b");
        await using var store = Open(AtOnce);
        Execute("CREATE TRIGGER broken BEFORE INSERT ON profiles BEGIN SELECT RAISE (ABORT, 'disk full'); END");
        await Assert.ThrowsAsync<StateStoreException>(() => new UnitOfWork(store.Hash).Login("lost", Now).RunAsync(store));
        var view = (await new UnitOfWork(store.Hash).Login("x", Now).LoadAsync(store)).View;
        Assert.Equal(2u, view.Profiles.Profile(0).Header.Logins);
        Execute("DROP TRIGGER broken");
        await new UnitOfWork(store.Hash).Login("c", Now).RunAsync(store);
        Assert.Equal((0, 1), Lengths());
        Assert.Equal(3u, (await new UnitOfWork(store.Hash).Login("x", Now).LoadAsync(store)).View.Profiles.Profile(0).Header.Logins);
    }

    [Fact]
    public async Task Rows_are_counted_wherever_they_are()
    {
        await LogInAsync(Never, "a", "b");
        await LogInAsync(AtOnce, "c");
        await using var store = Open(Never);
        await new UnitOfWork(store.Hash).Login("d", Now, "somebody else", "198.51.100.1").RunAsync(store);
        var statistics = await store.StatisticsAsync(CancellationToken.None);
        Assert.Equal((2, 6), (statistics.Subjects, statistics.Addresses)); // Two addresses, two networks, one autonomous system, the fleet.
    }

    [Theory]
    [InlineData("X'01'")]
    [InlineData("X'09' || zeroblob(17)")]
    public async Task A_damaged_journal_is_refused(string body)
    {
        await LogInAsync(Never, "a");
        Execute($"INSERT INTO journal (number, body) VALUES (100, CAST({body} AS BLOB))");
        Assert.Contains("journal of rows is damaged", Assert.Throws<StateStoreException>(() => Open(Never)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_of_the_first_version_is_brought_up_to_date()
    {
        await LogInAsync(AtOnce, "a", "b");
        FirstVersion.Restore(_path);
        Assert.Equal(2u, await LoginsAsync(Never));
        await using var store = Open(Never);
        var statistics = await store.StatisticsAsync(CancellationToken.None);
        Assert.Equal((1, 4), (statistics.Subjects, statistics.Addresses));
        using var database = SqliteDatabase.OpenForReading(_path);
        Assert.Equal(Migration.Latest, database.Number("PRAGMA user_version"));
    }

    [Fact]
    public async Task Rows_that_a_build_of_before_stored_plain_and_shorter_are_read_from_their_tables()
    {
        await LogInAsync(AtOnce, "a", "b");
        using (var database = SqliteDatabase.OpenForWriting(_path))
        {
            var room = new byte[SubjectProfile.MaxLength];
            foreach (var (id, body) in database.Query("SELECT id, body FROM profiles", row => (row.Integer(0), row.Blob(1).ToArray())))
            {
                Assert.True(PackedProfile.TryRead(body, room));
                database.Execute("UPDATE profiles SET body = ? WHERE id = ?", room[..new SubjectProfile(room).UsedLength], id);
            }

            foreach (var (high, low, body) in database.Query("SELECT high, low, body FROM reputation", row => (row.Integer(0), row.Integer(1), row.Blob(2).ToArray())))
            {
                Assert.True(StoredRow.TryRead<ReputationRow>(body, out var row));
                // The last field came later.
                var plain = MemoryMarshal.AsBytes(new ReadOnlySpan<ReputationRow>(in row))[..^8].ToArray();
                database.Execute("UPDATE reputation SET body = ? WHERE high = ? AND low = ?", plain, high, low);
            }

            database.Execute("DROP TABLE outbox; DROP TABLE outbox_once; DROP TABLE challenges; DROP TABLE login_days; PRAGMA user_version = 7");
        }

        await using var store = Open(Never);
        var view = (await new UnitOfWork(store.Hash).Login("x", Now).LoadAsync(store)).View;
        Assert.Equal(2u, view.Profiles.Profile(0).Header.Logins);
        Assert.True(view.Reputation.IsFound(view[0].Address));
        Assert.Equal(2, view.Reputation.Row(view[0].Address).Failures.Value, 3);
    }

    private SqliteStateStore Open(long journalLength) => SomeSqliteStore.At(_path, TimeProvider.System, journalLength: journalLength);

    private async Task LogInAsync(long journalLength, params string[] ids)
    {
        await using var store = Open(journalLength);
        foreach (var id in ids) await new UnitOfWork(store.Hash).Login(id, Now).RunAsync(store);
    }

    private async Task<uint> LoginsAsync(long journalLength)
    {
        await using var store = Open(journalLength);
        return (await new UnitOfWork(store.Hash).Login("x", Now).LoadAsync(store)).View.Profiles.Profile(0).Header.Logins;
    }

    /// <summary>Units in the journal, and profiles in their table.</summary>
    private (long Journal, long Tables) Lengths()
    {
        using var database = SqliteDatabase.OpenForReading(_path);
        return (database.Number("SELECT count(*) FROM journal"), database.Number("SELECT count(*) FROM profiles"));
    }

    private void Execute(string sql)
    {
        using var database = SqliteDatabase.OpenForWriting(_path);
        database.Execute(sql);
    }
}
