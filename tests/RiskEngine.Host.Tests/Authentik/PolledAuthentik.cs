using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Configuration;
using RiskEngine.Core.Facts;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Host.Tests.Authentik;

/// <summary>A stand-in for authentik, and engines on one file that poll it.</summary>
internal sealed class PolledAuthentik : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private AuthentikStandIn? _standIn;
    private string? _policy;

    public RiskEngineSettings Settings => new()
    {
        Store = new StoreSettings { Path = _folder.File("state.db") },
        Policy = new PolicySettings { File = _policy },
        Sources = new SourceSettings { Authentik = new AuthentikSourceSettings { Url = _standIn!.Url, TokenFile = _folder.File("token") } },
    };

    /// <param name="policy">What the file of the policy says; null for the built-in one.</param>
    public async Task<AuthentikStandIn> StandInAsync(string? policy = null)
    {
        WriteToken(AuthentikStandIn.Token);
        if (policy is not null) _policy = _folder.Write("policy.yaml", policy);
        return _standIn = await AuthentikStandIn.StartAsync();
    }

    public void WriteToken(string token) => _folder.Write("token", token);

    /// <param name="spans">Who takes every span; null for nobody.</param>
    public RunningEngine Open(Uri? spans = null)
    {
        var settings = spans is null ? Settings : Settings with { Otlp = new OtlpSettings { Endpoint = spans, Interval = TimeSpan.FromSeconds(1), Sampling = 1 } };
        return RunningEngine.Start(null, settings, Stores.OpenFile(settings.Store.Path, settings), [], NullLoggerFactory.Instance);
    }

    public AuthentikSource Source(RunningEngine engine, ILogger? log = null) => new(Settings.Sources.Authentik, new OutboundRules(), engine, log ?? NullLogger.Instance, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        if (_standIn is not null) await _standIn.DisposeAsync();
        _folder.Dispose();
    }
}
