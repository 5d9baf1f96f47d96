using System.Globalization;
using System.Text;

namespace RiskEngine.Core.Policies;

/// <summary>Reads a pattern in the syntax of RE2 (github.com/google/re2/wiki/Syntax), which CEL asks for ("Regular Expressions").</summary>
/// <remarks>
/// Which match is found is not asked, so groups are read and not kept, and greedy and reluctant repetitions are the same. Refused in words: what cannot be
/// matched in linear time, <c>\C</c>, octal escapes and scripts (<c>\p{Greek}</c>).
/// </remarks>
internal sealed class PatternParser
{
    private const int MaximumDepth = 50;

    private static readonly Dictionary<char, int> Controls = new() { ['a'] = 7, ['f'] = 12, ['n'] = 10, ['r'] = 13, ['t'] = 9, ['v'] = 11 };

    private readonly int[] _text;
    private int _at;
    private int _depth;
    private bool _eitherCase, _lines, _dotAll;

    private PatternParser(string pattern) => _text = [.. pattern.EnumerateRunes().Select(rune => rune.Value)];

    /// <exception cref="FormatException">It is no pattern; the message says why.</exception>
    public static PatternSyntax Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        var syntax = parser.Choice();
        return parser._at == parser._text.Length ? syntax : throw new FormatException("a ) closes nothing; write \\) for the character");
    }

    private int Current => _at < _text.Length ? _text[_at] : -1;

    private PatternSyntax Choice()
    {
        if (++_depth > MaximumDepth) throw new FormatException($"groups stand in each other more than {MaximumDepth} levels deep");
        List<PatternSyntax> sides = [Sequence()];
        while (Take('|')) sides.Add(Sequence());
        _depth--;
        return sides.Count == 1 ? sides[0] : new ChoiceSyntax(sides);
    }

    private PatternSyntax Sequence()
    {
        List<PatternSyntax> parts = [];
        while (Current is not (-1 or '|' or ')'))
        {
            var before = _at;
            if (Take("\\Q"))
            {
                while (Current >= 0 && !Take("\\E")) parts.Add(Literal(_text[_at++]));
                // A repetition behind is one of the last character.
                if (parts.Count > 0) parts[^1] = Repeated(parts[^1], before)!;
                continue;
            }

            var part = Repeated(One(), before);
            if (part is not null) parts.Add(part);
        }

        return parts.Count == 1 ? parts[0] : new SequenceSyntax(parts);
    }

    /// <summary>One element; null for what only sets how the rest is read.</summary>
    private PatternSyntax? One()
    {
        var c = _text[_at++];
        switch (c)
        {
            case '.': return new OneOfSyntax(_dotAll ? PatternSet.All : PatternSet.AllButNewLine);
            case '^': return new PlaceSyntax(_lines ? PatternPlace.LineStart : PatternPlace.TextStart);
            case '$': return new PlaceSyntax(_lines ? PatternPlace.LineEnd : PatternPlace.TextEnd);
            case '(': return Group();
            case '[': return new OneOfSyntax(Class());
            case '*' or '+' or '?': throw new FormatException($"{(char)c} repeats nothing; write \\{(char)c} for the character");
            case '\\': return Escape();
            default: return Literal(c);
        }
    }

    private PatternSyntax? Repeated(PatternSyntax? part, int start)
    {
        var isRepeated = false;
        while (true)
        {
            var (least, most) = (0, (int?)null);
            if (Take('*')) { }
            else if (Take('+')) least = 1;
            else if (Take('?')) most = 1;
            else if (!TryCount(out least, out most)) return part;
            if (part is null) throw new FormatException("flags cannot be repeated");
            if (isRepeated) throw new FormatException($"\"{Text(start, _at)}\" repeats a repetition; put the inner one into (?:…)");
            _ = Take('?');
            isRepeated = true;
            part = new RepeatSyntax(part, least, most);
        }
    }

    /// <summary><c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c>; any other brace is itself.</summary>
    private bool TryCount(out int least, out int? most)
    {
        (least, most) = (0, null);
        if (Current != '{') return false;
        var end = Array.IndexOf(_text, '}', _at);
        if (end < 0) return false;
        var parts = Text(_at + 1, end).Split(',');
        if (parts.Length > 2 || parts[0].Length == 0 || !parts.All(part => part.All(char.IsAsciiDigit))) return false;
        var counts = parts.Select(part => part.Length == 0 ? (int?)null : int.TryParse(part, out var count) && count <= ExpressionLimits.PatternRepetitions ? count
            : throw new FormatException($"the repetitions in a pattern are at most {ExpressionLimits.PatternRepetitions}; use * or + in place of large numbers")).ToList();
        (least, most) = (counts[0]!.Value, counts.Count == 1 ? counts[0] : counts[1]);
        if (most < least) throw new FormatException($"{{{least},{most}}} is never: the second number is the smaller one");
        _at = end + 1;
        return true;
    }

    private PatternSyntax? Group()
    {
        var before = (_eitherCase, _lines, _dotAll);
        if (Take('?'))
        {
            if (Current is '=' or '!' or '>' || (Current == '<' && _at + 1 < _text.Length && _text[_at + 1] is '=' or '!'))
                throw new FormatException("look-around, references to groups and atomic groups are not supported in a pattern, since they cannot be matched in linear time");
            if (Take("P<") || Take('<'))
            {
                var end = Array.IndexOf(_text, '>', _at);
                if (end <= _at || !Text(_at, end).All(c => char.IsLetterOrDigit(c) || c == '_')) throw new FormatException("the name of a group is made of letters, digits and _, as in (?P<name>…)");
                _at = end + 1;
            }
            else if (!Flags())
            {
                return null;
            }
        }

        var inner = Choice();
        if (!Take(')')) throw new FormatException("a ( is not closed; write \\( for the character");
        (_eitherCase, _lines, _dotAll) = before;
        return inner;
    }

    /// <summary>Reads flags; whether a group begins behind them, not only the rest of this one.</summary>
    private bool Flags()
    {
        var isOn = true;
        while (true)
        {
            switch (Current)
            {
                case 'i': _eitherCase = isOn; break;
                case 'm': _lines = isOn; break;
                case 's': _dotAll = isOn; break;
                case 'U': break;
                case '-' when isOn: isOn = false; break;
                case ':': _at++; return true;
                case ')': _at++; return false;
                default: throw new FormatException("behind (? stand flags (i, m, s, U), a name as in (?P<name>…), or a colon");
            }

            _at++;
        }
    }

    private PatternSyntax Escape() => Current switch
    {
        'A' => Place(PatternPlace.TextStart),
        'z' => Place(PatternPlace.TextEnd),
        'b' => Place(PatternPlace.WordEdge),
        'B' => Place(PatternPlace.NoWordEdge),
        _ => EscapedSet() is { } set ? new OneOfSyntax(set) : Literal(EscapedCharacter()),
    };

    private PlaceSyntax Place(PatternPlace place)
    {
        _at++;
        return new PlaceSyntax(place);
    }

    /// <summary>The set behind a backslash: \d, \pL and their like; null where it is a character.</summary>
    private PatternSet? EscapedSet()
    {
        var name = Current;
        PatternSet? set = name switch { 'd' or 'D' => PatternSet.Digits, 's' or 'S' => PatternSet.Spaces, 'w' or 'W' => PatternSet.Word, _ => null };
        if (set is not null)
        {
            _at++;
            return name is 'D' or 'S' or 'W' ? set.Negated() : set;
        }

        if (name is not ('p' or 'P')) return null;
        _at++;
        var end = Current == '{' ? Array.IndexOf(_text, '}', _at) : _at;
        if (end < 0 || _at == _text.Length) throw new FormatException("\\p is followed by a category of Unicode, as in \\pL or \\p{Lu}");
        var category = Current == '{' ? Text(_at + 1, end) : Text(_at, _at + 1);
        _at = end + 1;
        var isNegated = (name == 'P') != category.StartsWith('^');
        var found = PatternSet.Category(category.TrimStart('^')) ?? throw new FormatException($"\"{category}\" is no general category of Unicode such as L or Lu; scripts are not supported");
        if (_eitherCase) found = found.WithEitherCase();
        return isNegated ? found.Negated() : found;
    }

    private int EscapedCharacter()
    {
        if (_at == _text.Length) throw new FormatException("a pattern does not end with \\; write \\\\ for the character");
        var c = _text[_at++];
        if (c < 128 && Controls.TryGetValue((char)c, out var control)) return control;
        if (c < 128 && char.IsAsciiLetterOrDigit((char)c) == false && c > ' ') return c;
        if (c == 'x') return Hexadecimal();
        throw new FormatException(c switch
        {
            >= '1' and <= '9' => "look-around, references to groups and atomic groups are not supported in a pattern, since they cannot be matched in linear time",
            '0' => "octal numbers are not supported; write \\x00",
            'Z' => "\\Z is not part of RE2; write \\z or $ for the end of the text",
            _ => $"\\{char.ConvertFromUtf32(c)} means nothing; without the backslash it is the character",
        });
    }

    private int Hexadecimal()
    {
        var end = Current == '{' ? Array.IndexOf(_text, '}', _at) : _at + 2;
        var digits = end > 0 && end <= _text.Length ? Current == '{' ? Text(_at + 1, end) : Text(_at, end) : "";
        if (!int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value is < 0 or > 0x10FFFF) throw new FormatException("\\x is followed by two hexadecimal digits, or by up to six in braces, as in \\x{1F600}");
        _at = Current == '{' ? end + 1 : end;
        return value;
    }

    private PatternSet Class()
    {
        List<PatternSet> sets = [];
        var isNegated = Take('^');
        for (var isFirst = true; Current != ']' || isFirst; isFirst = false)
        {
            if (Current < 0) throw new FormatException("a [ is not closed; write \\[ for the character");
            if (Take("[:"))
            {
                var end = Array.IndexOf(_text, ':', _at);
                var name = end < 0 ? "" : Text(_at, end);
                if (end < 0 || end + 1 >= _text.Length || _text[end + 1] != ']' || PatternSet.Posix(name.TrimStart('^')) is not { } posix)
                    throw new FormatException($"\"[:{name}:]\" is no class; there are alnum, alpha, ascii, blank, cntrl, digit, graph, lower, print, punct, space, upper, word and xdigit");
                sets.Add(name.StartsWith('^') ? posix.Negated() : posix);
                _at = end + 2;
                continue;
            }

            var first = ClassCharacter(out var set);
            if (set is not null)
            {
                sets.Add(set);
                continue;
            }

            var last = first;
            if (Current == '-' && _at + 1 < _text.Length && _text[_at + 1] != ']')
            {
                _at++;
                last = ClassCharacter(out set);
                if (set is not null || last < first) throw new FormatException("in […] a range goes from a character to one behind it, as in [a-z]; write \\- for the character");
            }

            sets.Add(PatternSet.Of((first, last)));
        }

        _at++;
        var all = PatternSet.Of(sets);
        if (_eitherCase) all = all.WithEitherCase();
        return isNegated ? all.Negated() : all;
    }

    private int ClassCharacter(out PatternSet? set)
    {
        set = null;
        if (Current < 0) throw new FormatException("a [ is not closed; write \\[ for the character");
        if (!Take('\\')) return _text[_at++];
        set = EscapedSet();
        return set is null ? EscapedCharacter() : 0;
    }

    private OneOfSyntax Literal(int c) => new(_eitherCase ? PatternSet.Of((c, c)).WithEitherCase() : PatternSet.Of((c, c)));

    private bool Take(char c)
    {
        if (Current != c) return false;
        _at++;
        return true;
    }

    private bool Take(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (_at + i >= _text.Length || _text[_at + i] != text[i]) return false;
        }

        _at += text.Length;
        return true;
    }

    private string Text(int from, int to)
    {
        var text = new StringBuilder();
        foreach (var c in _text.AsSpan(from, to - from)) text.Append(char.ConvertFromUtf32(c));
        return text.ToString();
    }
}
