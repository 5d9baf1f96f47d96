using System.Text;

namespace RiskEngine.Host.Cli;

/// <summary>Writes completion for zsh, with what each word is for; to be sourced, or kept as <c>_riskengine</c> in a folder of <c>fpath</c>.</summary>
internal static class ZshCompletion
{
    public static string Write(IReadOnlyList<CompletionPlace> places)
    {
        var script = new StringBuilder(
            $$"""
            #compdef {{CompletionPlace.Program}}
            # Completion of {{CompletionPlace.Program}} for zsh, made by '{{CompletionPlace.Program}} completion zsh'.
            _{{CompletionPlace.Program}}() {
                local place={{CompletionPlace.Program}} word
                local -a found
                for word in ${words[2,CURRENT-1]}; do
                    case "$place/$word" in
                        ({{string.Join('|', places.Skip(1).Select(place => place.Name))}}) place="$place/$word" ;;
                    esac
                done
                case "$place ${words[CURRENT-1]}" in

            """);
        foreach (var place in places)
        {
            foreach (var (option, values) in place.Options.Where(each => each.Values.Count > 0)) script.Append($"        (\"{place.Name} {option.Text}\") compadd -- {string.Join(' ', values)}; return ;;\n");
        }

        var files = places.SelectMany(place => place.Options.Where(each => each.Values.Count == 0).Select(each => $"\"{place.Name} {each.Option.Text}\"")).ToList();
        if (files.Count > 0) script.Append($"        ({string.Join('|', files)}) _files; return ;;\n");
        script.Append("    esac\n    case \"$place\" in\n");
        foreach (var place in places)
        {
            var words = place.Words.Concat(place.Flags).Concat(place.Options.Select(each => each.Option)).Select(word => $"'{word.Text}{(word.About.Length > 0 ? ":" : "")}{word.About.Replace("'", "'\\''", StringComparison.Ordinal)}'");
            script.Append($"        ({place.Name}) found=({string.Join(' ', words)}) ;;\n");
        }

        return script.Append(
            $$"""
                esac
                _describe {{CompletionPlace.Program}} found || _files
            }
            if [[ "${funcstack[1]}" == _{{CompletionPlace.Program}} ]]; then _{{CompletionPlace.Program}} "$@"; else compdef _{{CompletionPlace.Program}} {{CompletionPlace.Program}}; fi

            """).ToString();
    }
}
