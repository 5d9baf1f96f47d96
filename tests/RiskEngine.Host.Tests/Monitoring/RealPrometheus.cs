using System.Globalization;
using System.Text.Json;

namespace RiskEngine.Host.Tests.Monitoring;

/// <summary>A real Prometheus on loopback, and what it answers.</summary>
internal sealed class RealPrometheus : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };
    private readonly BackgroundProgram _program;

    private RealPrometheus(BackgroundProgram program, string address)
    {
        _program = program;
        _http.BaseAddress = new Uri($"http://{address}/");
    }

    /// <param name="folder">Where configuration and data lie; blocks under its <c>prometheus</c> are history.</param>
    /// <param name="configuration">The whole of <c>prometheus.yml</c>.</param>
    /// <param name="flags">More of its flags.</param>
    public static Task<RealPrometheus> StartAsync(string folder, string configuration, params string[] flags) => StartAsync(folder, configuration, new Dictionary<string, string>(), flags);

    /// <summary>The same with variables in its environment.</summary>
    public static async Task<RealPrometheus> StartAsync(string folder, string configuration, IReadOnlyDictionary<string, string> environment, params string[] flags)
    {
        var file = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(file, configuration);
        var address = BackgroundProgram.FreeAddress();
        string[] arguments = [$"--config.file={file}", $"--storage.tsdb.path={Path.Combine(folder, "prometheus")}", $"--web.listen-address={address}", .. flags];
        return new RealPrometheus(await BackgroundProgram.StartAsync(address, environment, "prometheus", arguments), address);
    }

    /// <summary>What an expression is now.</summary>
    public Task<JsonElement> QueryAsync(string expression) => GetAsync($"api/v1/query?query={Uri.EscapeDataString(expression)}");

    /// <summary>What an expression was over time.</summary>
    public Task<JsonElement> QueryRangeAsync(string expression, DateTimeOffset from, DateTimeOffset to, TimeSpan step) =>
        GetAsync($"api/v1/query_range?query={Uri.EscapeDataString(expression)}&start={Seconds(from)}&end={Seconds(to)}&step={step.TotalSeconds.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>The values of a label among the series of a selector.</summary>
    public Task<JsonElement> LabelValuesAsync(string label, string selector) => GetAsync($"api/v1/label/{label}/values?match[]={Uri.EscapeDataString(selector)}");

    public Task<JsonElement> ExemplarsAsync(string expression, DateTimeOffset from, DateTimeOffset to) =>
        GetAsync($"api/v1/query_exemplars?query={Uri.EscapeDataString(expression)}&start={Seconds(from)}&end={Seconds(to)}");

    /// <summary>The configuration that it runs on.</summary>
    public Task<JsonElement> ConfigurationAsync() => GetAsync("api/v1/status/config");

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _program.DisposeAsync();
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"{Uri.UnescapeDataString(path)}: {text}");
        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("data").Clone();
    }

    private static string Seconds(DateTimeOffset at) => (at.ToUnixTimeMilliseconds() / 1000.0).ToString(CultureInfo.InvariantCulture);
}
