using System.Text;

namespace RiskEngine.Host.Cli;

/// <summary>Writes completion for bash, which needs nothing but bash.</summary>
internal static class BashCompletion
{
    public static string Write(IReadOnlyList<CompletionPlace> places)
    {
        var script = new StringBuilder(
            $$"""
            # Completion of {{CompletionPlace.Program}} for bash, made by '{{CompletionPlace.Program}} completion bash'.
            _{{CompletionPlace.Program}}() {
                local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD - 1]}" place={{CompletionPlace.Program}} words="" i
                # bash takes "--format=json" for three words.
                if [[ $current == "=" ]]; then current=""; elif [[ $previous == "=" ]]; then previous="${COMP_WORDS[COMP_CWORD - 2]}"; fi
                for ((i = 1; i < COMP_CWORD; i++)); do
                    case "$place/${COMP_WORDS[i]}" in
                        {{string.Join(" | ", places.Skip(1).Select(place => place.Name))}}) place="$place/${COMP_WORDS[i]}" ;;
                    esac
                done
                COMPREPLY=()
                case "$place $previous" in

            """);
        foreach (var place in places)
        {
            foreach (var (option, values) in place.Options.Where(each => each.Values.Count > 0)) script.Append($"        \"{place.Name} {option.Text}\") words=\"{string.Join(' ', values)}\" ;;\n");
        }

        // What else takes a value takes a file, or something that nobody can guess.
        var files = places.SelectMany(place => place.Options.Where(each => each.Values.Count == 0).Select(each => $"\"{place.Name} {each.Option.Text}\"")).ToList();
        if (files.Count > 0) script.Append($"        {string.Join(" | ", files)}) compopt -o default 2> /dev/null; return 0 ;;\n");
        script.Append("        *)\n            case \"$place\" in\n");
        foreach (var place in places)
        {
            var words = place.Words.Concat(place.Flags).Concat(place.Options.Select(each => each.Option)).Select(word => word.Text);
            script.Append($"                {place.Name}) words=\"{string.Join(' ', words)}\" ;;\n");
        }

        return script.Append(
            $$"""
                        esac ;;
                esac
                COMPREPLY=($(compgen -W "$words" -- "$current"))
                [[ ${#COMPREPLY[@]} -gt 0 || $current == -* ]] || compopt -o default 2> /dev/null
                return 0
            }
            complete -F _{{CompletionPlace.Program}} {{CompletionPlace.Program}}

            """).ToString();
    }
}
