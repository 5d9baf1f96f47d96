using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using RiskEngine.Host.Tests.CrowdSec;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Proxies;

/// <summary>A real nginx or HAProxy by its file under <c>deploy/</c>, with an application behind it that says hello.</summary>
/// <remarks>
/// Changed in the files are addresses and paths, how long an answer is waited for, that a cookie names the person who was checked, and that the proxy
/// believes the PROXY protocol: so a test visits as anybody and from any address, on a machine that may be busy.
/// </remarks>
internal sealed class Proxy : IAsyncDisposable
{
    public const string Nginx = "nginx", Haproxy = "haproxy";

    private readonly string _kind;
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = BouncerProgram.FreePort();
    private readonly WebApplication _application;
    private Process? _process;

    private Proxy(string kind)
    {
        _kind = kind;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.Run(context => context.Response.WriteAsync("hello"));
    }

    public string List => _folder.File("blocklist");

    public int Port => _port;

    /// <param name="asks">Whether it asks RiskEngine about each request.</param>
    /// <param name="isBehindProxy">Whether it believes the PROXY protocol.</param>
    /// <param name="file">Of nginx: which of the files under <c>deploy/nginx</c>.</param>
    /// <param name="expected">What a visitor nobody knows meets once it serves.</param>
    public static async Task<Proxy> StartAsync(string kind, Uri server, bool asks = true, bool isBehindProxy = true, string file = "riskengine.conf", HttpStatusCode expected = HttpStatusCode.OK)
    {
        var proxy = new Proxy(kind);
        try
        {
            await proxy._application.StartAsync();
            await File.WriteAllTextAsync(proxy.List, "");
            proxy._process = kind == Nginx ? proxy.StartNginx(server, asks, isBehindProxy, file) : proxy.StartHaproxy(server, asks);
            await proxy.UntilAsync(async () => await proxy.StatusAsync("192.0.2.200") == expected || !isBehindProxy, "it serves");
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    public async Task<HttpStatusCode> StatusAsync(string from, string path = "/", params (string Name, string Value)[] headers)
    {
        using var response = await VisitAsync(from, path, headers);
        return response.StatusCode;
    }

    /// <summary>Asks for a page, as a visitor from that address.</summary>
    public async Task<HttpResponseMessage> VisitAsync(string from, string path, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseProxy = false, UseCookies = false,
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                await socket.SendAsync(Encoding.ASCII.GetBytes($"PROXY TCP4 {from} 127.0.0.1 40000 80\r\n"), cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        }) { Timeout = TimeSpan.FromSeconds(20) };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{_port}{path}");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request);
    }

    /// <summary>Runs <c>deploy/update-blocklist.sh</c>, which has the proxy load the list.</summary>
    /// <returns>Its exit code and what it said.</returns>
    public async Task<(int Code, string Said)> UpdateListAsync(Uri server, string key)
    {
        var keyFile = _folder.Write("key", key + "\n");
        var load = _kind == Nginx
            ? $"nginx -t -q -c {_folder.File("nginx.conf")} && kill -HUP {_process!.Id}"
            : $"haproxy -c -q -f {_folder.File("haproxy.cfg")} && kill -USR2 {_process!.Id}";
        var start = new ProcessStartInfo("sh", [RepositoryRoot.Path("deploy", "update-blocklist.sh"), _kind, List, keyFile, load]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["RISKENGINE"] = server.GetLeftPart(UriPartial.Authority);
        using var script = Process.Start(start)!;
        var said = await script.StandardError.ReadToEndAsync();
        await script.WaitForExitAsync();
        return (script.ExitCode, said);
    }

    /// <summary>Waits until something is so, a minute at most.</summary>
    public async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if (await isSo()) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet, or changing over.
            }

            if (_process is { HasExited: true }) throw new InvalidOperationException($"{_kind} ended before {what}: {await _process.StandardError.ReadToEndAsync()}");
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1), $"Not seen within a minute: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        await _application.DisposeAsync();
        _folder.Dispose();
    }

    private Process StartNginx(Uri server, bool asks, bool isBehindProxy, string file)
    {
        var proxied = $"listen 127.0.0.1:{_port} proxy_protocol; set_real_ip_from 127.0.0.1; real_ip_header proxy_protocol;";
        var configuration = File.ReadAllText(RepositoryRoot.Path("deploy", "nginx", file))
            .Replace("listen 80;", isBehindProxy ? proxied : $"listen 127.0.0.1:{_port};", StringComparison.Ordinal)
            .Replace("/etc/nginx/riskengine-blocklist.conf", List, StringComparison.Ordinal)
            .Replace("_timeout 200ms", "_timeout 20s", StringComparison.Ordinal)
            .Replace("_timeout 500ms", "_timeout 20s", StringComparison.Ordinal)
            .Replace("set $riskengine_subject \"\";", "set $riskengine_subject $cookie_checked;", StringComparison.Ordinal);
        configuration = WithAddresses(asks ? configuration : configuration.Replace("auth_request /riskengine;", "", StringComparison.Ordinal), server);
        _folder.Write("riskengine.conf", configuration);
        var here = _folder.FullName;
        var main = _folder.Write("nginx.conf", $$"""
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            daemon off; worker_processes 1; pid {{here}}/nginx.pid; error_log {{here}}/error.log;
            events { worker_connections 256; }
            http {
                access_log off;
                client_body_temp_path {{here}}/body; proxy_temp_path {{here}}/proxy; fastcgi_temp_path {{here}}/fastcgi; uwsgi_temp_path {{here}}/uwsgi; scgi_temp_path {{here}}/scgi;
                include {{here}}/riskengine.conf;
            }
            """);
        return Start("nginx", "-c", main, "-e", _folder.File("error.log"));
    }

    private Process StartHaproxy(Uri server, bool asks)
    {
        _folder.Write("riskengine.lua", File.ReadAllText(RepositoryRoot.Path("deploy", "haproxy", "riskengine.lua")).Replace("patience = 0.5", "patience = 20", StringComparison.Ordinal));
        var configuration = File.ReadAllText(RepositoryRoot.Path("deploy", "haproxy", "haproxy.cfg"))
            .Replace("bind :80", $"bind 127.0.0.1:{_port} accept-proxy", StringComparison.Ordinal)
            .Replace("/etc/haproxy/riskengine-blocklist.lst", List, StringComparison.Ordinal)
            .Replace("/etc/haproxy/riskengine.lua", _folder.File("riskengine.lua"), StringComparison.Ordinal)
            .Replace("set-var(txn.riskengine_subject) str()", "set-var(txn.riskengine_subject) req.cook(checked)", StringComparison.Ordinal);
        configuration = WithAddresses(asks ? configuration : configuration.Replace("http-request lua.riskengine", "", StringComparison.Ordinal), server);
        return Start("haproxy", "-W", "-f", _folder.Write("haproxy.cfg", configuration));
    }

    private string WithAddresses(string configuration, Uri server) => configuration
        .Replace("127.0.0.1:8080", server.Authority, StringComparison.Ordinal)
        .Replace("127.0.0.1:3000", new Uri(_application.Urls.First()).Authority, StringComparison.Ordinal);

    private static Process Start(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
}
