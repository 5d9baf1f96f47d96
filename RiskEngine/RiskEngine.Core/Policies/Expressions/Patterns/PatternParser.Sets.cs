using System.Globalization;

namespace RiskEngine.Core.Policies;

/// <summary>What stands for one character: sets behind a backslash, escapes and classes.</summary>
internal sealed partial class PatternParser
{
    private static readonly Dictionary<char, int> Controls = new() { ['a'] = 7, ['f'] = 12, ['n'] = 10, ['r'] = 13, ['t'] = 9, ['v'] = 11 };

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
}
