using System.Text;

namespace RiskEngine.Core.Policies;

/// <summary>Reads a pattern in the syntax of RE2 (github.com/google/re2/wiki/Syntax), which CEL asks for ("Regular Expressions").</summary>
/// <remarks>
/// Which match is found is not asked, so groups are read and not kept, and greedy and reluctant repetitions are the same. Refused in words: what cannot be
/// matched in linear time, <c>\C</c>, octal escapes and scripts (<c>\p{Greek}</c>).
/// </remarks>
internal sealed partial class PatternParser
{
    private const int MaximumDepth = 50;

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
