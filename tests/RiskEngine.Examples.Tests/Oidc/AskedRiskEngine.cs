using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Examples.Tests.Oidc;

/// <summary>The built program with the example's places, its two keys, and a month of ordinary logins that the example's script told it of.</summary>
internal sealed class AskedRiskEngine : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private ServedProgram? _program;

    public HttpClient Admin { get; private set; } = null!;

    /// <summary>Gets what the example's scripts need to know to ask and to tell it.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <param name="mode">Of the built-in policy.</param>
    public static async Task<AskedRiskEngine> StartAsync(string mode = "enforce")
    {
        var engine = new AskedRiskEngine();
        try
        {
            await Node.RunAsync("places.js", engine._folder.File("places.mmdb"));
            var command = Host.Tests.Cli.Program.Command("serve");
            command.Environment["RISKENGINE__POLICY__MODE"] = mode;
            command.Environment["RISKENGINE__GEO__CITY"] = "places.mmdb";
            command.Environment["RISKENGINE__GEO__ASN"] = Path.Combine(Node.Folder, "networks.csv");
            engine._program = await ServedProgram.StartAsync(engine._folder.FullName, command);
            engine.Admin = engine._program.Client();
            engine.Settings["RISKENGINE"] = engine._program.Address.GetLeftPart(UriPartial.Authority);
            engine.Settings["EVALUATE_KEY_FILE"] = await engine.KeyAsync("evaluate");
            engine.Settings["EVENTS_KEY_FILE"] = await engine.KeyAsync("events:write");
            await Node.RunAsync(Node.Command("seed.js", new Dictionary<string, string>(engine.Settings) { ["USER_AGENT"] = Visitor.KnownBrowser }));
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    public async Task<JsonElement> GetAsync(string path) => await Admin.GetFromJsonAsync<JsonElement>(path);

    public async Task<JsonElement[]> ItemsAsync(string path) => [.. (await GetAsync(path)).GetProperty("items").EnumerateArray()];

    public async Task BlockAsync(string address)
    {
        using var made = await Admin.PostAsJsonAsync("/api/v1/blocks", new { scope = "ip", value = address, duration = "1h", reason = "a test" });
        made.EnsureSuccessStatusCode();
    }

    /// <summary>Asks until the answer is as awaited, half a minute at most.</summary>
    public async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> isSo, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (isSo(answer)) return answer;
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"Not seen in time: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    public Task StopAsync() => _program!.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Admin?.Dispose();
        if (_program is not null) await _program.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<string> KeyAsync(string scope)
    {
        using var made = await Admin.PostAsJsonAsync("/api/v1/keys", new { name = scope.Replace(':', '-'), scopes = new[] { scope } });
        made.EnsureSuccessStatusCode();
        var key = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("key").GetString()!;
        return _folder.Write(scope.Replace(':', '-') + ".key", key);
    }
}
