using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace RiskEngine.Core.Policies;

/// <summary>A set of code points, as a class in a pattern names it. Immutable.</summary>
internal sealed class PatternSet
{
    private const int Last = 0x10FFFF;

    private static readonly ConcurrentDictionary<string, PatternSet> Categories = [];

    private readonly ulong _low, _high;
    private readonly (int First, int Last)[] _ranges;

    private PatternSet(IEnumerable<(int First, int Last)> ranges)
    {
        List<(int First, int Last)> merged = [];
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1) merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            else merged.Add(range);
        }

        _ranges = [.. merged];
        for (var c = 0; c < 64; c++)
        {
            if (Search(c)) _low |= 1UL << c;
            if (Search(c + 64)) _high |= 1UL << c;
        }
    }

    public static PatternSet All { get; } = Of((0, Last));

    public static PatternSet AllButNewLine { get; } = Of((0, '\n' - 1), ('\n' + 1, Last));

    public static PatternSet Digits { get; } = Of(('0', '9'));

    public static PatternSet Spaces { get; } = Of(('\t', '\n'), ('\f', '\r'), (' ', ' '));

    public static PatternSet Word { get; } = Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));

    public IReadOnlyList<(int First, int Last)> Ranges => _ranges;

    public static PatternSet Of(params (int First, int Last)[] ranges) => new(ranges);

    public static PatternSet Of(IEnumerable<PatternSet> sets) => new(sets.SelectMany(set => set._ranges));

    /// <summary>The class of POSIX with that name, in ASCII as RE2 has it; null for none.</summary>
    public static PatternSet? Posix(string name) => name switch
    {
        "alnum" => Of(('0', '9'), ('A', 'Z'), ('a', 'z')),
        "alpha" => Of(('A', 'Z'), ('a', 'z')),
        "ascii" => Of((0, 127)),
        "blank" => Of(('\t', '\t'), (' ', ' ')),
        "cntrl" => Of((0, 31), (127, 127)),
        "digit" => Digits,
        "graph" => Of(('!', '~')),
        "lower" => Of(('a', 'z')),
        "print" => Of((' ', '~')),
        "punct" => Of(('!', '/'), (':', '@'), ('[', '`'), ('{', '~')),
        "space" => Of(('\t', '\r'), (' ', ' ')),
        "upper" => Of(('A', 'Z')),
        "word" => Word,
        "xdigit" => Of(('0', '9'), ('A', 'F'), ('a', 'f')),
        _ => null,
    };

    /// <summary>The code points of a general category of Unicode, by its one letter or two; null for none.</summary>
    public static PatternSet? Category(string name) => Categories.TryGetValue(name, out var known) ? known : FindCategory(name) is { } found ? Categories[name] = found : null;

    private static PatternSet? FindCategory(string name)
    {
        const string Names = "LuLlLtLmLoMnMcMeNdNlNoZsZlZpCcCfCsCoPcPdPsPePiPfPoSmScSkSoCn";
        var codes = Enumerable.Range(0, Names.Length / 2).Where(code => Names.Substring(2 * code, 2) is var known && (known == name || (name.Length == 1 && known[0] == name[0]))).ToHashSet();
        return name.Length is 1 or 2 && codes.Count > 0 ? Of([.. Enumerable.Range(0, Last + 1).Where(c => codes.Contains((int)CharUnicodeInfo.GetUnicodeCategory(c))).Select(c => (c, c))]) : null;
    }

    public PatternSet Negated()
    {
        List<(int, int)> gaps = [];
        var next = 0;
        foreach (var (first, last) in _ranges)
        {
            if (first > next) gaps.Add((next, first - 1));
            next = last + 1;
        }

        if (next <= Last) gaps.Add((next, Last));
        return new PatternSet(gaps);
    }

    /// <summary>With every letter the same in capitals and in small ones.</summary>
    public PatternSet WithEitherCase()
    {
        List<(int, int)> both = [.. _ranges];
        foreach (var (first, last) in _ranges)
        {
            // No letter behind has two cases.
            for (var c = first; c <= Math.Min(last, 0x1E943); c++)
            {
                if (!Rune.IsValid(c)) continue;
                var (lower, upper) = (Rune.ToLowerInvariant(new Rune(c)).Value, Rune.ToUpperInvariant(new Rune(c)).Value);
                if (lower != c) both.Add((lower, lower));
                if (upper != c) both.Add((upper, upper));
                // The sign of Kelvin and the long s fold to letters of ASCII.
                if (c is 'k' or 'K') both.Add((0x212A, 0x212A));
                if (c is 's' or 'S') both.Add((0x17F, 0x17F));
            }
        }

        return new PatternSet(both);
    }

    public bool Contains(int c) => c < 128 ? (((c < 64 ? _low : _high) >> (c & 63)) & 1) != 0 : Search(c);

    private bool Search(int c)
    {
        var (low, high) = (0, _ranges.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (c < _ranges[middle].First) high = middle - 1;
            else if (c > _ranges[middle].Last) low = middle + 1;
            else return true;
        }

        return false;
    }
}
