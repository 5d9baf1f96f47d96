using System.CommandLine;
using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Host.Composition;
using RiskEngine.Storage.Moving;

namespace RiskEngine.Host.Cli;

/// <summary><c>migrate</c>: moves what an embedded store holds into the shared one that the configuration names.</summary>
internal static class MigrateCommand
{
    public static Command Create()
    {
        var state = new Option<string?>("--state") { Description = "The file of the embedded store, while no server uses it; store.path of the configuration where none is named." };
        var config = new Option<string?>("--config") { Description = "Configuration file that names the shared store (store.kind: shared); riskengine.yaml in this folder where it is there." };
        var yes = new Option<bool>("--yes") { Description = "Do it, or go on where it broke off. Without it you are told what would be moved." };
        var json = new Option<bool>("--json") { Description = "Write JSON." };
        var command = new Command("migrate", "Move an embedded store into a shared one that nobody served yet, and check that all of it is there.") { state, config, yes, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var settings = SettingsLoader.Load(parsed.GetValue(config));
            if (settings.Store.Kind != StoreKind.Shared) throw new CommandFailure(ExitCode.Usage, "store.kind: the store to move into is not configured. Set store.kind: shared, postgres and redis, as docs/scaling.md says; the file is named with --state.");
            var report = await MoveAsync(parsed.GetValue(state) ?? settings.Store.Path, settings, parsed.GetValue(yes), cancellation);
            if (parsed.GetValue(json)) Console.Out.WriteLine(JsonSerializer.Serialize(report, JsonSerializerOptions.Web));
            else Print(report);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<MigrationReport> MoveAsync(string path, RiskEngineSettings settings, bool apply, CancellationToken cancellation)
    {
        var isShown = !Console.IsErrorRedirected;
        try
        {
            return await StoreMigration.RunAsync(path, Stores.SharedSettings(settings), apply, "system", TimeProvider.System, Show, cancellation);
        }
        catch (OperationCanceledException)
        {
            throw new CommandFailure(ExitCode.Failed, $"Stopped. {path} is as it was; 'riskengine migrate --yes' goes on where this ended.");
        }
        finally
        {
            if (isShown) Console.Error.Write("\r\u001b[K");
        }

        void Show(string table, long rows)
        {
            if (isShown) Console.Error.Write($"\r\u001b[K{table}: {rows} rows");
        }
    }

    private static void Print(MigrationReport report)
    {
        Console.Out.WriteLine($"{"",-16}{(report.IsDone ? "moved" : "to move"),12}");
        foreach (var table in report.Tables) Console.Out.WriteLine($"{table.Table,-16}{table.Rows,12}");
        if (report.Nameless > 0) Console.Out.WriteLine($"{report.Nameless} erased events keep no id: should their source send them again within a week, they are judged anew.");
        Console.Out.WriteLine(report.IsDone
            ? "All of it is there, by count and checksum. Start the replicas; keep the file until they have run for a while."
            : "Nothing was changed. --yes does it.");
    }
}
