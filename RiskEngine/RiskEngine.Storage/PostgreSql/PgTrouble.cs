using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.PostgreSql;

/// <summary>What PostgreSQL has against it, in words that say what to do; no text of the server's, which may hold what was being written.</summary>
internal static class PgTrouble
{
    /// <summary>Whether the failure is of the server, the way to it or the time it took: what a <see cref="StateStoreException"/> tells.</summary>
    public static bool IsOfServer(Exception failure) => failure is NpgsqlException or TimeoutException or SocketException or IOException;

    public static StateStoreException Told(Exception failure) => new(Describe(failure), failure);

    /// <summary>Cause and remedy.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        PostgresException refused => Describe(refused.SqlState),
        { InnerException: TimeoutException } or TimeoutException => "PostgreSQL did not answer in time. See its load and its disk; postgres.timeout says how long it is waited for.",
        { InnerException: AuthenticationException } => "PostgreSQL's certificate is not trusted, or is one of another name. See SSL Mode and Root Certificate in postgres.connection_string.",
        _ => "PostgreSQL cannot be reached. See whether it runs, and postgres.connection_string.",
    };

    /// <summary>The same by the five characters of SQLSTATE (PostgreSQL 15, appendix A).</summary>
    public static string Describe(string state) => state switch
    {
        PostgresErrorCodes.DiskFull => "The disk of PostgreSQL is full. Make room there.",
        PostgresErrorCodes.ReadOnlySqlTransaction => "PostgreSQL is read-only, as a standby is. Point postgres.connection_string at the primary (Target Session Attributes=primary).",
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => "PostgreSQL refuses the credentials. See postgres.connection_string and postgres.password_file.",
        PostgresErrorCodes.InvalidCatalogName => "The database of postgres.connection_string does not exist. Create it, owned by the account of this server.",
        PostgresErrorCodes.InsufficientPrivilege => "PostgreSQL lets this account do too little. It must own the database, or at least its tables.",
        PostgresErrorCodes.TooManyConnections => "PostgreSQL takes no more connections. Raise its max_connections, or put PgBouncer in front.",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn => "The tables in PostgreSQL are not those of this program. Another program changed them, or a copy of another version was put back.",
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => "PostgreSQL is stopping or starting. It is asked again.",
        PostgresErrorCodes.QueryCanceled => "PostgreSQL was not done in time. See its load and its disk; postgres.timeout says how long it is waited for.",
        PostgresErrorCodes.LockNotAvailable => "Somebody else uses what is to be changed in PostgreSQL: a command that looks back, or a copy that is being made. Come again when that is over.",
        PostgresErrorCodes.OutOfMemory => "PostgreSQL is out of memory. See its log.",
        _ => $"PostgreSQL refused what it was asked (SQLSTATE {state}). Its log says why.",
    };
}
