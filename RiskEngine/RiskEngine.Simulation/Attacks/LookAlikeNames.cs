using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Attacks;

/// <summary>Names that the eye takes for another: foreign letters, digits for letters, other separators, letters doubled or joined.</summary>
/// <remarks>Pairs of letters as in the confusables of Unicode Technical Standard 39, those that occur in login names.</remarks>
internal static class LookAlikeNames
{
    private static readonly (string From, string To)[] Foreign =
        [("a", "\u0430"), ("e", "\u0435"), ("o", "\u043e"), ("p", "\u0440"), ("c", "\u0441"), ("x", "\u0445"), ("s", "\u0455"), ("i", "\u0456"), ("j", "\u0458")];

    private static readonly (string From, string To)[] Digits = [("o", "0"), ("l", "1"), ("i", "1"), ("e", "3"), ("s", "5"), ("1", "l"), ("0", "o")];
    private static readonly (string From, string To)[] Joined = [("m", "rn"), ("w", "vv"), ("d", "cl"), ("rn", "m"), ("l", "I")];
    private static readonly (string From, string To)[] Separators = [(".", "_"), (".", "-"), ("-", "_"), ("-", "."), (".", ""), ("-", "")];

    /// <summary>Another name than the one given, one change away from it.</summary>
    public static string Of(string name, SeededRandom random)
    {
        var changed = random.Weighted([30, 20, 10, 25, 15]) switch
        {
            0 => Replaced(name, Foreign, random),
            1 => Replaced(name, Digits, random),
            2 => Replaced(name, Joined, random),
            3 => Replaced(name, Separators, random),
            _ => null,
        };
        return changed ?? Doubled(name, random);
    }

    /// <summary>One place where one of the pairs fits is changed; null where none does.</summary>
    private static string? Replaced(string name, (string From, string To)[] pairs, SeededRandom random)
    {
        var fitting = Array.FindAll(pairs, pair => name.Contains(pair.From));
        if (fitting.Length == 0) return null;
        var (from, to) = random.Pick(fitting);
        var at = name.IndexOf(from, random.Below(name.Length), StringComparison.Ordinal);
        if (at < 0) at = name.IndexOf(from, StringComparison.Ordinal);
        return $"{name[..at]}{to}{name[(at + from.Length)..]}";
    }

    private static string Doubled(string name, SeededRandom random)
    {
        var at = random.Between(1, name.Length - 2);
        if (!char.IsLetter(name[at])) at--;
        return name.Insert(at, name[at].ToString());
    }
}
