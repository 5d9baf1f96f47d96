using System.CommandLine;
using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Host.Composition;
using RiskEngine.Storage.Rotation;
using RiskEngine.Storage.Sqlite.Rotation;

namespace RiskEngine.Host.Cli;

/// <summary><c>keys rotate-hashes</c>: gives a store that nobody serves a new secret for its hashes.</summary>
internal static class RotateHashesCommand
{
    public static Command Create()
    {
        var state = new Option<string?>("--state") { Description = "The file of an embedded store, while no server uses it; the configured store where none is named." };
        var config = new Option<string?>("--config") { Description = "Configuration file that names the store; riskengine.yaml in this folder where it is there." };
        var yes = new Option<bool>("--yes") { Description = "Do it. Without it, it is done and thrown away, and you are told what would become of what is stored." };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var command = new Command("rotate-hashes", "Give the store a new secret for its hashes, by which subjects are found and pseudonyms in logs are made.") { state, config, yes, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var apply = parsed.GetValue(yes);
            var file = parsed.GetValue(state);
            var settings = file is null ? SettingsLoader.Load(parsed.GetValue(config)) : null;
            var isShared = settings?.Store.Kind == StoreKind.Shared;
            var report = isShared ? await RotateAsync(settings!, apply, cancellation) : await Task.Run(() => Rotate(file ?? settings!.Store.Path, apply, cancellation), CancellationToken.None);
            if (parsed.GetValue(json)) await Console.Out.WriteLineAsync(ToJson(report, apply));
            else Print(report, apply, isShared);
            return ExitCode.Done;
        });
        return command;
    }

    private static RotationReport Rotate(string path, bool apply, CancellationToken cancellation)
    {
        try
        {
            return HashSecretRotation.Run(path, apply, "system", TimeProvider.System, null, cancellation);
        }
        catch (OperationCanceledException)
        {
            throw new CommandFailure(ExitCode.Failed, $"Stopped. The store {path} is as it was.");
        }
    }

    private static async Task<RotationReport> RotateAsync(RiskEngineSettings settings, bool apply, CancellationToken cancellation)
    {
        try
        {
            var rotation = await Stores.OpenRotationAsync(settings, cancellation);
            return await rotation.RunAsync(apply, "system", TimeProvider.System, cancellation);
        }
        catch (OperationCanceledException)
        {
            throw new CommandFailure(ExitCode.Failed, "Stopped. The shared store is as it was.");
        }
    }

    private static void Print(RotationReport report, bool isDone, bool isShared)
    {
        Console.Out.WriteLine($"{"",-14}{(isDone ? "kept" : "would keep"),12}{(isDone ? "lost" : "would lose"),12}");
        foreach (var table in report.Tables) Console.Out.WriteLine($"{table.Table,-14}{table.Kept,12}{table.Lost,12}");
        if (!isDone) Console.Out.WriteLine("Nothing was changed. docs/privacy.md says what each loss means; --yes does it.");
        else if (!isShared) Console.Out.WriteLine("The store has a new secret. Copies and backups of the old file still have the old one.");
        else Console.Out.WriteLine("The store has a new secret. Start the replicas. Copies and backups of the database, and its log until that is written over, still have the old one.");
        if (report.HasCopiesLeft) Console.Out.WriteLine("Redis did not answer, so it still has copies under old hashes. Nobody reads them; they go within redis.time_to_live, or with FLUSHALL.");
    }

    private static string ToJson(RotationReport report, bool isDone)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("done", isDone);
            writer.WriteBoolean("copies_left", report.HasCopiesLeft);
            writer.WriteStartObject("tables");
            foreach (var table in report.Tables)
            {
                writer.WriteStartObject(table.Table);
                writer.WriteNumber("kept", table.Kept);
                writer.WriteNumber("lost", table.Lost);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }
}
