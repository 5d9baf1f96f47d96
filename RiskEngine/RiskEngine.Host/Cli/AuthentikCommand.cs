using System.CommandLine;
using RiskEngine.Host.Authentik;

namespace RiskEngine.Host.Cli;

/// <summary><c>authentik blueprint|check</c>: sets authentik up to ask and to tell, and looks whether it is.</summary>
internal static class AuthentikCommand
{
    public static Command Create() => new("authentik", "Set up authentik to ask during logins and to send events, and look whether it is.") { Blueprint(), AuthentikCheckCommand.Create() };

    private static Command Blueprint()
    {
        var url = new Option<string>("--url") { Description = "Where authentik's server and worker reach RiskEngine, such as https://riskengine.example.org.", Required = true };
        var set = new Option<string[]>("--set") { Description = "A value of the blueprint's context, as KEY=VALUE; may be given several times. docs/authentik.md lists them." };
        var output = new Option<string>("--out") { Description = "File to write to; - is standard output.", DefaultValueFactory = _ => "-" };
        var command = new Command("blueprint", "Print the blueprint for authentik, made out for an address.") { url, set, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            var text = Print(parsed.GetValue(url)!, parsed.GetValue(set) ?? []);
            if (parsed.GetValue(output) is { } file and not "-") await File.WriteAllTextAsync(file, text, cancellation);
            else await Console.Out.WriteAsync(text);
            return ExitCode.Done;
        });
        return command;
    }

    /// <exception cref="CommandFailure">A value that cannot be set; all of them are told at once.</exception>
    private static string Print(string url, string[] set)
    {
        var (blueprint, faults) = (BlueprintText.Embedded, new List<string>());
        foreach (var (option, pair) in set.Select(pair => ("--set", pair)).Prepend(("--url", $"{BlueprintText.UrlKey}={url}")))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at < 1) faults.Add($"{option}: '{pair}' is not KEY=VALUE.");
            else if (!blueprint.TrySet(pair[..at], pair[(at + 1)..], out blueprint, out var fault)) faults.Add($"{option}: {fault}");
        }

        return faults.Count == 0 ? blueprint.ToString() : throw new CommandFailure(ExitCode.Usage, string.Join('\n', faults));
    }
}
