using System.Diagnostics;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.CrowdSec;

/// <summary>CrowdSec's own local API, the program itself, without network and hub.</summary>
internal sealed class RealLapi : IAsyncDisposable
{
    public const string Key = "0123456789abcdef0123456789abcdef";

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = BouncerProgram.FreePort();
    private readonly string _configuration;
    private Process? _process;

    private RealLapi()
    {
        foreach (var name in new[] { "data", "hub", "notifications", "plugins" }) Directory.CreateDirectory(_folder.File(name));
        _folder.Write("simulation.yaml", "simulation: false\n");
        _folder.Write("credentials.yaml", "");
        File.WriteAllText(Path.Combine(_folder.File("hub"), ".index.json"), "{}");
        _folder.Write("profiles.yaml", "name: nothing\nfilters: ['false']\ndecisions: [{ type: ban, duration: 4h }]\non_success: break\n");
        var here = _folder.FullName;
        _configuration = _folder.Write("config.yaml", $$"""
            common: { daemonize: false, log_media: stdout, log_level: info, working_dir: '{{here}}' }
            config_paths: { config_dir: '{{here}}', data_dir: '{{here}}/data', simulation_path: '{{here}}/simulation.yaml', hub_dir: '{{here}}/hub', index_path: '{{here}}/hub/.index.json', notification_dir: '{{here}}/notifications', plugin_dir: '{{here}}/plugins' }
            cscli: { output: human }
            db_config: { type: sqlite, db_path: '{{here}}/data/crowdsec.db' }
            api:
              client: { credentials_path: '{{here}}/credentials.yaml' }
              server: { listen_uri: '127.0.0.1:{{_port}}', profiles_path: '{{here}}/profiles.yaml' }
            prometheus: { enabled: false }
            """);
    }

    public Uri Url => new($"http://127.0.0.1:{_port}");

    /// <summary>Where its programs lie; null where they are not there.</summary>
    public static string? Folder { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append(RepositoryRoot.Path(".local", "crowdsec", "usr", "bin"))
        .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "crowdsec")) && File.Exists(Path.Combine(folder, "cscli")));

    public static async Task<RealLapi> StartAsync()
    {
        var lapi = new RealLapi();
        await lapi.CscliAsync("machines", "add", "test", "--password", "a password for testing", "--force", "-f", lapi._folder.File("credentials.yaml"));
        await lapi.CscliAsync("bouncers", "add", "riskengine", "-k", Key);
        await lapi.ServeAsync();
        return lapi;
    }

    public async Task ServeAsync()
    {
        _process = Process.Start(new ProcessStartInfo(Path.Combine(Folder!, "crowdsec"), ["-no-cs", "-c", _configuration]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var bouncer = Bouncer.Of(Url, Key);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                using var answer = await bouncer.Client.GetAsync("/v1/decisions", patience.Token);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
            }
        }
    }

    public async Task StopAsync()
    {
        if (_process is null) return;
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async Task CscliAsync(params string[] arguments)
    {
        using var cscli = Process.Start(new ProcessStartInfo(Path.Combine(Folder!, "cscli"), ["-c", _configuration, .. arguments]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (said, _) = (await cscli.StandardError.ReadToEndAsync(), await cscli.StandardOutput.ReadToEndAsync());
        await cscli.WaitForExitAsync();
        Assert.True(cscli.ExitCode == 0, said);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }
}

/// <summary>A test against CrowdSec itself; skipped, and counted as skipped, where it is absent.</summary>
public sealed class CrowdsecFactAttribute : FactAttribute
{
    public CrowdsecFactAttribute()
    {
        if (RealLapi.Folder is null) Skip = "The programs crowdsec and cscli are not there.";
    }
}
