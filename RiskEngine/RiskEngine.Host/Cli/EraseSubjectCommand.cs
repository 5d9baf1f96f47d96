using System.CommandLine;
using System.Text.Json;

namespace RiskEngine.Host.Cli;

/// <summary><c>erase-subject NAME</c>: forgets a person, through the running program.</summary>
internal static class EraseSubjectCommand
{
    /// <summary>A large store is searched as a whole.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    public static Command Create()
    {
        var options = new ApiClient.Options();
        var name = new Argument<string>("name") { Description = "The subject: its id, or a name that one account bore." };
        var tenant = new Option<string?>("--tenant") { Description = "Whose subject it is; default where left out." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Tell what would go, and change nothing." };
        var yes = new Option<bool>("--yes") { Description = "Do not ask." };
        var command = new Command("erase-subject", "Forget a person: profile, pairs, events, feedback, blocks, and the key that what the audit says of him is encrypted under.") { name, tenant, dryRun, yes };
        options.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = options.Connect(parsed, Patience);
            var path = $"/api/v1/subjects/{Uri.EscapeDataString(parsed.GetValue(name)!)}?tenant={Uri.EscapeDataString(parsed.GetValue(tenant) ?? "default")}&dry_run=";
            var isDry = parsed.GetValue(dryRun);
            if (!isDry && !parsed.GetValue(yes))
            {
                if (Console.IsInputRedirected) throw new CommandFailure(ExitCode.Usage, "This cannot be taken back. Say --yes, or look first with --dry-run.");
                Print((await client.SendAsync(HttpMethod.Delete, path + "true", null, cancellation))!.Value, "would go");
                await Console.Out.WriteAsync("This cannot be taken back. Go on? [y/N] ");
                if (!string.Equals(Console.In.ReadLine()?.Trim(), "y", StringComparison.OrdinalIgnoreCase)) throw new CommandFailure(ExitCode.Failed, "Nothing was done.");
            }

            var answer = await client.SendAsync(HttpMethod.Delete, path + (isDry ? "true" : "false"), null, cancellation);
            if (parsed.GetValue(options.Json)) Answer.Json(answer);
            else Print(answer!.Value, isDry ? "would go" : "removed");
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(JsonElement answer, string what)
    {
        foreach (var table in answer.GetProperty("removed").EnumerateObject()) Console.Out.WriteLine($"{table.Value.GetInt64(),10}  {table.Name} {what}");
        if (!answer.GetProperty("overwritten").GetBoolean())
            Console.Out.WriteLine("The places where they stood in the file are not all overwritten yet, because somebody reads the file; the next start of the server does it.");
    }
}
