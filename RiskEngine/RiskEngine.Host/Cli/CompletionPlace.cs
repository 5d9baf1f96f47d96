using System.CommandLine;
using System.CommandLine.Completions;

namespace RiskEngine.Host.Cli;

/// <summary>A word that may stand somewhere, and what it is for.</summary>
internal readonly record struct CompletionWord(string Text, string About);

/// <summary>A command as completion sees it: what may follow it.</summary>
/// <param name="Name">The commands that lead there, with slashes: <c>riskengine/blocks/list</c>.</param>
/// <param name="Words">Its own commands, and what its arguments may be where that is known.</param>
/// <param name="Flags">Its options that take no value.</param>
/// <param name="Options">Its options that take a value, with the values that there are; none where anything will do, such as a file.</param>
internal sealed record CompletionPlace(string Name, IReadOnlyList<CompletionWord> Words, IReadOnlyList<CompletionWord> Flags, IReadOnlyList<(CompletionWord Option, IReadOnlyList<string> Values)> Options)
{
    public const string Program = "riskengine";

    /// <summary>The program and every command below it, each before those that it leads to.</summary>
    public static IReadOnlyList<CompletionPlace> All(Command root) => [.. Below(root, Program)];

    private static IEnumerable<CompletionPlace> Below(Command command, string name)
    {
        var commands = command.Subcommands.Where(child => !child.Hidden).ToList();
        var options = command.Options.Where(option => !option.Hidden && option.Name is not ("--help" or "-h")).OrderBy(option => option.Name, StringComparer.Ordinal).ToLookup(TakesValue);
        yield return new CompletionPlace(
            name,
            [.. commands.Select(child => new CompletionWord(child.Name, About(child))), .. command.Arguments.SelectMany(ValuesOf).Select(value => new CompletionWord(value, ""))],
            [.. options[false].Select(option => new CompletionWord(option.Name, About(option))), new CompletionWord("--help", "Show help and usage information")],
            [.. options[true].Select(option => (new CompletionWord(option.Name, About(option)), ValuesOf(option)))]);
        foreach (var place in commands.SelectMany(child => Below(child, $"{name}/{child.Name}"))) yield return place;
    }

    private static bool TakesValue(Option option) => option.ValueType != typeof(bool) && option.Arity.MaximumNumberOfValues > 0;

    /// <summary>Of values only those that no shell reads as something else.</summary>
    private static IReadOnlyList<string> ValuesOf(Symbol symbol) =>
        [.. symbol.GetCompletions(CompletionContext.Empty).Select(item => item.Label).Where(value => value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':')).Distinct()];

    /// <summary>The first sentence of a description.</summary>
    private static string About(Symbol symbol)
    {
        var text = symbol.Description ?? "";
        var end = text.AsSpan().IndexOfAny(";\n");
        if (text.IndexOf(". ", StringComparison.Ordinal) is > 0 and var stop && (end < 0 || stop < end)) end = stop;
        return (end < 0 ? text : text[..end]).TrimEnd('.', ' ');
    }
}
