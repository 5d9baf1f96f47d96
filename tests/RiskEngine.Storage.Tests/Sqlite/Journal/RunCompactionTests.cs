using RiskEngine.Storage.Records;
using RiskEngine.Storage.Sqlite.Erasure;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Tests.Sqlite.Journal;

/// <summary>The journal becomes runs, runs are carried over into the tables many at a time, and nothing of them is left.</summary>
public sealed class RunCompactionTests : IDisposable
{
    private const int Limit = 20_000;

    private readonly SomeRuns _file = new();
    private readonly SortedRuns _published = new();
    private StateJournal _journal;
    private long _commit;

    public RunCompactionTests() => _journal = Open();

    public void Dispose()
    {
        _journal.Dispose();
        _file.Dispose();
    }

    [Fact]
    public void A_full_journal_becomes_a_run_and_is_emptied()
    {
        Fill(transactions: 30, seed: 1);
        Assert.NotEmpty(_published.Current);
        Assert.InRange(Count("journal"), 1, 29);
        Assert.Equal(0, Count("profiles"));
    }

    [Fact]
    public void Few_rows_go_into_their_tables_at_once()
    {
        for (var i = 0; i < 200; i++) Transact(SomeRuns.Rows(20, seed: 1, mark: (byte)i));
        Assert.Empty(_published.Current);
        Assert.Equal((5, 0), (Count("profiles"), Count("run_blocks")));
    }

    [Fact]
    public void A_store_that_rests_has_no_runs_and_every_row_in_its_newest_state()
    {
        Fill(transactions: 200, seed: 1);
        Fill(transactions: 37, seed: 1, mark: 2);
        Rest();
        Assert.Equal((0, 0, 0), (_published.Current.Length, Count("runs"), Count("run_blocks")));
        Assert.Equal(37 * 5, _file.Database.Number("SELECT count(*) FROM profiles WHERE substr(body, 1, 1) = x'02'"));
        Assert.Equal(163 * 5, _file.Database.Number("SELECT count(*) FROM profiles WHERE substr(body, 1, 1) = x'01'"));
        Assert.Equal(200 * 5, Count("skeletons"));
    }

    [Fact]
    public void However_fast_rows_come_there_are_never_many_more_runs_than_are_carried_over_at_once()
    {
        var most = 0;
        for (var i = 0; i < 3000; i++)
        {
            Transact(SomeRuns.Rows(20, seed: i % 400, mark: 1));
            most = Math.Max(most, _published.Current.Length);
        }

        Assert.InRange(most, RunCompactor.RunsPerPass + RunCompactor.NewerRuns, (2 * RunCompactor.RunsPerPass) + 1);
    }

    [Fact]
    public void A_row_that_changes_all_the_time_is_carried_over_once_there_is_rest()
    {
        const int Often = 7_000_000, Transactions = 600;
        for (var i = 0; i < Transactions; i++) Transact([(StateRowKind.Profile, Often, [(byte)(i % 100)]), .. SomeRuns.Rows(20, seed: i, mark: 200)]);
        Assert.InRange(Count("profiles"), 1, Transactions * 5);
        Assert.Equal(0, _file.Database.Number("SELECT count(*) FROM profiles WHERE id = ?", (long)Often));
        Rest();
        Assert.Equal((Transactions * 5) + 1, Count("profiles"));
        Assert.Equal(1, _file.Database.Number("SELECT count(*) FROM profiles WHERE id = ? AND body = ?", (long)Often, new byte[] { (Transactions - 1) % 100 }));
    }

    [Fact]
    public void What_was_begun_while_the_store_rested_waits_while_it_works()
    {
        const int Long = 100_000, MoreThanOneSlice = 300;
        _journal.Dispose();
        _journal = new StateJournal(_file.Database, _file.OpenReader, _published, Long, smallestRun: 10_000);
        Fill(MoreThanOneSlice, seed: 1);
        CarryOverIdle();
        var carried = InTables();
        Assert.InRange(_published.Current.Length, 1, RunCompactor.RunsPerPass - 1);
        Fill(transactions: 40, seed: 1000);
        Assert.Equal(carried, InTables());
        Rest();
        Assert.Equal((MoreThanOneSlice + 40) * 5, Count("pairs"));
    }

