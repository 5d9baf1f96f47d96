using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using RiskEngine.Core.Policies;

namespace RiskEngine.Host.Cli;

/// <summary>What is wrong with a command line, in words for people: every fault a line, and at last where help is.</summary>
internal static partial class UsageFaults
{
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        var faults = parsed.Errors.Select(error => Number().Replace(error.Message, "'${word}' is no number, which '${name}' takes.")).ToList();
        // That a command is missing goes without saying where a word is none.
        if (parsed.UnmatchedTokens.Count > 0) faults.RemoveAll(fault => fault.StartsWith("Required command was not provided", StringComparison.Ordinal));
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var word, ..] && command.Subcommands.Count > 0 && NearestName.Of(word, command.Subcommands.Select(child => child.Name)) is { } meant) faults.Add($"Did you mean '{meant}'?");
        faults.Add($"See '{PathOf(parsed.CommandResult)} --help'.");
        return faults;
    }

    private static string PathOf(CommandResult result) => result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}" : CompletionPlace.Program;

    [GeneratedRegex("^Cannot parse argument '(?<word>.*)' for (command|option) '(?<name>[^']*)' as expected type 'System[.]Int(32|64)'[.]$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Number();
}
