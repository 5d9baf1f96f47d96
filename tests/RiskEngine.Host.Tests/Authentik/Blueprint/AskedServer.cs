using System.Net;
using System.Net.Sockets;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Authentik.Blueprint;

/// <summary>The built program, serving with a policy that challenges subject 3, and with the two keys that authentik needs.</summary>
internal sealed class AskedServer : IAsyncDisposable
{
    private const string Policy = """
        mode: enforce
        rules:
          - name: challenge-carol
            when: { subject: ["3"] }
            then: challenge
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _mode;
    private readonly int _port = FreePort();
    private ServedProgram? _program;

    private AskedServer(string mode) => _mode = mode;

    public Uri Url => new($"http://127.0.0.1:{_port}");

    public string EvaluateKey { get; private set; } = "";

    public string EventsKey { get; private set; } = "";

    public HttpClient Admin { get; private set; } = null!;

    public static async Task<AskedServer> StartAsync(string mode = "enforce")
    {
        var server = new AskedServer(mode);
        server._folder.Write("policy.yaml", Policy);
        await server.StartAgainAsync();
        (server.EvaluateKey, server.EventsKey) = (await server.KeyAsync("evaluate"), await server.KeyAsync("events:write"));
        return server;
    }

    /// <summary>Starts it at the address it had before.</summary>
    public async Task StartAgainAsync()
    {
        var command = Cli.Program.Command("serve");
        command.Environment["RISKENGINE__HTTP__URL"] = Url.ToString();
        command.Environment["RISKENGINE__POLICY__FILE"] = "policy.yaml";
        command.Environment["RISKENGINE__POLICY__MODE"] = _mode;
        _program = await ServedProgram.StartAsync(_folder.FullName, command);
        Admin = _program.Client();
    }

    public async Task StopAsync()
    {
        Admin.Dispose();
        await _program!.StopAsync();
        await _program.DisposeAsync();
        _program = null;
    }

    public async Task<string> KeyAsync(string scope)
    {
        using var made = await Admin.PostAsync("/api/v1/keys", Json.Body(new { name = $"key-{Guid.NewGuid():N}", scopes = new[] { scope } }));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        return (await Json.ReadAsync(made)).GetProperty("key").GetString()!;
    }

    public async Task BlockAsync(string address)
    {
        using var made = await Admin.PostAsync("/api/v1/blocks", Json.Body(new { scope = "ip", value = address, duration = "1h", reason = "a test" }));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        if (_program is not null) await StopAsync();
        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }
}

/// <summary>One that enforces, for all tests of a class that ask and block nothing but addresses of their own.</summary>
public sealed class EnforcingServer : IAsyncLifetime
{
    private AskedServer? _server;

    internal AskedServer Server => _server ?? throw new InvalidOperationException("No test that runs needs it.");

    public async Task InitializeAsync()
    {
        if (SignInFactAttribute.Missing.Value is null) _server = await AskedServer.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }
}