    [Fact]
    public void What_a_crash_left_of_a_run_is_not_seen_and_goes()
    {
        Fill(transactions: 30, seed: 1);
        var next = RunWriter.NextNumber(_file.Database);
        _file.Database.Execute("INSERT INTO run_blocks (place, rows) VALUES (?, x'FF'), (?, x'FF')", SortedRun.PlaceOf(next, 0), SortedRun.PlaceOf(next, 5000));
        Reopen();
        Fill(transactions: 60, seed: 100);
        Rest();
        Assert.Equal((0, 90 * 5), (Count("run_blocks"), Count("profiles")));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(143)]
    public void Closed_and_opened_at_any_time_no_row_is_lost(int every)
    {
        for (var i = 0; i < 300; i++)
        {
            Transact(SomeRuns.Rows(20, seed: i, mark: 1));
            if (i % every == 0) Reopen();
        }

        Rest();
        Assert.Equal((300 * 5, 300 * 5), (Count("profiles"), Count("pairs")));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(40)]
    [InlineData(130)]
    [InlineData(200)]
    [InlineData(210)]
    public void A_row_that_is_erased_comes_back_from_nowhere(int transactions)
    {
        Fill(transactions, seed: 1);
        var gone = SomeRuns.Rows(20, seed: transactions / 2, mark: 1)[0];
        Begin();
        var inJournal = _journal.Erase([(gone.Kind, gone.Key)]).Count == 1;
        var inTables = StateRemoval.Remove(_file.Database, gone.Kind, gone.Key);
        _journal.CarryOver(1, isIdle: false);
        Commit();
        Assert.True(inJournal || inTables);
        Fill(transactions: 20, seed: 1000);
        Rest();
        Assert.Equal(0, _file.Database.Number("SELECT count(*) FROM profiles WHERE id = ?", (long)(ulong)gone.Key));
        Assert.Equal(((transactions + 20) * 5) - 1, Count("profiles"));
    }

    [Fact]
    public void A_row_that_a_start_found_in_the_journal_can_be_erased_at_once()
    {
        Fill(transactions: 3, seed: 1);
        Reopen();
        var gone = SomeRuns.Rows(20, seed: 2, mark: 1)[0];
        Begin();
        Assert.Equal([gone.Key], _journal.Erase([(gone.Kind, gone.Key)]));
        Commit();
        Rest();
        Assert.Equal((3 * 5) - 1, Count("profiles"));
    }

    [Fact]
    public void What_comes_before_the_journal_of_before_is_read_is_newer_than_it()
    {
        Transact(SomeRuns.Rows(20, seed: 1, mark: 1));
        Transact(SomeRuns.Rows(20, seed: 2, mark: 1));
        Reopen();
        Transact(SomeRuns.Rows(20, seed: 1, mark: 2));
        Fill(transactions: 60, seed: 100);
        Rest();
        Assert.Equal(5, _file.Database.Number("SELECT count(*) FROM profiles WHERE substr(body, 1, 1) = x'02'"));
        Assert.Equal(61 * 5, _file.Database.Number("SELECT count(*) FROM profiles WHERE substr(body, 1, 1) = x'01'"));
    }

    [Fact]
    public void The_journal_holds_two_fills_at_most_however_slowly_it_is_sorted()
    {
        // Long enough to be sorted beside the writer. The length counts the rows without their keys, and the last unit may go beyond it.
        const int Long = 100_000, WithKeys = 125_000, Unit = 15_000;
        _journal.Dispose();
        _journal = new StateJournal(_file.Database, _file.OpenReader, _published, Long, smallestRun: 10_000);
        var most = 0L;
        for (var i = 0; i < 400; i++)
        {
            Transact(SomeRuns.Rows(20, seed: i, mark: 1));
            most = Math.Max(most, _file.Database.Number("SELECT sum(length(body)) FROM journal"));
        }

        Assert.InRange(most, Long, 2 * (WithKeys + Unit));
    }

    private StateJournal Open() => new(_file.Database, _file.OpenReader, _published, Limit, smallestRun: 10_000);

    private void Reopen()
    {
        _journal.Dispose();
        _journal = Open();
    }

    /// <summary>Transactions of twenty rows each, with keys of their own: some 4 KB.</summary>
    private void Fill(int transactions, int seed, byte mark = 1)
    {
        for (var i = 0; i < transactions; i++) Transact(SomeRuns.Rows(20, seed + i, mark));
    }

    private void Transact(IEnumerable<(StateRowKind Kind, UInt128 Key, byte[] Body)> rows)
    {
        var unit = new ByteBuffer();
        foreach (var (kind, key, body) in rows) StateRow.Write(unit, kind, key, body);
        Begin();
        _journal.Append(unit.Written, ++_commit);
        _journal.CarryOver(1, isIdle: false);
        Commit();
    }

    private void Rest()
    {
        // What is shorter than the least that is worth carrying over stays in the journal; a journal of one byte has no such rest.
        _journal.Dispose();
        _journal = new StateJournal(_file.Database, _file.OpenReader, _published, 1, smallestRun: 1 << 20);
        while (Count("journal") + Count("run_blocks") + Count("runs") > 0) CarryOverIdle();
    }

    private void CarryOverIdle()
    {
        Begin();
        _journal.CarryOver(1, isIdle: true);
        Commit();
    }

    private void Begin() => _file.Database.Execute("BEGIN IMMEDIATE");

    private void Commit()
    {
        _file.Database.Execute("COMMIT");
        _journal.NoteCommitted();
        _journal.ReadEarlier();
    }

    private long InTables() => RowTables.Keyed.Sum(kind => Count(RowTables.NameOf(kind)));

    private long Count(string table) => _file.Database.Number($"SELECT count(*) FROM {table}");
}
