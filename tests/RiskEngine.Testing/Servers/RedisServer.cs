namespace RiskEngine.Testing.Servers;

/// <summary>One Redis for a test process, and a cluster of three, each started when it is first asked for. Stores tell their keys apart by themselves.</summary>
public sealed class RedisServer
{
    private static readonly Lazy<Task<RedisServer>> Shared = new(() => StartAsync());
    private static readonly Lazy<Task<IReadOnlyList<RedisServer>>> SharedCluster = new(NewClusterAsync);

    private RedisServer(TestServer server, int port) => (Server, Port) = (server, port);

    public TestServer Server { get; }

    public int Port { get; }

    public string Endpoint => $"127.0.0.1:{Port}";

    /// <summary>Gets the one of this process.</summary>
    public static Task<RedisServer> CurrentAsync() => Shared.Value;

    /// <summary>Gets the three masters of the cluster of this process.</summary>
    public static Task<IReadOnlyList<RedisServer>> ClusterAsync() => SharedCluster.Value;

    /// <summary>Starts one more, for a test that stops it.</summary>
    public static async Task<RedisServer> StartAsync(string options = "", int? port = null)
    {
        TestServer.Need(TestServer.Find("redis-server"), "redis-server");
        var (folder, chosen) = (TestServer.NewFolder("redis"), port ?? TestServer.FreePort());
        var server = TestServer.Start(folder, $"exec redis-server --port {chosen} --bind 127.0.0.1 --save '' --appendonly no --dir '{folder.FullName}' {options}");
        var started = new RedisServer(server, chosen);
        await TestServer.UntilAsync(async () => await started.CallAsync("PING") == "PONG", $"the start of Redis ({server.Log})");
        return started;
    }

    /// <summary>Sends one command and returns the answer, without the line's end; null where nobody answers.</summary>
    public async Task<string?> CallAsync(params string[] command) => (await TestServer.RunAsync("redis-cli", ["-p", $"{Port}", .. command]))?.TrimEnd();

    /// <summary>Stops the process where it stands, so that it answers nothing and its connections stay; and lets it go on.</summary>
    public async Task<IAsyncDisposable> HangAsync()
    {
        var line = (await CallAsync("INFO", "server"))!.Split('\n').First(entry => entry.StartsWith("process_id:", StringComparison.Ordinal));
        return await HungProcess.StopAsync(line["process_id:".Length..].Trim());
    }

    /// <summary>Starts a cluster of three masters, for a test that changes it.</summary>
    public static async Task<IReadOnlyList<RedisServer>> NewClusterAsync()
    {
        List<RedisServer> servers = [];
        for (var i = 0; i < 3; i++) servers.Add(await StartAsync("--cluster-enabled yes --cluster-node-timeout 2000"));
        var made = await TestServer.RunAsync("redis-cli", ["--cluster", "create", .. servers.Select(server => server.Endpoint), "--cluster-yes"]);
        if (made is null) throw new InvalidOperationException($"No cluster could be made: {servers[0].Server.Log}");
        foreach (var server in servers)
            await TestServer.UntilAsync(async () => (await server.CallAsync("CLUSTER", "INFO"))?.Contains("cluster_state:ok", StringComparison.Ordinal) == true, "the cluster");
        return servers;
    }
}
