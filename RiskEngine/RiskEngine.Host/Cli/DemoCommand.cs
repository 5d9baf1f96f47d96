using System.CommandLine;
using RiskEngine.Configuration;
using RiskEngine.Core.Policies;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Demonstration;
using RiskEngine.Host.Replaying;
using RiskEngine.Host.Serving;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Cli;

/// <summary><c>demo</c>: the whole program on a store that is thrown away, with a simulated day of logins and attacks played into it.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = "Configuration file; its store and administrator key are not used." };
        var seed = new Option<long>("--seed") { Description = "What the traffic is drawn from.", DefaultValueFactory = _ => 1 };
        var command = new Command("demo", "Play a simulated day of logins with attacks in it, show what is seen, judged and blocked, and keep serving.") { config, seed };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(config), parsed.GetValue(seed), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string? config, long seed, CancellationToken cancellation)
    {
        var settings = StartCheck.LoadToServe(config);
        var folder = Directory.CreateTempSubdirectory("riskengine-demo-").FullName;
        try
        {
            return await RunAsync(config, Throwaway(settings, folder), seed, cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> RunAsync(string? config, RiskEngineSettings settings, long seed, CancellationToken cancellation)
    {
        using var loggers = new JsonLogging(new LogSettings { Level = LogVerbosity.Error });
        var store = Stores.OpenFile(settings.Store.Path, settings);
        var (statistics, labels) = (new ReplayStatistics(), new LabelTap());
        await using var engine = RunningEngine.Start(config, settings, store, [statistics, labels], loggers);
        foreach (var missing in engine.Parts.Facts.Missing) Console.Error.WriteLine(Missing(missing));

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var playing = Task.CompletedTask;
        var code = await Server.RunAsync(
            ServerSettings.From(settings), engine.Parts, loggers, address => playing = PlayAsync(engine, store, statistics, labels, settings, address, seed, stop.Token), cancellation);
        await stop.CancelAsync();
        await playing;
        return code;
    }

    private static string Missing(string kind) => kind == "feeds"
        ? "No feeds: reputation comes from this program's own events alone. Name lists under feeds."
        : $"No {kind} data: what events do not say of their addresses is not known. Name files under geo.{kind}, or as RISKENGINE__GEO__{kind.ToUpperInvariant()}.";

    private static RiskEngineSettings Throwaway(RiskEngineSettings settings, string folder) => settings with
    {
        Store = settings.Store with { Kind = StoreKind.Embedded, Path = Path.Combine(folder, "demo.db") },
        Http = settings.Http with { AdminKeyFile = Path.Combine(folder, "admin.key") },
        Policy = settings.Policy with { Mode = settings.Policy.Mode ?? PolicyMode.Enforce },
        // What is played is nobody else's.
        Kafka = new KafkaSettings(),
    };

    private static async Task PlayAsync(
        RunningEngine engine, OpenStore store, ReplayStatistics statistics, LabelTap labels, RiskEngineSettings settings, string address, long seed,
        CancellationToken cancellation)
    {
        var key = await File.ReadAllTextAsync(settings.Http.AdminKeyFile, cancellation);
        await Console.Out.WriteLineAsync($"Listening on {address}");
        await Console.Out.WriteLineAsync($"Administrator key {key.Trim()}");
        await Console.Out.WriteLineAsync($"Try: curl -H 'Authorization: Bearer {key.Trim()}' '{address}/api/v1/assessments?level=high'");
        var traffic = new DemoTraffic(engine.Parts.Judge, labels.Wrap(DemoTraffic.FormatOf(store.State.Hash)), TimeProvider.System);
        var screen = new DemoScreen(statistics, labels, () => traffic.Now, () => store.State.Blocks.All);
        await screen.ShowAsync(traffic.PlayAsync(seed, cancellation));
        if (!cancellation.IsCancellationRequested) await Console.Out.WriteLineAsync($"The day is over; still serving on {address}. Stop with Ctrl+C.");
    }
}
