namespace RiskEngine.Testing.Servers;

/// <summary>One PostgreSQL for a test process, started when it is first asked for; a database for each test.</summary>
public sealed class PostgreSqlServer
{
    private static readonly Lazy<Task<PostgreSqlServer>> Shared = new(() => StartAsync());

    private readonly string _user;
    private int _databases;

    private PostgreSqlServer(TestServer server, int port, string user) => (Server, Port, _user) = (server, port, user);

    public TestServer Server { get; }

    public int Port { get; }

    /// <summary>Gets the one of this process.</summary>
    public static Task<PostgreSqlServer> CurrentAsync() => Shared.Value;

    /// <summary>Starts one more, for a test that stops it.</summary>
    /// <param name="options">Further options of the server.</param>
    /// <param name="waitsForDisk">Whether it does what it does for others; otherwise it does not wait for its disk, which tests have no use for.</param>
    public static async Task<PostgreSqlServer> StartAsync(string options = "", bool waitsForDisk = false)
    {
        var folders = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order().Reverse().Select(version => Path.Combine(version, "bin")).ToArray() : [];
        var initdb = TestServer.Find("initdb", folders);
        var postgres = TestServer.Find("postgres", folders);
        TestServer.Need(initdb, "postgresql");
        TestServer.Need(postgres, "postgresql");
        var (folder, port) = (TestServer.NewFolder("postgresql"), TestServer.FreePort());
        // It refuses to run as root, so it runs as the account that its package made.
        var isRoot = Environment.IsPrivilegedProcess;
        var asUser = isRoot ? "setpriv --reuid=postgres --regid=postgres --init-groups " : "";
        var data = Path.Combine(folder.FullName, "data");
        var server = TestServer.Start(
            folder,
            $"""
            {(isRoot ? $"chown postgres '{folder.FullName}' && " : "")}{asUser}{initdb} -D '{data}' -U riskengine -A trust -E UTF8 --locale=C --no-sync &&
            exec {asUser}{postgres} -D '{data}' -p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='{folder.FullName}' -c max_connections=300 {(waitsForDisk ? "" : "-c fsync=off")} {options}
            """);
        var started = new PostgreSqlServer(server, port, "riskengine");
        await TestServer.UntilAsync(() => started.AnswersAsync(), $"the start of PostgreSQL ({server.Log})");
        return started;
    }

    /// <summary>Makes an empty database and returns the connection string to it.</summary>
    public Task<string> NewDatabaseAsync() => NewDatabaseAsync("");

    /// <summary>Makes a copy of a database, whose connections it breaks off, and returns the connection string to it.</summary>
    /// <param name="connectionString">As <see cref="NewDatabaseAsync()"/> gave it.</param>
    public async Task<string> CopyDatabaseAsync(string connectionString)
    {
        var name = NameIn(connectionString);
        await BreakOffAsync(name);
        return await NewDatabaseAsync($"TEMPLATE {name}");
    }

    /// <summary>Breaks off every connection to a database, whatever it was doing, and takes no new ones for some time: what its users see of a restart.</summary>
    /// <param name="connectionString">As <see cref="NewDatabaseAsync()"/> gave it.</param>
    public async Task InterruptAsync(string connectionString, TimeSpan away)
    {
        var name = NameIn(connectionString);
        await NeedAsync($"ALTER DATABASE {name} ALLOW_CONNECTIONS false");
        await BreakOffAsync(name);
        await Task.Delay(away);
        await NeedAsync($"ALTER DATABASE {name} ALLOW_CONNECTIONS true");
    }

    private static string NameIn(string connectionString) =>
        connectionString.Split(';').First(part => part.StartsWith("Database=", StringComparison.Ordinal))["Database=".Length..];

    private async Task<string> NewDatabaseAsync(string options)
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await NeedAsync($"CREATE DATABASE {name} {options}");
        return $"Host=127.0.0.1;Port={Port};Username={_user};Database={name};Maximum Pool Size=20";
    }

    private Task BreakOffAsync(string name) => NeedAsync($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}'");

    private async Task NeedAsync(string sql)
    {
        if (await ExecuteAsync("postgres", sql) is null) throw new InvalidOperationException($"PostgreSQL refused what a test needs: {Server.Log}");
    }

    /// <summary>Runs SQL in a database and returns what it gave, unaligned; null where it failed.</summary>
    public Task<string?> ExecuteAsync(string database, string sql) =>
        TestServer.RunAsync("psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", $"{Port}", "-U", _user, "-d", database, "-c", sql);

    private async Task<bool> AnswersAsync() => await ExecuteAsync("postgres", "SELECT 1") is not null;
}
