namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>The rows that were in the journal when it was opened, read beside the writer.</summary>
/// <remarks>
/// They may be 128 MiB, and the writer needs them only once there is something to carry over; memory has had them since the opening. Belongs to the
/// writer's thread, the reading has its own.
/// </remarks>
/// <param name="open">Opens a connection to read with.</param>
/// <param name="last">The number of the newest unit of work that was there; 0 for none.</param>
internal sealed class EarlierRows(Func<SqliteDatabase> open, long last) : IDisposable
{
    private Task<PendingRows>? _reading;
    private volatile bool _isStopped;

    /// <summary>Gets whether they have been taken, or there were none.</summary>
    public bool AreTaken { get; private set; } = last == 0;

    /// <summary>Begins to read; from the second time on it does nothing.</summary>
    public void Begin()
    {
        if (!AreTaken) _reading ??= Task.Run(Read);
    }

    /// <summary>Takes them, once.</summary>
    /// <param name="waits">Whether to wait for them, and to begin where that was not done; otherwise they may not be there yet.</param>
    /// <returns>Null where they are not there yet.</returns>
    /// <exception cref="FormatException">The journal is damaged.</exception>
    public PendingRows? TryTake(bool waits)
    {
        if (waits) Begin();
        if (_reading is not { } reading || (!waits && !reading.IsCompleted)) return null;
        var rows = reading.GetAwaiter().GetResult();
        (AreTaken, _reading) = (true, null);
        return rows;
    }

    /// <summary>Gives the reading up and waits for its connection to be closed; where the disk does not answer, not for long.</summary>
    public void Dispose()
    {
        _isStopped = true;
        if (_reading is { } reading) ((IAsyncResult)reading).AsyncWaitHandle.WaitOne(RunCompactor.Patience);
    }

    private PendingRows Read()
    {
        using var database = open();
        var rows = new PendingRows();
        using var units = database.Once("SELECT body FROM journal WHERE number <= ? ORDER BY number", last);
        while (!_isStopped && units.Step()) rows.Add(units.Blob(0), ResidentState.ReplayedCommit);
        return rows;
    }
}
