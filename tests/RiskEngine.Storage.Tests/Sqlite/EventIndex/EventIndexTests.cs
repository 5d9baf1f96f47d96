using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Sqlite.EventIndex;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Sqlite.EventIndex;

/// <summary>Events are found whether their segment is full or not. One is 65,536 events, so these tests store a little more than that.</summary>
public sealed class EventIndexTests : IDisposable
{
    private const int Events = 67_000, Batch = 1000;

    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, 123, TimeSpan.Zero));

    /// <summary>The first, one in between, those at both sides of the end of a segment (numbers begin at 1), the last.</summary>
    private static readonly int[] Rare = [0, 30_000, EventSegment.Length - 2, EventSegment.Length - 1, EventSegment.Length, Events - 1];

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public EventIndexTests() => _path = _folder.File("store.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Events_are_found_on_both_sides_of_the_end_of_a_segment_before_and_after_a_restart()
    {
        await using (var store = Open())
        {
            await FillAsync(store);
            await AssertFoundAsync(store);
        }

        await using var again = Open();
        await AssertFoundAsync(again);
    }

    [Fact]
    public async Task Events_that_the_first_version_stored_are_found()
    {
        await using (var store = Open()) await FillAsync(store);
        FirstVersion.Restore(_path);
        await using var again = Open();
        await AssertFoundAsync(again);
    }

    [Fact]
    public async Task Entries_of_events_that_gave_way_give_way_with_them()
    {
        await using (var store = Open(keep: 1000))
        {
            await FillAsync(store);
            for (var i = 0; i < 64 * 40; i++) await new UnitOfWork(store.Hash).Login($"late-{i}", Now).RunAsync(store);
            Assert.Null(await store.FindEventAsync("default", "e0", CancellationToken.None));
            Assert.NotNull(await store.FindEventAsync("default", "late-2559", CancellationToken.None));
        }

        using var database = SqliteDatabase.OpenForReading(_path);
        Assert.Equal(0, database.Number("SELECT count(*) FROM event_index"));
        Assert.InRange(database.Number("SELECT count(*) FROM events"), 1000, 3000);
    }

    [Fact]
    public void Values_that_differ_in_few_bits_are_spread_over_the_buckets()
    {
        var counts = new int[EventSegment.Buckets];
        for (var i = 0; i < EventSegment.Length; i++) counts[EventSegment.BucketOf(0xFFFF_0A00_0000UL + (uint)i)]++;
        Assert.InRange(counts.Max(), 1, 3 * EventSegment.Length / EventSegment.Buckets);
    }

    private static async Task AssertFoundAsync(SqliteStateStore store)
    {
        var known = new UnitOfWork(store.Hash);
        foreach (var number in Rare) known.Login($"e{number}", Now, "rare").Login($"new-{number}", Now, "rare");
        await known.LoadAsync(store);
        for (var i = 0; i < known.Batch.Count; i++) Assert.Equal(i % 2 == 0, known.View.Events.IsFound(known.View[i].Event));
        foreach (var number in Rare) Assert.Equal($"e{number}", (await store.FindEventAsync("default", $"e{number}", CancellationToken.None))!.EventId);
        Assert.Null(await store.FindEventAsync("default", "new-0", CancellationToken.None));

        var expected = Rare.Reverse().Select(number => $"e{number}").ToArray();
        Assert.Equal(expected, await FindAsync(store, new AssessmentQuery { Subject = known.View[0].SubjectKey, Limit = 4 }));
        Assert.Equal(expected, await FindAsync(store, new AssessmentQuery { Address = IpAddress.Parse("198.51.100.1"), Limit = 5 }));
        Assert.Empty(await FindAsync(store, new AssessmentQuery { Address = IpAddress.Parse("198.51.100.2") }));
    }

    private static async Task<IReadOnlyList<string>> FindAsync(SqliteStateStore store, AssessmentQuery query)
    {
        List<string> found = [];
        do
        {
            var page = await store.FindAssessmentsAsync(query, CancellationToken.None);
            found.AddRange(page.Items.Select(item => item.EventId));
            query = query with { Cursor = page.Next };
        }
        while (query.Cursor is not null);
        return found;
    }

    private static async Task FillAsync(SqliteStateStore store)
    {
        for (var start = 0; start < Events; start += Batch)
        {
            var work = new UnitOfWork(store.Hash);
            for (var i = start; i < start + Batch; i++)
            {
                var isRare = Rare.Contains(i);
                work.Login($"e{i}", Now, isRare ? "rare" : $"s{i % 50}", isRare ? "198.51.100.1" : "203.0.113.7");
            }

            await work.RunAsync(store);
        }
    }

    private SqliteStateStore Open(long keep = 50_000_000) =>
        SqliteStateStore.Open(new SqliteStoreSettings { Path = _path, Events = keep, JournalLength = 1 }, TimeProvider.System);
}
