using System.Text;

namespace RiskEngine.Host.Cli;

/// <summary>Writes completion for fish, with what each word is for.</summary>
internal static class FishCompletion
{
    public static string Write(IReadOnlyList<CompletionPlace> places)
    {
        var script = new StringBuilder(
            $$"""
            # Completion of {{CompletionPlace.Program}} for fish, made by '{{CompletionPlace.Program}} completion fish'.
            function __{{CompletionPlace.Program}}_at
                set -l place {{CompletionPlace.Program}}
                for word in (commandline -opc)[2..-1]
                    switch "$place/$word"
                        case {{string.Join(' ', places.Skip(1).Select(place => place.Name))}}
                            set place "$place/$word"
                    end
                end
                test "$place" = "$argv[1]"
            end

            """);
        foreach (var place in places)
        {
            var line = $"complete -c {CompletionPlace.Program} -n '__{CompletionPlace.Program}_at {place.Name}'";
            foreach (var word in place.Words) script.Append($"{line} -f -a {word.Text}{About(word)}\n");
            foreach (var flag in place.Flags) script.Append($"{line} -l {flag.Text[2..]}{About(flag)}\n");
            foreach (var (option, values) in place.Options) script.Append($"{line} -l {option.Text[2..]} -r{(values.Count > 0 ? $" -f -a '{string.Join(' ', values)}'" : " -F")}{About(option)}\n");
        }

        return script.ToString();
    }

    private static string About(CompletionWord word) =>
        word.About.Length == 0 ? "" : $" -d '{word.About.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
