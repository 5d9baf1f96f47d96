namespace RiskEngine.Testing.Servers;

/// <summary>One PgBouncer for a test process, in transaction mode, in front of <see cref="PostgreSqlServer.CurrentAsync"/>, with fewer connections than ask for one.</summary>
public static class PgBouncer
{
    private static readonly Lazy<Task<int>> Shared = new(StartAsync);

    /// <summary>The same connection string, by way of it.</summary>
    public static async Task<string> InFrontOfAsync(string connectionString)
    {
        var postgres = await PostgreSqlServer.CurrentAsync();
        return connectionString.Replace($"Port={postgres.Port}", $"Port={await Shared.Value}", StringComparison.Ordinal);
    }

    private static async Task<int> StartAsync()
    {
        var program = TestServer.Find("pgbouncer", "/usr/sbin");
        TestServer.Need(program, "pgbouncer");
        var postgres = await PostgreSqlServer.CurrentAsync();
        var (folder, port) = (TestServer.NewFolder("pgbouncer"), TestServer.FreePort());
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "users.txt"), "\"riskengine\" \"\"\n");
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "pgbouncer.ini"),
            $"""
            [databases]
            * = host=127.0.0.1 port={postgres.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = trust
            auth_file = {folder.FullName}/users.txt
            pool_mode = transaction
            default_pool_size = 3
            max_client_conn = 500
            """);
        var asUser = Environment.IsPrivilegedProcess ? $"chown -R postgres '{folder.FullName}' && exec setpriv --reuid=postgres --regid=postgres --init-groups " : "exec ";
        var server = TestServer.Start(folder, $"{asUser}{program} '{folder.FullName}/pgbouncer.ini'");
        await TestServer.UntilAsync(
            async () => await TestServer.RunAsync("psql", "-X", "-t", "-h", "127.0.0.1", "-p", $"{port}", "-U", "riskengine", "-d", "postgres", "-c", "SELECT 1") is not null, $"the start of PgBouncer ({server.Log})");
        return port;
    }
}
