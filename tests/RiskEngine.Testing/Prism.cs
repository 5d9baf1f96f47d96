using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Xunit;

namespace RiskEngine.Testing;

/// <summary>Prism before something that answers as authentik: it refuses every request, and every answer, that authentik's own description of its API does not know.</summary>
public sealed partial class Prism : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("riskengine-test-");
    private readonly Process _process;
    private readonly int _port;
    private Task _reading = Task.CompletedTask;

    private Prism(Uri upstream, int port)
    {
        _port = port;
        var schema = Path.Combine(_folder.FullName, "schema.yml");
        // Prism leaves out the address that a description gives for its paths; authentik's API is below /api/v3.
        File.WriteAllText(schema, Paths().Replace(File.ReadAllText(Schema), "  /api/v3/"));
        _process = Process.Start(new ProcessStartInfo(Program, ["proxy", schema, upstream.GetLeftPart(UriPartial.Authority), "--errors", "--port", $"{port}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
    }

    public static string Program { get; } = RepositoryRoot.Path(".local", "prism", "node_modules", ".bin", "prism");

    public static string Schema { get; } = RepositoryRoot.Path(".local", "authentik", "schema.yml");

    public Uri Url => new($"http://127.0.0.1:{_port}");

    public static async Task<Prism> StartAsync(Uri upstream)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var prism = new Prism(upstream, port);
        try
        {
            await prism.ListenAsync();
            return prism;
        }
        catch
        {
            await prism.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task ListenAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (!line.Contains("Prism is listening", StringComparison.Ordinal)) continue;
            _reading = Task.WhenAll(_process.StandardOutput.ReadToEndAsync(CancellationToken.None), _process.StandardError.ReadToEndAsync(CancellationToken.None));
            return;
        }

        throw new InvalidOperationException($"Prism ended: {await _process.StandardError.ReadToEndAsync(patience.Token)}");
    }

    [GeneratedRegex("^  /", RegexOptions.Multiline)]
    private static partial Regex Paths();
}

/// <summary>A test that needs Prism and authentik's schema; skipped, and counted as skipped, where they were not fetched.</summary>
public sealed class PrismFactAttribute : FactAttribute
{
    public PrismFactAttribute()
    {
        if (!File.Exists(Prism.Program) || !File.Exists(Prism.Schema)) Skip = "Prism or authentik's schema.yml was not fetched (tests/fetch-authentik.sh).";
    }
}
