using RiskEngine.Configuration;
using RiskEngine.Host.Security;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Storage.Shared;
using RiskEngine.Testing.Servers;
using RedisSettings = RiskEngine.Storage.Redis.RedisSettings;

namespace RiskEngine.Host.Tests.Cli;

/// <summary>Commands that look back, on a shared store: they tell what they tell of the file that was moved there.</summary>
public sealed class SharedStoreCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string File => _folder.File("store.db");

    private string Config => _folder.File("riskengine.yaml");

    public void Dispose() => _folder.Dispose();

    [LinuxFact("psql")]
    public async Task What_is_told_of_a_file_is_told_of_the_store_it_was_moved_to_to_the_byte()
    {
        var simulated = await Program.RunAsync("simulate", "--users", "30", "--days", "2", "--seed", "5", "--out", "-");
        var replayed = await Program.RunAsync(simulated.Output, ["replay", "-", "--state", File]);
        Assert.True(replayed.Code == 0, replayed.Error);
        await ConfigureAsync();
        var moved = await Program.RunAsync("migrate", "--config", Config, "--state", File, "--yes");
        Assert.True(moved.Code == 0, moved.Error);

        await SameAsync("policy", "backtest", "--json");
        await SameAsync("policy", "backtest", "--json", "--since", "1d");
        await SameAsync("export", "ocsf", "--out", "-");
        await SameAsync("export", "ocsf", "--out", "-", "--since", "12h", "--names");
        await SameAsync("incidents", "export", "--stored", "--format", "json");
    }

    [LinuxFact("psql")]
    public async Task Weights_fitted_to_feedback_on_a_file_are_those_fitted_to_it_once_it_moved()
    {
        var replayed = await Program.RunAsync("replay", _folder.Write("own.jsonl", BenchmarkCommandTests.Lines()), "--state", File);
        Assert.True(replayed.Code == 0, replayed.Error);
        await BenchmarkFitTests.LabelAsync(File, safe: 40, compromised: 30);
        await ConfigureAsync();
        Assert.Equal(0, (await Program.RunAsync("migrate", "--config", Config, "--state", File, "--yes")).Code);

        var ofFile = await FitAsync("of-file", File);
        var ofStore = await FitAsync("of-store", "--feedback");
        Assert.Equal(ofFile.Digest, ofStore.Digest);
        Assert.NotEqual(WeightsReader.Default.Digest, ofStore.Digest);
        Assert.Contains("the configured store", ofStore.Provenance.Data, StringComparison.Ordinal);
        Assert.Equal(2, (await Program.RunAsync("benchmark", "--feedback", "--config", Config)).Code);
    }

    [LinuxFact("psql")]
    public async Task The_audit_of_a_shared_store_is_checked_and_a_record_that_was_changed_is_named()
    {
        var connection = await ConfigureAsync();
        for (var i = 0; i < 3; i++)
        {
            var made = await Program.RunAsync("keys", "create", $"k{i}", "--scope", "evaluate", "--in-store", "--config", Config);
            Assert.True(made.Code == 0, made.Error);
            Assert.True(KeySecret.IsWellFormed(made.Output.Trim()));
        }

        Assert.Equal(1, (await Program.RunAsync("keys", "create", "k1", "--scope", "evaluate", "--in-store", "--config", Config)).Code);
        var whole = await Program.RunAsync("export", "audit", "--verify", "--out", "-", "--config", Config);
        Assert.Equal((0, 3), (whole.Code, whole.Lines.Length));
        Assert.Contains("whole: 3 records", whole.Error, StringComparison.Ordinal);

        var postgres = await PostgreSqlServer.CurrentAsync();
        await postgres.ExecuteAsync(connection.Split("Database=")[1].Split(';')[0], "ALTER TABLE audit DISABLE TRIGGER ALL; UPDATE audit SET who = 'nobody' WHERE number = 2");
        var changed = await Program.RunAsync("export", "audit", "--verify", "--config", Config);
        Assert.Equal(4, changed.Code);
        Assert.Contains("broken at record 2", changed.Error, StringComparison.Ordinal);
    }

    [LinuxFact("psql")]
    public async Task Without_tables_or_without_a_server_it_ends_with_3_and_says_what_to_do()
    {
        await ConfigureAsync();
        var empty = await Program.RunAsync("policy", "backtest", "--config", Config);
        Assert.Equal(3, empty.Code);
        Assert.Contains("has no tables of a store yet. Start a server on it once", empty.Error, StringComparison.Ordinal);
        _folder.Write("riskengine.yaml", $"store: {{ kind: shared }}\npostgres: {{ connection_string: 'Host=127.0.0.1;Port={TestServer.FreePort()};Username=a;Database=b', timeout: 2s }}\n");
        Assert.Equal(3, (await Program.RunAsync("export", "ocsf", "--config", Config)).Code);
        Assert.Equal(3, (await Program.RunAsync("keys", "rotate-hashes", "--config", Config)).Code);
    }

    [LinuxFact("psql")]
    public async Task An_authority_for_Redis_that_is_no_certificate_is_told_before_anything_is_connected_to()
    {
        await ConfigureAsync("redis: { endpoints: ['127.0.0.1:1'], tls: true, tls_ca_file: ca.pem }\n");
        _folder.Write("ca.pem", "no certificate");
        var refused = await Program.RunAsync("export", "ocsf", "--config", Config);
        Assert.Equal(2, refused.Code);
        Assert.Matches("^redis.tls_ca_file: .*ca.pem cannot be read, or holds no certificate in PEM", refused.Error);
    }

    [LinuxFact("psql")]
    public async Task Of_replicas_that_start_at_the_same_moment_one_makes_the_administrators_key_and_the_others_leave_no_file()
    {
        const int Replicas = 6;
        await using var store = await SharedStateStore.OpenAsync(
            new SharedStoreSettings { ConnectionString = await ConfigureAsync(), Timeout = TimeSpan.FromSeconds(30), Redis = new RedisSettings() }, TimeProvider.System, CancellationToken.None);
        var files = Enumerable.Range(0, Replicas).Select(i => _folder.File($"admin-{i}.key")).ToArray();
        await Task.WhenAll(files.Select(file => Task.Run(() => AdminKeyFile.EnsureAsync(file, store, TimeProvider.System, CancellationToken.None))));
        var left = Assert.Single(files, System.IO.File.Exists);
        var key = Assert.Single(await store.ListKeysAsync(CancellationToken.None));
        Assert.Equal("administrator", key.Name);
        Assert.Equal(KeySecret.Hash((await System.IO.File.ReadAllTextAsync(left)).Trim()), key.Sha256);
        // Each alone later: nothing is made, nothing changes.
        Assert.True(await AdminKeyFile.EnsureAsync(_folder.File("late.key"), store, TimeProvider.System, CancellationToken.None));
        Assert.False(System.IO.File.Exists(_folder.File("late.key")));
        Assert.Single(await store.ReadAuditAsync(0, 100, CancellationToken.None));
    }

    private async Task<WeightsFile> FitAsync(string folder, string from)
    {
        var run = await Program.RunAsync("benchmark", from, "--fit", "--report", _folder.File(folder), "--config", Config);
        Assert.True(run.Code == 0, run.Error);
        Assert.Contains("fitted to 40 honest logins and 30 attacks", run.Error, StringComparison.Ordinal);
        return WeightsReader.Load(Path.Combine(_folder.File(folder), "weights.yaml")).Weights!;
    }

    private async Task SameAsync(params string[] command)
    {
        var (ofFile, ofStore) = (await Program.RunAsync([.. command, "--state", File, "--config", Config]), await Program.RunAsync([.. command, "--config", Config]));
        Assert.True(ofFile.Code == 0 && ofStore.Code == 0, ofFile.Error + ofStore.Error);
        Assert.True(ofFile.Output.Length > 500, "There is little to compare.");
        Assert.Equal(ofFile.Output, ofStore.Output);
        Assert.Equal(ofFile.Error, ofStore.Error);
    }

    private async Task<string> ConfigureAsync(string more = "")
    {
        var connection = await (await PostgreSqlServer.CurrentAsync()).NewDatabaseAsync();
        _folder.Write("riskengine.yaml", $"{SharedStoreSection.Of(connection)}\n{more}");
        return connection;
    }
}
