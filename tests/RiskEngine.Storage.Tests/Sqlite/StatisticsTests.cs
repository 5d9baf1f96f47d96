using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Storage.Tests.Sqlite;

public sealed class StatisticsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Counting_the_events_looks_at_both_ends_of_the_table_and_not_at_what_lies_between()
    {
        var path = _folder.File("store.db");
        await SomeSqliteStore.At(path, TimeProvider.System).DisposeAsync();
        using var database = SqliteDatabase.OpenForReading(path);

        var plan = database.Query("EXPLAIN QUERY PLAN " + SqliteReader.CountEvents, row => row.Text(3));

        Assert.Equal(2, plan.Count(step => step.Contains("SEARCH events", StringComparison.Ordinal)));
        Assert.DoesNotContain(plan, step => step.Contains("SCAN events", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void The_events_between_the_ends_are_counted_with_them(int events)
    {
        using var database = SqliteDatabase.OpenForWriting(_folder.File("events.db"), create: true);
        database.Execute("CREATE TABLE events (seq INTEGER PRIMARY KEY)");
        for (var seq = 0; seq < events; seq++) database.Execute("INSERT INTO events (seq) VALUES (?)", 100 + seq);

        Assert.Equal(events, database.Number(SqliteReader.CountEvents));
    }
}
