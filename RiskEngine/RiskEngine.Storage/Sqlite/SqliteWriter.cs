using RiskEngine.Core.State;

namespace RiskEngine.Storage.Sqlite;

/// <summary>The one thread that writes: everything that waits goes into one transaction, so that many small commits share one flush to the disk.</summary>
/// <remarks>
/// When a transaction fails, for whatever reason, every item in it and every item behind it fails, <paramref name="fallBack"/> makes the memory what the
/// disk is, and a new connection is opened. While that does not succeed it is tried again every second and with every item, and items fail at once.
/// </remarks>
/// <param name="open">Opens a connection.</param>
/// <param name="checkpointer">Told of each transaction.</param>
/// <param name="meter">Told of each transaction as a flush.</param>
/// <param name="time">Measures.</param>
/// <param name="queue">Where items come from.</param>
/// <param name="housekeeping">What to do now and then beside the items.</param>
/// <param name="stored">Called when the rows of commits up to a number have been carried over.</param>
/// <param name="settled">Called after a transaction, whatever became of it, once an earlier one had something in it or a few had nothing: what can wait begins then, behind the first answer.</param>
/// <param name="fallBack">Called after a failure; empties the queue into the list given and reads the durable state.</param>
internal sealed class SqliteWriter(
    Func<SqliteSession> open, Checkpointer checkpointer, StoreMeter meter, TimeProvider time, WorkQueue queue, WorkItem housekeeping, Action<long> stored, Action settled, Action<List<WorkItem>> fallBack) : IDisposable
{
    private const int TransactionsPerHousekeeping = 64;

    /// <summary>Transactions with nothing in them, one a second, after which what can wait begins although nothing is written.</summary>
    private const int QuietTransactions = 5;

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(1);

    private readonly List<WorkItem> _items = [];
    private SqliteSession? _session = open();
    private Thread? _thread;
    private int _transactions;
    private int _quietLeft = QuietTransactions;

    public void Start()
    {
        _thread = new Thread(Run) { Name = "riskengine store writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Writes what still waits, then ends; where the disk does not answer within the time given, refuses what waits and says false.</summary>
    /// <remarks>The thread then goes on waiting for the disk, so that its connection must not be closed. It ends with the process.</remarks>
    public bool Stop(TimeSpan atMost)
    {
        queue.Close();
        if (_thread is not { } thread || thread.Join(atMost)) return true;
        List<WorkItem> left = [];
        queue.Take(left, TimeSpan.Zero);
        var failure = new StateStoreException(
            $"The store was closed while the disk had not answered for {atMost.TotalSeconds:N0} s: {left.Count} changes that waited behind it were refused, and those under way may be kept or not. See to the disk.");
        meter.NoteFailure(StoreOperation.Flush, failure);
        foreach (var item in left) item.Fail(failure);
        return false;
    }

    /// <summary>Closes the connection; the last one to be closed carries the log over into the file. Only after the thread has ended.</summary>
    public void Dispose()
    {
        checkpointer.Dispose();
        _session?.Dispose();
    }

    private void Run()
    {
        while (queue.Take(_items, IdleTime))
        {
            var isIdle = _items.Count == 0;
            var isTimeToTidy = isIdle || ++_transactions % TransactionsPerHousekeeping == 0;
            if (_session is null) FallBack(new StateStoreException("The store is out of order since an earlier write failed."));
            else Write(_session, isTimeToTidy);
            _items.Clear();
            if (_quietLeft > 0)
            {
                _quietLeft = isIdle ? _quietLeft - 1 : 0;
                continue;
            }

            _session?.Journal.ReadEarlier();
            settled();
        }
    }

    private void Write(SqliteSession session, bool tidies)
    {
        var started = time.GetTimestamp();
        var before = session.Journal.StoredThrough;
        try
        {
            var isIdle = _items.Count == 0;
            if (tidies) _items.Add(housekeeping);
            session.Begin();
            if (meter.FailingSince is not null) session.Probe();
            foreach (var item in _items) item.Apply(session);
            session.Journal.CarryOver(session.Changes.Day, isIdle);
            session.Commit();
        }
        catch (Exception exception)
        {
            meter.NoteFailure(StoreOperation.Flush, exception);
            FallBack(exception);
            return;
        }

        if (session.Journal.StoredThrough > before) stored(session.Journal.StoredThrough);
        meter.Note(StoreOperation.Flush, time.GetElapsedTime(started));
        foreach (var item in _items) Complete(item);
        checkpointer.AfterCommit(session.Database);
    }

    private void Complete(WorkItem item)
    {
        try
        {
            item.Complete();
        }
        catch (Exception exception)
        {
            meter.NoteFailure(StoreOperation.Change, exception);
            item.Fail(exception);
        }
    }

    private void FallBack(Exception cause)
    {
        try
        {
            _session?.Dispose();
            _session = null;
            fallBack(_items);
            _session = open();
        }
        catch (Exception exception)
        {
            _session = null;
            meter.NoteFailure(StoreOperation.Flush, exception);
        }

        var failure = new StateStoreException(
            $"The store could not write, so nothing of this change was kept. {cause.Message} See to the disk; the store goes on by itself when it can.", cause);
        foreach (var item in _items) item.Fail(failure);
    }
}
