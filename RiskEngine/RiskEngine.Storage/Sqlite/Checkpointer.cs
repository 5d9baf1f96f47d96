using RiskEngine.Core.State;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Carries the write-ahead log over into the file, beside the writer, so that commits do not wait for thousands of pages all over the disk.</summary>
/// <remarks>
/// A pass beside the writer carries over what was there when it began, while the writer adds more. Passes follow each other until little is left; that the
/// writer carries over itself, upon which the log begins anew. Should the disk not keep up, the writer waits at four times that length: that is how a slow
/// disk is felt by those who send. It waits for a time only, and again after the next transaction: a disk that does not answer is counted and told each
/// time, and lets the log grow by one transaction. <see cref="AfterCommit"/> belongs to the writer's thread.
/// </remarks>
/// <param name="open">Opens a connection of its own.</param>
/// <param name="meter">Told of failures, under <see cref="StoreOperation.Prune"/>: nothing is lost by them, the log only grows.</param>
/// <param name="patience">How long to wait for a disk that does not answer.</param>
/// <param name="begin">Pages in the log from which it is carried over; 256 MiB unless told.</param>
internal sealed class Checkpointer(Func<SqliteDatabase> open, StoreMeter meter, TimeSpan patience, long begin = Checkpointer.Begin) : IDisposable
{
    /// <summary>Pages in the log from which it is carried over, 256 MiB, and as how many times as long the writer waits.</summary>
    public const long Begin = 65_536, Longest = 4;

    /// <summary>What the writer does itself is this part of where it begins.</summary>
    private const long PartOfWriter = 32;

    private SqliteDatabase? _database;
    private Task? _pass;
    private long _pages;
    private long _pagesOfPass;

    /// <summary>Begins or ends what is due, after a transaction of the writer.</summary>
    public void AfterCommit(SqliteDatabase writer)
    {
        _pages += writer.TakePagesWritten();
        if (_pages < begin) return;
        if (_pages >= Longest * begin) AwaitPass();
        if (_pass is { IsCompleted: false }) return;
        var left = _pass is null ? _pages : _pages - _pagesOfPass;
        if (left <= begin / PartOfWriter || _pages >= Longest * begin) Finish(writer);
        else (_pass, _pagesOfPass) = (Task.Run(Pass), _pages);
    }

    /// <summary>Waits for a pass under way; one that does not end keeps its connection until it does.</summary>
    public void Dispose()
    {
        if (AwaitPass()) _database?.Dispose();
        else _ = _pass!.ContinueWith(_ => _database?.Dispose(), TaskScheduler.Default);
    }

    private bool AwaitPass()
    {
        if (_pass is null || _pass.Wait(patience)) return true;
        meter.NoteFailure(StoreOperation.Prune, new StateStoreException($"Carrying the log over into the store's file has not ended for {patience.TotalSeconds:N0} s, and the log is {_pages} pages long. See to the disk."));
        return false;
    }

    private void Finish(SqliteDatabase writer)
    {
        _pass = null;
        // A reader may keep some of it from being carried over, and the disk all of it: tried again when as much has come together once more.
        _pages = 0;
        try
        {
            writer.CheckpointAndRestart();
        }
        catch (SqliteFailureException exception)
        {
            meter.NoteFailure(StoreOperation.Prune, exception);
        }
    }

    private void Pass()
    {
        try
        {
            (_database ??= open()).Checkpoint();
        }
        catch (Exception exception)
        {
            meter.NoteFailure(StoreOperation.Prune, exception);
        }
    }
}
