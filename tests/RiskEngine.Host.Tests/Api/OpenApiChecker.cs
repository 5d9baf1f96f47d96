using System.Diagnostics;
using System.Text.Json;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Api;

/// <summary>Holds requests and answers against the served OpenAPI document, with a validator that is not ours.</summary>
/// <remarks>One process for all tests; thread-safe. It ends with its standard input, so with the tests.</remarks>
internal sealed class OpenApiChecker
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly Lazy<bool> Installed = new(IsInstalled);

    private static readonly SemaphoreSlim Gate = new(1);

    private static OpenApiChecker? _shared;

    private readonly Process _program;

    private OpenApiChecker(string document)
    {
        var script = RepositoryRoot.Path("tests", "RiskEngine.Host.Tests", "Api", "openapi_check.py");
        _program = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-W", "ignore", script]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        using var oneLine = JsonDocument.Parse(document);
        _program.StandardInput.WriteLine(JsonSerializer.Serialize(oneLine));
    }

    /// <summary>Gets whether the validator is installed on this machine.</summary>
    public static bool IsThere => Installed.Value;

    /// <summary>Holds one exchange against the document, which is the same for every server.</summary>
    /// <returns>The operation, null for what the document does not have, and every fault in words.</returns>
    public static async Task<(string? Operation, IReadOnlyList<string> Faults)> CheckAsync(Exchange exchange)
    {
        await Gate.WaitAsync();
        try
        {
            _shared ??= new OpenApiChecker(await ServedDocumentAsync());
            return await _shared.AskAsync(exchange);
        }
        finally
        {
            Gate.Release();
        }
    }

    private static async Task<string> ServedDocumentAsync()
    {
        await using var server = await RunningServer.StartAsync();
        return await server.Admin.GetStringAsync("/openapi/v1.json");
    }

    private async Task<(string? Operation, IReadOnlyList<string> Faults)> AskAsync(Exchange exchange)
    {
        await _program.StandardInput.WriteLineAsync(JsonSerializer.Serialize(exchange, Exchange.Form));
        await _program.StandardInput.FlushAsync();
        var line = await _program.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException($"The validator ended on {exchange.Method} {exchange.Path}.");
        using var answer = JsonDocument.Parse(line);
        return (answer.RootElement.GetProperty("operation").GetString(), [.. answer.RootElement.GetProperty("faults").EnumerateArray().Select(fault => fault.GetString()!)]);
    }

    private static bool IsInstalled()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/python3")) return false;
        using var probe = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", "from jsonschema import Draft202012Validator"]) { RedirectStandardError = true, UseShellExecute = false });
        return probe is not null && probe.WaitForExit(Patience) && probe.ExitCode == 0;
    }
}

/// <summary>One request and its answer; a body that is null was not there or is not looked at.</summary>
internal sealed record Exchange(string Method, string Path, string? RequestType, string? Request, int Status, string? ResponseType, string? Response)
{
    public static JsonSerializerOptions Form { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
