using System.Text.RegularExpressions;

namespace RiskEngine.Conventions.Tests;

/// <summary>The folders of the core, first to last; each may use those before it.</summary>
internal static partial class CoreFolders
{
    public const string Core = "RiskEngine/RiskEngine.Core/";

    public static readonly string[] InOrder = ["Events", "Facts", "Models", "State", "Detection", "Scoring", "Policies", "Decisions", "Incidents", "Pipeline"];

    /// <summary>The folder a file of the core lies in; empty for one beside the folders.</summary>
    public static string Of(string file) => file[Core.Length..] is var rest && rest.IndexOf('/', StringComparison.Ordinal) is var end and > 0 ? rest[..end] : "";

    /// <summary>Folders that a file names by a using, an alias or a qualified name; comments bind nobody.</summary>
    public static IEnumerable<string> UsedBy(string code) =>
        Qualified().Matches(Repository.WithoutComments(code)).Select(match => match.Groups[1].Value).Where(InOrder.Contains).Distinct();

    /// <summary>Whether a file in one folder may name another.</summary>
    public static bool MayUse(string folder, string other) => Array.IndexOf(InOrder, other) <= Array.IndexOf(InOrder, folder);

    [GeneratedRegex(@"(?<![\w.])(?:global::)?(?:RiskEngine\.)?Core\.(\w+)")]
    private static partial Regex Qualified();
}
