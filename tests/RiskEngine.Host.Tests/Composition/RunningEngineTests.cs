using Microsoft.Extensions.Logging.Abstractions;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Tests.Telemetry;

namespace RiskEngine.Host.Tests.Composition;

public sealed class RunningEngineTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("riskengine-test-").FullName;

    private string Config => Path.Combine(_folder, "riskengine.yaml");

    [Fact]
    public async Task A_configuration_that_goes_away_leaves_the_one_that_was_read_in_force()
    {
        File.WriteAllText(Config, "policy:\n  mode: enforce\n");
        await using var engine = Start();
        File.Delete(Config);
        engine.Reload();
        Assert.Equal(PolicyMode.Enforce, engine.Parts.Engine.Current.Snapshot.Policy.Mode);
    }

    [Fact]
    public async Task Who_looks_at_the_audit_sees_when_rules_began_to_be_enforced()
    {
        File.WriteAllText(Config, "policy:\n  mode: monitor\n");
        await using var engine = Start();
        engine.Reload();
        Assert.Empty(await AuditAsync(engine));
        File.WriteAllText(Config, "policy:\n  mode: enforce\n");
        engine.Reload();
        File.WriteAllText(Config, "policy:\n  mode: nonsense\n");
        engine.Reload();
        var entry = Assert.Single(await AuditAsync(engine)).Entry;
        Assert.Equal(("system", "engine.swap", $"policy:{engine.Parts.Engine.Current.Snapshot.Policy.Version}"), (entry.Who, entry.What, entry.Target));
        Assert.Contains("mode monitor to enforce", entry.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_and_a_file_of_facts_that_change_at_once_do_not_wait_for_each_other()
    {
        var feed = Path.Combine(_folder, "feed.txt");
        File.WriteAllText(feed, "203.0.113.7\n");
        File.WriteAllText(Config, $"feeds:\n  - name: one\n    path: {feed}\n    group: reputation\n");
        await using var engine = Start();
        var files = EngineParts.FilesOf(SettingsLoader.Load(Config));
        var reloads = Task.Run(() => Repeat(engine.Reload));
        var polls = Task.Run(() => Repeat(() => engine.Facts.Use(files)));
        await Task.WhenAll(reloads, polls).WaitAsync(Patience);
    }

    [Fact]
    public async Task Failures_of_the_store_have_a_series_for_every_operation_from_the_start()
    {
        File.WriteAllText(Config, "policy:\n  mode: monitor\n");
        await using var engine = Start();
        var metrics = engine.Telemetry.Scrape(openMetrics: false);
        foreach (var operation in (string[])["load", "commit", "flush", "query", "change", "prune"])
            Assert.Contains($"riskengine_store_errors_total{{operation=\"{operation}\",store=\"memory\"}} 0", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(CarriedPart.Novelty, "novelty")]
    [InlineData(CarriedPart.Season, "season")]
    public async Task What_a_model_had_learnt_and_nobody_can_read_is_told_and_everything_else_serves_on(CarriedPart part, string name)
    {
        File.WriteAllText(Config, "policy:\n  mode: monitor\n");
        using var log = new RecordingLoggerFactory();
        var store = Stores.Memory(keepsAssessments: false);
        var damaged = new Effects();
        damaged.Begin(new EventBatch());
        await store.State.LoadAsync(damaged.View, CancellationToken.None);
        damaged.View.Carried.Write(part, 40).Fill(9);
        await store.State.CommitAsync(damaged, CancellationToken.None);

        await using var engine = RunningEngine.Start(Config, SettingsLoader.Load(Config), store, [], log);
        Assert.Contains($"What the model {name} had learnt cannot be read", Assert.Single(log.Messages, message => message.StartsWith("What the model", StringComparison.Ordinal)), StringComparison.Ordinal);
        var entry = Assert.Single(await AuditAsync(engine)).Entry;
        Assert.Equal(("system", "model.lost", $"model:{name}"), (entry.Who, entry.What, entry.Target));
        Assert.NotEmpty(engine.Parts.Engine.Current.Snapshot.ModelVersion);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ValueTask<IReadOnlyList<AuditRecord>> AuditAsync(RunningEngine engine) => engine.Parts.Records.ReadAuditAsync(0, 10, CancellationToken.None);

    private static void Repeat(Action action)
    {
        for (var i = 0; i < 50; i++) action();
    }

    private RunningEngine Start()
    {
        var settings = SettingsLoader.Load(Config);
        return RunningEngine.Start(Config, settings, Stores.Memory(keepsAssessments: false), [], NullLoggerFactory.Instance);
    }
}
