using RiskEngine.Host.Tests.Monitoring;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Dashboards;

/// <summary>RiskEngine under way, an authentik of each generation, and a real Prometheus that watches all of them by the recording rules and remembers a year.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private const int Pulses = 6;

    private readonly TemporaryFolder _folder = new();
    private readonly List<AuthentikExporter> _authentiks = [];
    private WholeProgram? _program;
    private RealPrometheus? _prometheus;

    public RealPrometheus Prometheus => _prometheus!;

    public WholeProgram Program => _program!;

    public static async Task<Stage> SetAsync()
    {
        var stage = new Stage();
        try
        {
            await stage.BeginAsync();
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_prometheus is not null) await _prometheus.DisposeAsync();
        if (_program is not null) await _program.DisposeAsync();
        foreach (var authentik in _authentiks) await authentik.DisposeAsync();
        _folder.Dispose();
    }

    private async Task BeginAsync()
    {
        _authentiks.Add(await AuthentikExporter.StartAsync("histograms", "core"));
        _authentiks.Add(await AuthentikExporter.StartAsync("summaries", "core"));
        _program = await WholeProgram.StartAsync();
        var instance = _program.Address.Authority;
        await YearOfLogins.WriteAsync(_folder.FullName, instance, TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1));
        _prometheus = await RealPrometheus.StartAsync(
            _folder.FullName,
            $$"""
            global: { scrape_interval: 1s, evaluation_interval: 1s }
            rule_files: ['{{RepositoryRoot.Path("Alerts", "rules", "recording.yml")}}']
            scrape_configs:
              - { job_name: riskengine, static_configs: [{ targets: ['{{instance}}'] }] }
              - { job_name: authentik, static_configs: [{ targets: ['{{_authentiks[0].Address}}', '{{_authentiks[1].Address}}'] }] }
            """,
            "--storage.tsdb.retention.time=3y",
            // The year has a sample an hour, where a real one has one every few seconds.
            "--query.lookback-delta=65m");
        await SeenAsync("riskengine_build_info");
        await _program.LoadYesterdayAsync();
        for (var pulse = 0; pulse < Pulses; pulse++)
        {
            await _program.PulseAsync();
            await SeenAsync($"riskengine_feedback_total{{label=\"safe\"}} == {pulse + 1}");
        }

        // What is recorded from what is recorded needs a few evaluations.
        await SeenAsync("count_over_time(instance:riskengine_evaluate_errors:increase3d[1m]) >= 3");
    }

    private async Task SeenAsync(string expression)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await _prometheus!.QueryAsync(expression)).GetProperty("result").GetArrayLength() == 0) await Task.Delay(200, patience.Token);
    }
}
