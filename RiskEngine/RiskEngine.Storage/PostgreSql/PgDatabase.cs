using Npgsql;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.PostgreSql;

/// <summary>The database: lends connections for reading, and transactions for changing.</summary>
/// <remarks>
/// <para>
/// Works through PgBouncer in transaction mode: no statement is prepared, no connection is reset, nothing outlives its transaction. Every wait is bounded:
/// for a connection, for an answer, for the end of a command that was given up. Thread-safe.
/// </para>
/// <para>Failures of the server are told as <see cref="StateStoreException"/> with cause and remedy; nothing of what they were about is in them.</para>
/// </remarks>
internal sealed class PgDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    /// <param name="connectionString">As an operator gave it; what a pooler needs is set here.</param>
    /// <param name="password">In the place of the one in it; null to leave that.</param>
    /// <exception cref="StateStoreException">It is no connection string.</exception>
    public PgDatabase(string connectionString, string? password, TimeSpan timeout)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connectionString)
            {
                NoResetOnClose = true,
                MaxAutoPrepare = 0,
                Enlist = false,
                Timeout = Seconds(timeout),
                CommandTimeout = Seconds(timeout),
                CancellationTimeout = 1000,
                ApplicationName = "riskengine",
            };
            if (password is not null) builder.Password = password;
            _source = new NpgsqlDataSourceBuilder(builder.ConnectionString).Build();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            throw new StateStoreException("postgres.connection_string is no connection string of Npgsql, such as \"Host=db;Database=riskengine;Username=riskengine\".", exception);
        }
    }

    /// <summary>Reads. A connection that turns out to be dead, as after a restart of the server, is replaced once.</summary>
    public async Task<T> ReadAsync<T>(Func<PgSession, Task<T>> read, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(cancellationToken);
                return await read(new PgSession(connection, null, cancellationToken));
            }
            catch (Exception failure) when (PgTrouble.IsOfServer(failure))
            {
                if (tries == 1 && IsWorthAnother(failure)) continue;
                throw PgTrouble.Told(failure);
            }
        }
    }

    /// <summary>Changes, all or nothing. Where the end of the transaction is not known it failed: whoever repeats it finds what it did.</summary>
    /// <exception cref="StateStoreException">Nothing was changed, or it is not known.</exception>
    public async Task<T> ChangeAsync<T>(Func<PgSession, Task<T>> change, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var result = await change(new PgSession(connection, transaction, cancellationToken));
            await transaction.CommitAsync(CancellationToken.None);
            return result;
        }
        catch (Exception failure) when (PgTrouble.IsOfServer(failure))
        {
            throw PgTrouble.Told(failure);
        }
    }

    /// <summary>Reads one state of the database, that of its beginning, in as many steps as it takes.</summary>
    /// <exception cref="StateStoreException">It failed.</exception>
    public Task<T> ReadStateAsync<T>(Func<PgSession, Task<T>> read, CancellationToken cancellationToken) => ChangeAsync(
        async session =>
        {
            await session.ExecuteAsync("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            return await read(session);
        },
        cancellationToken);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static bool IsWorthAnother(Exception failure) =>
        failure is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown } or NpgsqlException { InnerException: IOException };

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));
}
