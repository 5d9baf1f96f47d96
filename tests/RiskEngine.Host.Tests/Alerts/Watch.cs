using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Alerts;

/// <summary>
/// A real Prometheus and a real Alertmanager that watch a server by the files under <c>Alerts/</c>. Changed are only addresses, and how long a group
/// waits for its next message.
/// </summary>
internal sealed class Watch : IAsyncDisposable
{
    /// <summary>How often rules are evaluated; long enough that a busy machine skips none.</summary>
    public static readonly TimeSpan Evaluation = TimeSpan.FromSeconds(5);

    private readonly List<Process> _processes = [];
    private readonly MailBox _mail = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly string _folder;
    private readonly string _prometheus = FreeAddress();
    private readonly string _alertmanager = FreeAddress();
    private WebApplication? _receiver;

    private Watch(string folder) => _folder = folder;

    /// <summary>Gets what the pager was sent, each alert with the time of its coming.</summary>
    public Inbox<(string Path, JsonElement Alert, DateTimeOffset At)> Pages { get; } = new();

    public Inbox<string> Mails => _mail.Mails;

    /// <summary>Gets where Alertmanager listens.</summary>
    public Uri Alertmanager => new($"http://{_alertmanager}");

    /// <param name="server">What Prometheus watches; null for Alertmanager alone.</param>
    public static async Task<Watch> StartAsync(string folder, Uri? server)
    {
        var watch = new Watch(folder);
        try
        {
            await watch.ReceiveAsync();
            watch.StartPrograms(server);
            await watch.ReadyAsync(watch._alertmanager);
            if (server is not null) await watch.ReadyAsync(watch._prometheus);
            return watch;
        }
        catch
        {
            await watch.DisposeAsync();
            throw;
        }
    }

    /// <summary>When Prometheus first saw a series at 1.</summary>
    public async Task<DateTimeOffset> FirstSeenAsync(string series)
    {
        var answer = await _http.GetStringAsync(new Uri($"http://{_prometheus}/api/v1/query?query={Uri.EscapeDataString(series + "[10m]")}"));
        using var json = JsonDocument.Parse(answer);
        var samples = json.RootElement.GetProperty("data").GetProperty("result")[0].GetProperty("values").EnumerateArray();
        var first = samples.First(sample => sample[1].GetString() == "1")[0].GetDouble();
        return DateTimeOffset.FromUnixTimeMilliseconds((long)(first * 1000));
    }

    /// <summary>What Alertmanager itself says of the alerts it has.</summary>
    public async Task<JsonElement[]> AlertsAsync()
    {
        using var json = JsonDocument.Parse(await _http.GetStringAsync(new Uri(Alertmanager, "/api/v2/alerts")));
        return [.. json.RootElement.EnumerateArray().Select(alert => alert.Clone())];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        if (_receiver is not null) await _receiver.DisposeAsync();
        await _mail.DisposeAsync();
        _http.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.Run(async context =>
        {
            using var message = await JsonDocument.ParseAsync(context.Request.Body);
            foreach (var alert in message.RootElement.GetProperty("alerts").EnumerateArray()) Pages.Add((context.Request.Path.Value!, alert.Clone(), DateTimeOffset.UtcNow));
        });
        await _receiver.StartAsync();
    }

    private void StartPrograms(Uri? server)
    {
        var alerts = RepositoryRoot.Path("Alerts");
        var receiver = _receiver!.Urls.First();
        var alertmanager = File.ReadAllText(Path.Combine(alerts, "alertmanager.yml"))
            .Replace("https://pager.example.org", receiver, StringComparison.Ordinal)
            .Replace("https://heartbeat.example.org", receiver, StringComparison.Ordinal)
            .Replace("mail.example.org:587", $"{_mail.Address}\n  smtp_require_tls: false", StringComparison.Ordinal)
            .Replace("templates/*.tmpl", Path.Combine(alerts, "templates", "*.tmpl"), StringComparison.Ordinal)
            .Replace("group_interval: 1m", "group_interval: 5s", StringComparison.Ordinal);
        Start("prometheus-alertmanager", Write("alertmanager.yml", alertmanager), $"--storage.path={Path.Combine(_folder, "alertmanager")}", $"--web.listen-address={_alertmanager}", "--cluster.listen-address=");
        if (server is null) return;
        var prometheus = $$"""
            global: { scrape_interval: 1s, evaluation_interval: {{Evaluation.TotalSeconds}}s }
            rule_files: ['{{alerts}}/rules/*.yml']
            scrape_configs: [{ job_name: riskengine, static_configs: [{ targets: ['{{server.Authority}}'] }] }]
            alerting: { alertmanagers: [{ static_configs: [{ targets: ['{{_alertmanager}}'] }] }] }
            """;
        Start("prometheus", Write("prometheus.yml", prometheus), $"--storage.tsdb.path={Path.Combine(_folder, "prometheus")}", $"--web.listen-address={_prometheus}");
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return $"--config.file={file}";
    }

    private void Start(string program, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        _processes.Add(process);
    }

    private async Task ReadyAsync(string address)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                using var answer = await _http.GetAsync(new Uri($"http://{address}/-/ready"), patience.Token);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(100, patience.Token);
        }
    }

    private static string FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener.LocalEndpoint.ToString()!;
    }
}
