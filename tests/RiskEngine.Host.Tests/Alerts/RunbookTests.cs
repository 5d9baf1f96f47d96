using System.CommandLine;
using System.Text.RegularExpressions;
using RiskEngine.Host.Cli;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Alerts;

/// <summary>What a runbook tells somebody to type at night is what the program takes.</summary>
public sealed partial class RunbookTests
{
    [Fact]
    public void Every_command_of_a_runbook_is_one_that_the_program_takes()
    {
        var root = new RootCommand
        {
            ReplayCommand.Create(), BlocksCommand.CreateBlocks(), BlocksCommand.CreateAllow(), ExportCommand.Create(), IncidentsCommand.Create(), OutboxCommand.Create(), ExplainCommand.Create(), FeedbackCommand.Create(),
            KeysCommand.Create(), PolicyCommand.Create(), CheckConfigCommand.Create(), DoctorCommand.Create(), AuthentikCommand.Create(),
        };
        var commands = Directory.EnumerateFiles(RepositoryRoot.Path("Alerts", "runbooks"))
            .SelectMany(page => Command().Matches(File.ReadAllText(page)).Select(match => (Page: Path.GetFileName(page), Text: match.Groups["arguments"].Value.Trim())))
            .ToList();
        Assert.NotEmpty(commands);
        var faults = string.Join('\n',
            from command in commands
            from fault in root.Parse(command.Text).Errors
            select $"{command.Page}: riskengine {command.Text}: {fault.Message}");
        Assert.True(faults.Length == 0, faults);
    }

    // In a block at the beginning of a line, in a sentence between backquotes; up to a comment or a pipe.
    [GeneratedRegex(@"(?:^|`)riskengine (?<arguments>[^`#|\n]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Command();
}
