using System.CommandLine;
using System.Text.Json;
using RiskEngine.Host.Composition;
using RiskEngine.Storage.Rotation;
using RiskEngine.Storage.Sqlite.Rotation;

namespace RiskEngine.Host.Cli;

/// <summary><c>keys rotate-hashes</c>: gives a store that nobody serves a new secret for its hashes.</summary>
internal static class RotateHashesCommand
{
    public static Command Create()
    {
        var state = new Option<string?>("--state") { Description = "The store, while no server uses it; store.path of the configuration where none is named." };
        var config = new Option<string?>("--config") { Description = "Configuration file, for store.path; riskengine.yaml in this folder where it is there." };
        var yes = new Option<bool>("--yes") { Description = "Do it. Without it, it is done on a copy, and you are told what would become of what is stored." };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var command = new Command("rotate-hashes", "Give the store a new secret for its hashes, by which subjects are found and pseudonyms in logs are made.") { state, config, yes, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = parsed.GetValue(state) ?? Stores.FileOf(SettingsLoader.Load(parsed.GetValue(config)), null);
            var apply = parsed.GetValue(yes);
            var report = await Task.Run(() => Rotate(path, apply, cancellation), CancellationToken.None);
            if (parsed.GetValue(json)) await Console.Out.WriteLineAsync(ToJson(report, apply));
            else Print(report, apply);
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

    private static void Print(RotationReport report, bool isDone)
    {
        Console.Out.WriteLine($"{"",-14}{(isDone ? "kept" : "would keep"),12}{(isDone ? "lost" : "would lose"),12}");
        foreach (var table in report.Tables) Console.Out.WriteLine($"{table.Table,-14}{table.Kept,12}{table.Lost,12}");
        Console.Out.WriteLine(isDone
            ? "The store has a new secret. Copies and backups of the old file still have the old one."
            : "Nothing was changed. docs/privacy.md says what each loss means; --yes does it.");
    }

    private static string ToJson(RotationReport report, bool isDone)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("done", isDone);
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
