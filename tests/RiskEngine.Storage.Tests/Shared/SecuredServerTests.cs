using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Redis;
using RiskEngine.Storage.Shared;
using RiskEngine.Testing;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Storage.Tests.Shared;

/// <summary>Real servers that take encrypted connections only, and ask for a password.</summary>
public sealed class SecuredServerTests : IAsyncLifetime
{
    private const string Password = "a-password-of-the-tests", Account = "secured";

    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, TimeSpan.Zero));

    private readonly DirectoryInfo _folder = TestServer.NewFolder("secured");
    private readonly List<TestServer> _servers = [];
    private string _authority = "", _stranger = "", _key = "";

    public async Task InitializeAsync()
    {
        (_authority, _key) = await TestCertificate.WriteAsync(_folder, "server", "postgres");
        (_stranger, _) = await TestCertificate.WriteAsync(_folder, "stranger");
    }

    public Task DisposeAsync()
    {
        foreach (var server in _servers) server.Dispose();
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Redis_over_TLS_with_a_password_holds_copies_and_with_a_wrong_one_or_an_authority_that_did_not_sign_is_gone_around()
    {
        var port = await StartRedisAsync();
        var settings = await SharedStores.SettingsAsync();
        var redis = new RedisSettings { Endpoints = [$"127.0.0.1:{port}"], Timeout = TimeSpan.FromSeconds(3), Tls = true, TlsCaFile = _authority, Password = Password };
        await using (var store = await SharedStores.AtAsync(settings with { Redis = redis }, TimeProvider.System))
        {
            await new UnitOfWork(store.Hash).Login("a", Now).RunAsync(store);
            Assert.Equal((false, 0L), (store.IsWithoutCopies, store.Meter.CopyErrors));
            Assert.Contains(await SharedStoreCheck.LookAsync(settings with { Redis = redis }, TimeProvider.System, CancellationToken.None), finding => finding is { IsGood: true, What: "redis" });
        }

        // While one authority takes the place of another both are in the file, in any order.
        var both = Path.Combine(_folder.FullName, "both.pem");
        await File.WriteAllTextAsync(both, await File.ReadAllTextAsync(_stranger) + "\n" + await File.ReadAllTextAsync(_authority));
        await using (var store = await SharedStores.AtAsync(settings with { Redis = redis with { TlsCaFile = both } }, TimeProvider.System))
        {
            await new UnitOfWork(store.Hash).Login("a", Now).RunAsync(store);
            Assert.Equal((false, 0L), (store.IsWithoutCopies, store.Meter.CopyErrors));
        }

        foreach (var wrong in new[] { redis with { Password = "another" }, redis with { Password = null }, redis with { TlsCaFile = _stranger }, redis with { TlsCaFile = null }, redis with { Tls = false } })
        {
            await using var store = await SharedStores.AtAsync(settings with { Redis = wrong with { Timeout = TimeSpan.FromSeconds(1) } }, TimeProvider.System);
            Assert.Equal(1u, (await new UnitOfWork(store.Hash).Login("b", Now).LoadAsync(store)).View.Profiles.Profile(0).Header.Logins);
            Assert.Contains(
                await SharedStoreCheck.LookAsync(settings with { Redis = wrong with { Timeout = TimeSpan.FromSeconds(1) } }, TimeProvider.System, CancellationToken.None),
                finding => finding is { IsGood: false, What: "redis" } && finding.Detail.Contains("redis.tls and the password", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task PostgreSQL_over_TLS_with_a_password_is_served_from_and_what_is_wrong_is_told_in_words()
    {
        var (server, connection) = await StartPostgresAsync();
        var settings = new SharedStoreSettings { ConnectionString = $"{connection};SSL Mode=VerifyFull;Root Certificate={_authority}", Password = Password, Timeout = TimeSpan.FromSeconds(10), Redis = new RedisSettings() };
        await using (var store = await SharedStores.AtAsync(settings, TimeProvider.System))
        {
            await new UnitOfWork(store.Hash).Login("a", Now).RunAsync(store);
            Assert.Equal("t", (await server.ExecuteAsync("postgres", $"SELECT bool_and(s.ssl) FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.usename = '{Account}'"))?.Trim());
        }

        await RefusedAsync(settings with { Password = "another" }, "PostgreSQL refuses the credentials. See postgres.connection_string and postgres.password_file.");
        await RefusedAsync(settings with { ConnectionString = $"{connection};SSL Mode=VerifyFull;Root Certificate={_stranger}" }, "PostgreSQL's certificate is not trusted, or is one of another name.");
        await RefusedAsync(settings with { ConnectionString = $"{connection};SSL Mode=Disable" }, "PostgreSQL refuses the credentials.");
    }

    private static async Task RefusedAsync(SharedStoreSettings settings, string words)
    {
        var refused = await Assert.ThrowsAsync<StateStoreException>(() => SharedStores.AtAsync(settings, TimeProvider.System));
        Assert.StartsWith(words, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(settings.Password!, refused.Message, StringComparison.Ordinal);
    }

    private async Task<int> StartRedisAsync()
    {
        TestServer.Need(TestServer.Find("redis-server"), "redis-server");
        var port = TestServer.FreePort();
        var folder = TestServer.NewFolder("redis-tls");
        _servers.Add(TestServer.Start(
            folder,
            $"exec redis-server --port 0 --tls-port {port} --bind 127.0.0.1 --tls-cert-file '{_authority}' --tls-key-file '{_key}' --tls-ca-cert-file '{_authority}' --tls-auth-clients no --requirepass {Password} --save '' --dir '{folder.FullName}'"));
        await TestServer.UntilAsync(
            async () => (await TestServer.RunAsync("redis-cli", "--tls", "--cacert", _authority, "-p", $"{port}", "-a", Password, "PING"))?.Trim() == "PONG", $"the start of Redis ({_servers[^1].Log})");
        return port;
    }

    /// <summary>A server that lets one account in over TLS with its password only, and the connection string of an empty database of that account.</summary>
    private async Task<(PostgreSqlServer Server, string Connection)> StartPostgresAsync()
    {
        var rules = Path.Combine(_folder.FullName, "pg_hba.conf");
        await File.WriteAllTextAsync(rules, $"host all riskengine 127.0.0.1/32 trust\nhostssl all {Account} 127.0.0.1/32 scram-sha-256\n");
        var server = await PostgreSqlServer.StartAsync($"-c ssl=on -c ssl_cert_file={_authority} -c ssl_key_file={_key} -c hba_file={rules}");
        _servers.Add(server.Server);
        await server.ExecuteAsync("postgres", $"CREATE ROLE {Account} LOGIN PASSWORD '{Password}'");
        var connection = await server.NewDatabaseAsync();
        var name = connection.Split("Database=")[1].Split(';')[0];
        await server.ExecuteAsync("postgres", $"ALTER DATABASE {name} OWNER TO {Account}");
        return (server, $"Host=127.0.0.1;Port={server.Port};Username={Account};Database={name}");
    }
}
