using System.Net;
using System.Net.Sockets;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Testing;

namespace RiskEngine.Examples.Tests.Oidc;

/// <summary>The provider of the example and the relying party that sends people to it, on ports of their own.</summary>
internal sealed class SignInPage : IAsyncDisposable
{
    private ServedProgram? _client;

    private SignInPage()
    {
    }

    public ServedProgram Provider { get; private set; } = null!;

    /// <summary>Gets where a sign-in begins and, where it passes, ends.</summary>
    public Uri Application => _client!.Address;

    /// <param name="settings">What goes beyond where they listen, and that a proxy on this machine is believed.</param>
    public static async Task<SignInPage> StartAsync(params IEnumerable<KeyValuePair<string, string>> settings)
    {
        var ports = FreePorts();
        var all = new Dictionary<string, string>
        {
            ["PORT"] = $"{ports[0]}",
            ["ISSUER"] = $"http://127.0.0.1:{ports[0]}",
            ["CLIENT"] = $"http://127.0.0.1:{ports[1]}",
            ["TRUSTED_PROXIES"] = "127.0.0.1",
        };
        foreach (var (name, value) in settings) all[name] = value;
        var page = new SignInPage();
        try
        {
            page.Provider = await ServedProgram.StartAsync(RepositoryRoot.Folder, Node.Command("provider.js", all));
            page._client = await ServedProgram.StartAsync(RepositoryRoot.Folder, Node.Command("client.js", all));
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is not null) await _client.DisposeAsync();
        if (Provider is not null) await Provider.DisposeAsync();
    }

    private static int[] FreePorts()
    {
        using var one = new TcpListener(IPAddress.Loopback, 0);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        one.Start();
        other.Start();
        return [((IPEndPoint)one.LocalEndpoint).Port, ((IPEndPoint)other.LocalEndpoint).Port];
    }
}
