using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Hosting;
using RiskEngine.Host.Tests.Monitoring;
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

    private readonly MailBox _mail = new();
    private readonly string _folder;
    private readonly List<BackgroundProgram> _alertmanagers = [];
    private RealPrometheus? _prometheus;
    private WebApplication? _receiver;

    private Watch(string folder) => _folder = folder;

    /// <summary>Gets what the pager was sent, each alert with the time of its coming.</summary>
    public Inbox<(string Path, JsonElement Alert, DateTimeOffset At)> Pages { get; } = new();

    public Inbox<string> Mails => _mail.Mails;

    /// <summary>Gets where the instances of Alertmanager listen.</summary>
    public List<Uri> Alertmanagers { get; } = [];

    /// <summary>Gets where the only one, or the first, listens.</summary>
    public Uri Alertmanager => Alertmanagers[0];

    /// <param name="server">What Prometheus watches; null for Alertmanager alone.</param>
    /// <param name="instances">Of Alertmanager; more than one are a cluster.</param>
    public static async Task<Watch> StartAsync(string folder, Uri? server, int instances = 1)
    {
        var watch = new Watch(folder);
        try
        {
            await watch.ReceiveAsync();
            await watch.StartProgramsAsync(server, instances);
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
        var answer = await _prometheus!.QueryAsync(series + "[10m]");
        var samples = answer.GetProperty("result")[0].GetProperty("values").EnumerateArray();
        var first = samples.First(sample => sample[1].GetString() == "1")[0].GetDouble();
        return DateTimeOffset.FromUnixTimeMilliseconds((long)(first * 1000));
    }

    /// <summary>What Alertmanager itself says of the alerts it has.</summary>
    public async Task<JsonElement[]> AlertsAsync()
    {
        using var json = JsonDocument.Parse(await AskAsync(Alertmanager, "/api/v2/alerts"));
        return [.. json.RootElement.EnumerateArray().Select(alert => alert.Clone())];
    }

    /// <summary>Waits until all instances know of each other, and send.</summary>
    public async Task JoinedAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        foreach (var address in Alertmanagers)
        {
            while (true)
            {
                using var json = JsonDocument.Parse(await AskAsync(address, "/api/v2/status"));
                var cluster = json.RootElement.GetProperty("cluster");
                if (cluster.GetProperty("status").GetString() == "ready" && cluster.GetProperty("peers").GetArrayLength() == Alertmanagers.Count) break;
                await Task.Delay(200, limit.Token);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_prometheus is not null) await _prometheus.DisposeAsync();
        foreach (var alertmanager in _alertmanagers) await alertmanager.DisposeAsync();
        if (_receiver is not null) await _receiver.DisposeAsync();
        await _mail.DisposeAsync();
    }

    private static async Task<string> AskAsync(Uri address, string path)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        return await http.GetStringAsync(new Uri(address, path));
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

    private async Task StartProgramsAsync(Uri? server, int instances)
    {
        var alerts = RepositoryRoot.Path("Alerts");
        var receiver = _receiver!.Urls.First();
        var alertmanager = File.ReadAllText(Path.Combine(alerts, "alertmanager.yml"))
            .Replace("https://pager.example.org", receiver, StringComparison.Ordinal)
            .Replace("https://heartbeat.example.org", receiver, StringComparison.Ordinal)
            .Replace("mail.example.org:587", $"{_mail.Address}\n  smtp_require_tls: false", StringComparison.Ordinal)
            .Replace("templates/*.tmpl", Path.Combine(alerts, "templates", "*.tmpl"), StringComparison.Ordinal)
            .Replace("group_interval: 1m", "group_interval: 5s", StringComparison.Ordinal);
        var configuration = Path.Combine(_folder, "alertmanager.yml");
        await File.WriteAllTextAsync(configuration, alertmanager);
        List<string> members = [];
        for (var i = 0; i < instances; i++)
        {
            var address = BackgroundProgram.FreeAddress();
            var member = instances == 1 ? "" : BackgroundProgram.FreeAddress();
            string[] cluster = instances == 1 ? [] : [$"--cluster.advertise-address={member}", "--cluster.peer-timeout=3s", .. members.Select(other => $"--cluster.peer={other}")];
            _alertmanagers.Add(await BackgroundProgram.StartAsync(
                address,
                "prometheus-alertmanager",
                [$"--config.file={configuration}", $"--storage.path={Path.Combine(_folder, $"alertmanager{i}")}", $"--web.listen-address={address}", $"--cluster.listen-address={member}", .. cluster]));
            Alertmanagers.Add(new Uri($"http://{address}"));
            members.Add(member);
        }

        if (server is null) return;
        _prometheus = await RealPrometheus.StartAsync(_folder, $$"""
            global: { scrape_interval: 1s, evaluation_interval: {{Evaluation.TotalSeconds}}s }
            rule_files: ['{{alerts}}/rules/*.yml']
            scrape_configs: [{ job_name: riskengine, static_configs: [{ targets: ['{{server.Authority}}'] }] }]
            alerting: { alertmanagers: [{ static_configs: [{ targets: ['{{Alertmanager.Authority}}'] }] }] }
            """);
    }
}
