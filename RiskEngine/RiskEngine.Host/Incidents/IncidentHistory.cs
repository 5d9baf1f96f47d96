using RiskEngine.Core.Incidents;
using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Host.Incidents;

/// <summary>Finds the incidents of before the start again, by reading the stored assessments beside the running server.</summary>
/// <remarks>
/// The file is read as it was before the first new event, once the store says that what can wait may begin; what is judged meanwhile waits in the <see cref="IncidentWatch"/>, so each event is put in once
/// and in order. Where the file cannot be read, incidents begin anew, and the log says so.
/// </remarks>
internal sealed partial class IncidentHistory : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;

    private IncidentHistory(StoredLogins logins, Task begun, IncidentWatch watch, ILogger logger) => _reading = ReadAsync(logins, begun, watch, logger, _stop.Token);

    /// <summary>Begins to read; to be called before the first event is judged.</summary>
    /// <param name="path">The store's file.</param>
    /// <param name="begun">Complete once it is time to read; see <see cref="SqliteStateStore.Begun"/>.</param>
    /// <returns>Null where there is nothing to read.</returns>
    public static IncidentHistory? Begin(string path, Task begun, IncidentWatch watch, ILogger logger)
    {
        try
        {
            var logins = StoredLogins.Open(path);
            watch.Hold();
            return new IncidentHistory(logins, begun, watch, logger);
        }
        catch (StateStoreException failure)
        {
            LogFailure(logger, failure.Message);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
    }

    private static async Task ReadAsync(StoredLogins logins, Task begun, IncidentWatch watch, ILogger logger, CancellationToken cancellation)
    {
        try
        {
            await begun.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            logins.ReadRisky(logins.Newest - TimeSpan.FromDays(watch.Settings.LookBackDays), login => watch.Restore(AssessedEvent.Of(login)), cancellation);
        }
        catch (StateStoreException failure)
        {
            LogFailure(logger, failure.Message);
        }
        catch (OperationCanceledException)
        {
            // The server is stopping.
        }
        finally
        {
            logins.Dispose();
            watch.Release();
        }

        LogFound(logger, watch.Read(book => book.Open.Count + book.Closed.Count));
    }

    [LoggerMessage(2, LogLevel.Information, "{Count} incidents of before the start were found again in the stored assessments.")]
    private static partial void LogFound(ILogger logger, int count);

    [LoggerMessage(1, LogLevel.Warning, "Incidents of before the start cannot be found again, new ones are: {Reason}")]
    private static partial void LogFailure(ILogger logger, string reason);
}
