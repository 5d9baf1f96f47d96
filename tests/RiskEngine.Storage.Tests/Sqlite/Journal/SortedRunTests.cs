using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Tests.Sqlite.Journal;

public sealed class SortedRunTests : IDisposable
{
    private readonly SomeRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public void Every_row_is_found_and_hardly_any_other_is_looked_for()
    {
        var rows = SomeRuns.Rows(4000, seed: 1, mark: 1);
        var run = _runs.Write(rows);
        Assert.Equal((4000, true), (run.Rows, run.Blocks > 50));
        foreach (var (kind, key, body) in rows) Assert.Equal(body, _runs.Find(run, kind, key));
        var others = SomeRuns.Rows(20_000, seed: 2, mark: 2).Skip(4000).ToList();
        Assert.All(others, row => Assert.Null(_runs.Find(run, row.Kind, row.Key)));
        Assert.InRange(others.Count(row => run.Find(row.Kind, row.Key) >= 0), 0, others.Count / 300);
    }

    [Fact]
    public void A_key_is_one_of_its_own_kind_only()
    {
        var run = _runs.Write([(StateRowKind.Profile, 7, [1]), (StateRowKind.Pair, 8, [2])]);
        Assert.NotNull(_runs.Find(run, StateRowKind.Profile, 7));
        Assert.Null(_runs.Find(run, StateRowKind.Pair, 7));
        Assert.Null(_runs.Find(run, StateRowKind.Profile, new UInt128(1, 7)));
    }

    [Fact]
    public void A_block_is_no_longer_than_a_page_unless_one_row_is()
    {
        _runs.Write(SomeRuns.Rows(4000, seed: 1, mark: 1));
        Assert.Equal(0, _runs.Database.Number("SELECT count(*) FROM run_blocks WHERE length(rows) > ?", 5100));
        Assert.InRange(_runs.Database.Number($"SELECT count(*) FROM run_blocks WHERE length(rows) > {RunBlock.Capacity}"), 1, 40);
        Assert.InRange(_runs.Database.Number("SELECT avg(length(rows)) FROM run_blocks"), 3600, RunBlock.Capacity);
    }

    [Fact]
    public void The_block_of_a_position_is_the_last_that_does_not_begin_after_it()
    {
        RowPosition[] firsts = [new(StateRowKind.Profile, -5, 0), new(StateRowKind.Profile, 3, 9), new(StateRowKind.Pair, -9, 0)];
        var run = new SortedRun(1, 3, SortedRun.EmptyFilter(3), firsts);
        Assert.Equal(-1, run.BlockOf(new(StateRowKind.Profile, -6, 0)));
        Assert.Equal(0, run.BlockOf(new(StateRowKind.Profile, -5, 0)));
        Assert.Equal(0, run.BlockOf(new(StateRowKind.Profile, 3, 8)));
        Assert.Equal(1, run.BlockOf(new(StateRowKind.Profile, 3, 9)));
        Assert.Equal(1, run.BlockOf(new(StateRowKind.Reputation, 100, 0)));
        Assert.Equal(2, run.BlockOf(new(StateRowKind.Skeleton, 0, 0)));
    }

    [Fact]
    public void A_directory_comes_back_as_it_was_written()
    {
        var rows = SomeRuns.Rows(1000, seed: 1, mark: 1);
        var run = _runs.Write(rows);
        var again = Assert.Single(SortedRuns.Read(_runs.Database));
        Assert.Equal((run.Number, run.Rows, run.Blocks), (again.Number, again.Rows, again.Blocks));
        Assert.All(rows, row => Assert.Equal(run.Find(row.Kind, row.Key), again.Find(row.Kind, row.Key)));
    }

    [Fact]
    public void A_damaged_directory_is_refused()
    {
        var directory = _runs.Write(SomeRuns.Rows(100, seed: 1, mark: 1)).ToBytes();
        Assert.Throws<FormatException>(() => SortedRun.Read(1, []));
        Assert.Throws<FormatException>(() => SortedRun.Read(1, directory.AsSpan(..^1)));
        Assert.Throws<FormatException>(() => SortedRun.Read(1, [1, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0])); // A filter of nine bytes.
    }

    [Fact]
    public void A_row_that_is_erased_is_gone_from_block_and_directory_and_all_others_stay()
    {
        var rows = SomeRuns.Rows(400, seed: 1, mark: 1);
        var run = _runs.Write(rows);
        for (var i = 0; i < rows.Count; i += 2)
        {
            run = RunEraser.Erase(_runs.Database, run, rows[i].Kind, rows[i].Key) ?? throw new Xunit.Sdk.XunitException("The row was not found.");
            Assert.Null(RunEraser.Erase(_runs.Database, run, rows[i].Kind, rows[i].Key));
        }

        var again = Assert.Single(SortedRuns.Read(_runs.Database));
        for (var i = 0; i < rows.Count; i++)
        {
            var found = _runs.Find(again, rows[i].Kind, rows[i].Key);
            if (i % 2 == 0) Assert.Null(found);
            else Assert.Equal(rows[i].Body, found);
        }
    }

    [Fact]
    public void Only_a_row_that_is_the_first_of_its_block_changes_the_directory()
    {
        var run = _runs.Write([(StateRowKind.Profile, 1, [1]), (StateRowKind.Profile, 2, [2]), (StateRowKind.Profile, 3, [3])]);
        _runs.Database.Execute("CREATE TRIGGER changed BEFORE UPDATE ON runs BEGIN SELECT RAISE (ABORT, 'changed'); END");
        Assert.Same(run, RunEraser.Erase(_runs.Database, run, StateRowKind.Profile, 2));
        Assert.Throws<SqliteFailureException>(() => RunEraser.Erase(_runs.Database, run, StateRowKind.Profile, 1));
    }

    [Fact]
    public void An_empty_block_does_not_keep_the_key_of_a_row_behind_it_that_is_erased_later()
    {
        var run = _runs.Write([.. Enumerable.Range(1, 4).Select(i => (StateRowKind.Profile, (UInt128)i, new byte[RunBlock.Capacity - 100]))]);
        Assert.Equal(4, run.Blocks);
        foreach (var key in new UInt128[] { 1, 2, 3 }) run = RunEraser.Erase(_runs.Database, run, StateRowKind.Profile, key)!;
        Assert.All(Enumerable.Range(0, 4), block => Assert.Equal(RowPosition.Of(StateRowKind.Profile, 4), run.First(block)));
        Assert.NotNull(_runs.Find(run, StateRowKind.Profile, 4));
    }

    [Fact]
    public void A_run_may_lose_all_of_its_rows()
    {
        var rows = SomeRuns.Rows(60, seed: 1, mark: 1);
        var run = _runs.Write(rows);
        foreach (var (kind, key, _) in rows) run = RunEraser.Erase(_runs.Database, run, kind, key)!;
        Assert.Equal(0, _runs.Database.Number("SELECT count(*) FROM run_blocks"));
        Assert.All(rows, row => Assert.Null(_runs.Find(run, row.Kind, row.Key)));
    }
}
