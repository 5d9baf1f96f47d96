using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Storage.Tests.Sqlite;

public sealed class CheckpointerTests : IDisposable
{
    private const int Begin = 50, PagesPerTransaction = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly StoreMeter _meter = new("sqlite", TimeProvider.System);
    private readonly string _path;

    public CheckpointerTests() => _path = _folder.File("any.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_log_begins_anew_however_much_is_written()
    {
        using var writer = OpenWriter();
        using (var checkpointer = new Checkpointer(() => SqliteDatabase.OpenForWriting(_path), _meter, Patience, Begin)) Write(writer, checkpointer, 200);
        Assert.InRange(LogPages, 1, (4 * Begin) + (2 * PagesPerTransaction));
        Assert.Equal(0, _meter.Errors(StoreOperation.Prune));
    }

    [Fact]
    public void A_failure_is_counted_and_the_writer_goes_on()
    {
        using var writer = OpenWriter();
        using (var checkpointer = new Checkpointer(() => throw new SqliteFailureException(1, "no connection"), _meter, Patience, Begin)) Write(writer, checkpointer, 200);
        Assert.True(_meter.Errors(StoreOperation.Prune) > 0);
        Assert.Equal(200 * PagesPerTransaction, writer.Number("SELECT count(*) FROM t"));
        Assert.InRange(LogPages, 1, (4 * Begin) + (2 * PagesPerTransaction));
    }

    [Fact]
    public void A_disk_that_does_not_answer_is_told_and_the_writer_goes_on()
    {
        using var writer = OpenWriter();
        using var answer = new ManualResetEventSlim();
        SqliteDatabase Open()
        {
            answer.Wait();
            return SqliteDatabase.OpenForWriting(_path);
        }

        using (var checkpointer = new Checkpointer(Open, _meter, TimeSpan.FromMilliseconds(1), Begin))
        {
            Write(writer, checkpointer, 40);
            Assert.Equal(40 * PagesPerTransaction, writer.Number("SELECT count(*) FROM t"));
            Assert.True(_meter.Errors(StoreOperation.Prune) > 0);
            answer.Set();
        }
    }

    [Fact]
    public void What_did_not_answer_is_used_again_when_it_does()
    {
        using var writer = OpenWriter();
        using var answer = new ManualResetEventSlim();
        var passes = 0;
        SqliteDatabase Open()
        {
            passes++;
            answer.Wait();
            return SqliteDatabase.OpenForWriting(_path);
        }

        using var late = new Checkpointer(Open, _meter, Patience, Begin);
        Write(writer, late, Begin / PagesPerTransaction);
        answer.Set();
        Write(writer, late, 200);
        Assert.Equal((1, 0), (passes, _meter.Errors(StoreOperation.Prune)));
        Assert.InRange(LogPages, 1, (4 * Begin) + (2 * PagesPerTransaction));
    }

    [Fact]
    public void The_log_of_a_store_is_not_cut_as_long_as_it_is_no_longer_than_it_may_become()
    {
        using var file = SqliteFile.Open(_path);
        using var writer = file.OpenWriter();
        file.EndOpening();
        Assert.InRange(writer.Number("PRAGMA journal_size_limit"), Checkpointer.Longest * Checkpointer.Begin * SqliteFile.PageSize, 2 * Checkpointer.Longest * Checkpointer.Begin * SqliteFile.PageSize);
    }

    private long LogPages => new FileInfo(_path + "-wal").Length / SqliteFile.PageSize;

    private static void Write(SqliteDatabase writer, Checkpointer checkpointer, int transactions)
    {
        for (var i = 0; i < transactions; i++)
        {
            writer.Execute("BEGIN");
            for (var row = 0; row < PagesPerTransaction; row++) writer.Execute("INSERT INTO t VALUES (zeroblob(3900))");
            writer.Execute("COMMIT");
            checkpointer.AfterCommit(writer);
        }
    }

    private SqliteDatabase OpenWriter()
    {
        var database = SqliteDatabase.OpenForWriting(_path, create: true);
        database.Execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (body BLOB)");
        database.TakePagesWritten();
        return database;
    }
}
