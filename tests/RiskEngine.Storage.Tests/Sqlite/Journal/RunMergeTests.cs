using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Tests.Sqlite.Journal;

/// <summary>Several runs are read as one: each row once, the newest, in the order of the tables.</summary>
public sealed class RunMergeTests : IDisposable
{
    private readonly SomeRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(1 << 20)]
    public void The_newest_state_of_each_row_comes_once_and_in_order(int slice) => Assert.Equal(Expected(), Read(slice, (_, _) => { }));

    [Fact]
    public void Reading_anew_in_between_changes_nothing() => Assert.Equal(Expected(), Read(200, (merge, _) => merge.Renew()));

    [Fact]
    public void A_row_that_is_erased_in_between_does_not_come_any_more()
    {
        var expected = Expected();
        var erased = expected[^3];
        var read = Read(200, (merge, runs) =>
        {
            foreach (var run in runs) RunEraser.Erase(_runs.Database, run, erased.Kind, erased.Key);
            merge.Renew();
        });
        Assert.Equal(expected.Where(row => row != erased), read);
    }

    [Fact]
    public void However_many_runs_have_a_row_only_the_newest_is_read()
    {
        List<SortedRun> runs = [];
        for (byte age = 1; age <= 2 * RunCompactor.RunsPerPass; age++)
            runs.Insert(0, _runs.Write([(StateRowKind.Profile, 5, [age]), (StateRowKind.Profile, 1000 + (UInt128)age, [age]), (StateRowKind.Pair, (UInt128)(age / 3), [age])]));
        var read = Read(runs, 20, (_, _) => { });
        Assert.Equal([.. read.OrderBy(row => RowPosition.Of(row.Kind, row.Key))], read);
        Assert.Equal((byte)runs.Count, Assert.Single(read, row => row is { Kind: StateRowKind.Profile } && row.Key == 5).Mark);
        Assert.All(read.Where(row => row.Kind == StateRowKind.Pair), row => Assert.Equal(Math.Min(runs.Count, (3 * (int)row.Key) + 2), row.Mark));
        Assert.Equal(1 + runs.Count + (runs.Count / 3) + 1, read.Count);
    }

    [Fact]
    public void A_row_that_a_run_holds_which_stays_is_left_to_it()
    {
        List<SortedRun> runs =
        [
            _runs.Write([(StateRowKind.Profile, 1, [1]), (StateRowKind.Profile, 2, [1]), (StateRowKind.Pair, 1, [1])]),
            _runs.Write([(StateRowKind.Profile, 2, [2]), (StateRowKind.Profile, 3, [2])]),
            _runs.Write([(StateRowKind.Profile, 3, [3]), (StateRowKind.Profile, 4, [3]), (StateRowKind.Pair, 1, [3])]),
        ];
        runs.Reverse();
        Assert.Equal([(StateRowKind.Profile, 1, 1), (StateRowKind.Profile, 2, 2)], Read(runs, 1, (_, _) => { }, newest: runs[1].Number));
        Assert.Equal([(StateRowKind.Profile, 1, 1)], Read(runs, 1, (_, _) => { }, newest: runs[2].Number));
    }

    [Fact]
    public void A_run_without_rows_is_passed_over()
    {
        var empty = _runs.Write([]);
        var full = _runs.Write([(StateRowKind.Pair, 5, [9])]);
        Assert.Equal([(StateRowKind.Pair, (UInt128)5, (byte)9)], Read([full, empty], 100, (_, _) => { }));
    }

    [Fact]
    public void A_damaged_block_is_told()
    {
        var run = _runs.Write(SomeRuns.Rows(100, seed: 1, mark: 1));
        _runs.Database.Execute("UPDATE run_blocks SET rows = substr(rows, 1, length(rows) - 1)");
        Assert.Throws<FormatException>(() => Read([run], 1 << 20, (_, _) => { }));
    }

    /// <summary>Three runs: rows of all, rows of two, and rows of their own.</summary>
    private static List<(StateRowKind Kind, UInt128 Key, byte[] Body)>[] Generations()
    {
        var rows = SomeRuns.Rows(1200, seed: 1, mark: 0);
        List<(StateRowKind, UInt128, byte[])> Some(byte mark, Func<int, bool> isIn) => [.. rows.Where((_, i) => isIn(i)).Select(row => (row.Kind, row.Key, new[] { mark, row.Body[0] }))];
        return [Some(3, i => i % 2 == 0), Some(2, i => i % 3 == 0), Some(1, i => i < 600)];
    }

    private static List<(StateRowKind Kind, UInt128 Key, byte Mark)> Expected() =>
        [.. Generations().SelectMany(rows => rows).GroupBy(row => (row.Kind, row.Key)).Select(group => (group.Key.Kind, group.Key.Key, group.First().Body[0])).OrderBy(row => RowPosition.Of(row.Kind, row.Key))];

    private List<(StateRowKind Kind, UInt128 Key, byte Mark)> Read(int slice, Action<RunMerge, IReadOnlyList<SortedRun>> between)
    {
        var written = Generations().Reverse().Select(_runs.Write).ToList();
        written.Reverse();
        return Read(written, slice, between);
    }

    private List<(StateRowKind Kind, UInt128 Key, byte Mark)> Read(IReadOnlyList<SortedRun> runs, int slice, Action<RunMerge, IReadOnlyList<SortedRun>> between, long newest = long.MaxValue)
    {
        using var merge = new RunMerge(_runs.OpenReader(), runs, newest);
        var rows = new PendingRows();
        List<(StateRowKind, UInt128, byte)> read = [];
        for (merge.Fill(rows, slice); rows.Count > 0; merge.Fill(rows, slice))
        {
            for (var i = 0; i < rows.Count; i++) read.Add((rows[i].Kind, rows[i].Key, rows[i].Body[0]));
            between(merge, runs);
        }

        return read;
    }
}
