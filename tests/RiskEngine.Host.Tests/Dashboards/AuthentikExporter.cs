using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Dashboards;

/// <summary>Shows Prometheus what an authentik of either generation shows: the files beside this one, counters and histograms growing with every second.</summary>
internal sealed class AuthentikExporter : IAsyncDisposable
{
    private static readonly string[] Growing = ["_total", "_bucket", "_sum", "_count"];

    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();
    private readonly WebApplication _app;

    private AuthentikExporter(string[] files)
    {
        var text = string.Concat(files.Select(file => File.ReadAllText(FileOf(file))));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(context => context.Response.WriteAsync(Grown(text, (TimeProvider.System.GetUtcNow() - _start).TotalSeconds)));
    }

    public string Address => new Uri(_app.Urls.First()).Authority;

    public static string FileOf(string name) => RepositoryRoot.Path("tests", "RiskEngine.Host.Tests", "Dashboards", $"authentik-{name}.prom");

    public static async Task<AuthentikExporter> StartAsync(params string[] files)
    {
        var made = new AuthentikExporter(files);
        await made._app.StartAsync();
        return made;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static string Grown(string text, double seconds)
    {
        var grown = new StringBuilder();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = line.Split('{', ' ')[0];
            var value = line.LastIndexOf(' ');
            if (line.StartsWith('#') || !Array.Exists(Growing, name.EndsWith)) grown.Append(line).Append('\n');
            else grown.Append(CultureInfo.InvariantCulture, $"{line.AsSpan(0, value)} {double.Parse(line.AsSpan(value + 1), CultureInfo.InvariantCulture) * Math.Ceiling(seconds)}\n");
        }

        return grown.ToString();
    }
}
