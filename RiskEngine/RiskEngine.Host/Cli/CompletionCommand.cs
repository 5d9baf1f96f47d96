using System.CommandLine;

namespace RiskEngine.Host.Cli;

/// <summary><c>completion bash|zsh|fish</c>: what a shell needs to complete our command line, made from the commands themselves.</summary>
internal static class CompletionCommand
{
    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print what a shell completes this command line by: source <(riskengine completion bash), or riskengine completion fish | source.") { shell };
        command.SetAction(parsed =>
        {
            var places = CompletionPlace.All(parsed.RootCommandResult.Command);
            Console.Out.Write(parsed.GetValue(shell) switch
            {
                "bash" => BashCompletion.Write(places),
                "zsh" => ZshCompletion.Write(places),
                _ => FishCompletion.Write(places),
            });
            return ExitCode.Done;
        });
        return command;
    }
}
