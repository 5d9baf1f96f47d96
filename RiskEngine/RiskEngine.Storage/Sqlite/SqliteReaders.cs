using System.Collections.Concurrent;
using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite.Journal;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Lends reading connections, as many as are used at the same time, and takes their failures into the store's words.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SqliteReaders(SqliteFile file, SortedRuns runs, StoreMeter meter) : IDisposable
{
    private readonly ConcurrentBag<SqliteReader> _idle = [];

    /// <exception cref="StateStoreException">The disk or the file failed.</exception>
    public T Read<TArgument, T>(StoreOperation operation, TArgument argument, Func<SqliteReader, TArgument, T> read)
    {
        SqliteReader? reader = null;
        try
        {
            if (!_idle.TryTake(out reader)) reader = new SqliteReader(file.OpenReader(), runs);
            var result = read(reader, argument);
            _idle.Add(reader);
            return result;
        }
        catch (Exception exception) when (exception is SqliteFailureException or FormatException)
        {
            reader?.Dispose();
            meter.NoteFailure(operation, exception);
            throw new StateStoreException($"Reading from the store failed. {exception.Message}", exception);
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var reader)) reader.Dispose();
    }
}
