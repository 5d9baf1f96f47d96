using System.Net;
using System.Net.Sockets;
using RiskEngine.Host.Tests.Cli;
using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>What the server does not start with: it says why, in words and without a stack trace.</summary>
public sealed class RefusalTests
{
    [LinuxFact]
    public async Task A_second_server_on_one_store_is_refused_and_the_first_serves_on()
    {
        using var folder = new TemporaryFolder();
        await using var first = await ServedProgram.StartAsync(folder.FullName);
        var second = await ServeAsync(folder, "http: { url: 'http://127.0.0.1:0' }");
        AssertRefused(second, 1, "in use by another process");
        using var client = first.Client();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/ready")).StatusCode);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://192.0.2.1:0")]
    public async Task An_address_that_others_reach_is_refused_without_tls(string url)
    {
        using var folder = new TemporaryFolder();
        AssertRefused(await ServeAsync(folder, $"http: {{ url: '{url}' }}"), 2, "http.url");
    }

    [Fact]
    public async Task An_address_of_another_machine_is_named()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(await ServeAsync(folder, "http: { url: 'http://192.0.2.1:0', allow_insecure_public_binding: true }"), 1, "192.0.2.1");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var folder = new TemporaryFolder();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var refused = await ServeAsync(folder, $"http: {{ url: 'http://127.0.0.1:{port}' }}");
        AssertRefused(refused, 1, $"{port}", "Stop the other program", "set http.url");
        Assert.Contains("Stop the other program", refused.Output);
        Assert.DoesNotContain("   at ", refused.Output);
    }

    [Fact]
    public async Task A_store_that_is_damaged_is_refused_and_left_as_it_is()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("riskengine.db");
        await SqliteStateStore.Open(new SqliteStoreSettings { Path = path }, TimeProvider.System).DisposeAsync();
        var bytes = await File.ReadAllBytesAsync(path);
        new Random(7).NextBytes(bytes.AsSpan(4096));
        await File.WriteAllBytesAsync(path, bytes);

        AssertRefused(await ServeAsync(folder, ""), 1, "damaged");
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
        Assert.False(File.Exists(path + "-wal"));
    }

    [Fact]
    public async Task Everything_wrong_with_the_configuration_is_told_at_once_with_its_place()
    {
        using var folder = new TemporaryFolder();
        var refused = await ServeAsync(folder, "policy:\n  mode: enfroce\nstore:\n  retention_days: 1\nhttp:\n  nonsense: true\n");
        AssertRefused(refused, 2, "riskengine.yaml:2:", "enforce", "riskengine.yaml:4:", "riskengine.yaml:6:");
        Assert.False(File.Exists(folder.File("riskengine.db")));
    }

    [Fact]
    public async Task Everything_wrong_with_the_policy_is_told_at_once_with_its_place()
    {
        using var folder = new TemporaryFolder();
        folder.Write("policy.yaml", "mode: enfroce\nrules:\n  - name: a\n    then: explode\n");
        AssertRefused(await ServeAsync(folder, "policy: { file: policy.yaml }"), 2, "policy.yaml:1:", "policy.yaml:4:");
        AssertNothingWasMade(folder);
    }

    [Fact]
    public async Task Faults_of_settings_policy_and_sources_are_told_in_one_go_before_anything_is_made()
    {
        using var folder = new TemporaryFolder();
        folder.Write("policy.yaml", "rules:\n  - name: a\n    then: explode\n");
        AssertRefused(
            await ServeAsync(folder, "policy: { file: policy.yaml }\nstore: { retention_days: 1 }\nsources: { file: [{ path: a.log, format: syslogg }] }"),
            2, "policy.yaml:3:", "store.retention_days", "sources.file[0].format", "sshd");
        AssertNothingWasMade(folder);
    }

    [Fact]
    public async Task A_source_that_is_faulty_twice_hides_neither_its_format_nor_its_mapping_nor_an_address_without_tls()
    {
        using var folder = new TemporaryFolder();
        folder.Write("m.yaml", "container: csv\nfields:\n  occured_at: at\n  occurred_at: { from: at, format: '%Q', zne: x }\n  kind: k\n  subject: { id: u }\n");
        AssertRefused(
            await ServeAsync(folder, "sources:\n  syslog: [{ name: a, format: nope, port: 99999 }, { name: b, format: 'mapped:m.yaml', prt: 1 }, { name: c }]\n  authentik: { url: 'http://authentik.example.org', token_file: t }\n"),
            2, "sources.syslog[0].port", "sources.syslog[0].format: there is no format \"nope\"", "sources.syslog[1].prt", "sources.syslog[2].format: is missing", "m.yaml:3:", "fields.occurred_at.zne", "%Q is not known", "sources.authentik.url");
        AssertNothingWasMade(folder);
    }

    [Fact]
    public async Task Faults_of_the_certificate_the_key_file_and_the_policy_are_told_in_one_go_before_anything_is_made()
    {
        using var folder = new TemporaryFolder();
        folder.Write("policy.yaml", "rules:\n  - name: a\n    then: explode\n");
        folder.Write("mine.key", "not a key");
        AssertRefused(
            await ServeAsync(folder, "policy: { file: policy.yaml }\nhttp: { url: 'https://127.0.0.1:0', admin_key_file: mine.key, tls_certificate_file: no.pem, tls_key_file: no.pem }"),
            2, "policy.yaml:3:", "http.tls_certificate_file", "http.admin_key_file");
        AssertNothingWasMade(folder);
    }

    [Fact]
    public async Task A_rule_that_names_a_feed_is_not_blamed_for_a_fault_of_the_feed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("policy.yaml", "rules:\n  - name: a\n    when: { feed: [mine] }\n    then: block\n");
        var refused = await ServeAsync(folder, "policy: { file: policy.yaml }\nfeeds: [{ name: mine, path: a.txt, group: torr }]");
        AssertRefused(refused, 2, "feeds[0].group");
        Assert.DoesNotContain("policy.yaml", refused.Error);
    }

    [Fact]
    public async Task A_replay_with_a_faulty_policy_makes_no_store()
    {
        using var folder = new TemporaryFolder();
        folder.Write("policy.yaml", "rules:\n  - name: a\n    then: explode\n");
        var config = folder.Write("riskengine.yaml", "policy: { file: policy.yaml }");
        AssertRefused(await Cli.Program.RunAsync("", ["replay", "-", "--format", "sshd", "--state", folder.File("state.db"), "--config", config]), 2, "policy.yaml:3:");
        Assert.False(File.Exists(folder.File("state.db")));
    }

    private static Task<Finished> ServeAsync(TemporaryFolder folder, string configuration) =>
        Cli.Program.RunAsync("serve", "--config", folder.Write("riskengine.yaml", configuration));

    private static void AssertNothingWasMade(TemporaryFolder folder)
    {
        Assert.False(File.Exists(folder.File("riskengine.db")));
        Assert.False(File.Exists(folder.File("admin.key")));
    }

    private static void AssertRefused(Finished run, int code, params string[] words)
    {
        Assert.True(run.Code == code, $"{run.Code}: {run.Error}");
        Assert.All(words, word => Assert.Contains(word, run.Error));
        Assert.DoesNotContain("   at ", run.Error);
        Assert.DoesNotContain("Unhandled", run.Error);
    }
}
