using System.Text;
using System.Text.RegularExpressions;
using RiskEngine.Core.Policies;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Policies.Expressions;

/// <summary>Patterns mean what they mean in RE2.</summary>
public sealed class PatternTests
{
    [Theory]
    [InlineData("b", "abc", true), InlineData("d", "abc", false), InlineData("", "", true), InlineData("^b", "abc", false), InlineData("c$", "abc", true), InlineData("^abc$", "abc", true)]
    [InlineData("a$", "a\n", false), InlineData("(?m)a$", "a\nb", true), InlineData("(?m)^b", "a\nb", true), InlineData("^b", "a\nb", false), InlineData(@"\Aa\z", "a", true)]
    [InlineData("a.b", "a\nb", false), InlineData("(?s)a.b", "a\nb", true), InlineData("^.$", "😀", true), InlineData("^..$", "😀", false), InlineData("^.$", "é", true), InlineData(@"\x{1F600}", "😀", true), InlineData(@"\x41", "A", true)]
    [InlineData(@"\d", "٣", false), InlineData(@"\d", "3", true), InlineData(@"\D", "٣", true), InlineData(@"\w", "é", false), InlineData(@"\W", "é", true), InlineData(@"\s", "\u00A0", false), InlineData(@"\s", "\v", false), InlineData(@"[[:space:]]", "\v", true)]
    [InlineData("[[:alpha:]]", "1x1", true), InlineData("[[:alpha:]]", ":", false), InlineData("[[:alpha:]]", "a]", true), InlineData("^[[:^alpha:]]$", "é", true), InlineData("[[:alpha:][:digit:]]{3}", "a1b", true), InlineData("[^[:digit:]]", "123", false)]
    [InlineData(@"\pL", "é", true), InlineData(@"\pL", "1", false), InlineData(@"\p{Lu}", "é", false), InlineData(@"\p{Lu}", "É", true), InlineData(@"\PL", "é", false), InlineData(@"\p{^L}", "1", true), InlineData(@"[\pN-]", "-", true)]
    [InlineData("(?i)ABC", "xabcx", true), InlineData("(?i)é", "É", true), InlineData("(?i)[a-c]+$", "ABC", true), InlineData("(?i)k", "\u212A", true), InlineData("(?i:a)b", "AB", false), InlineData("(?i)a(?-i)b", "AB", false), InlineData("(?i)[^a]", "A", false)]
    [InlineData("^(a|b|)c$", "c", true), InlineData("^(?:ab){2,3}$", "abab", true), InlineData("^(?:ab){2,3}$", "ab", false), InlineData("^(?:ab){2,3}$", "abababab", false), InlineData("^a{0}b$", "b", true), InlineData("^a{2,}$", "aaaa", true), InlineData("^a{2,}$", "a", false)]
    [InlineData("^a+?b*?$", "aab", true), InlineData("(?P<year>[0-9]{4})", "in 2026", true), InlineData("(?<year>[0-9]{4})", "in 2026", true), InlineData("a{,2}", "a{,2}", true), InlineData("a{", "a{", true), InlineData("^()*$", "", true), InlineData("^(a*)*$", "aaa", true), InlineData("^(a*)+b", "aaab", true)]
    [InlineData(@"\bfoo\b", "a foo b", true), InlineData(@"\bfoo\b", "afoo", false), InlineData(@"\Boo", "foo", true), InlineData(@"\bé", "é", false), InlineData("[]a]", "]", true), InlineData("[^]a]", "]", false), InlineData("[a-]", "-", true), InlineData(@"[\-\]]", "]", true)]
    [InlineData(@"\Qa.b\E+", "a.bb", true), InlineData(@"\Qa.b\E", "axb", false), InlineData(@"^\.\*\\$", @".*\", true), InlineData("(?U)a+", "a", true), InlineData("a||b", "zzz", true), InlineData("x*", "", true)]
    public void A_pattern_is_searched_for_as_RE2_does(string pattern, string text, bool found) => Assert.Equal(found, Find(pattern, text));

    [Theory]
    [InlineData("(?=a)b", "linear time"), InlineData("(?<!a)b", "linear time"), InlineData(@"(a)\1", "linear time"), InlineData("(?>a)", "linear time"), InlineData("(", "a ( is not closed"), InlineData("a)", "a ) closes nothing"), InlineData("[a", "a [ is not closed")]
    [InlineData("*a", "* repeats nothing"), InlineData("a**", "repeats a repetition"), InlineData("a{2}{3}", "repeats a repetition"), InlineData("a{1001}", "at most 1000"), InlineData("a{3,2}", "is never"), InlineData("((a{100}){100})", "more than 2000 states"), InlineData("((){1000}){1000}", null)]
    [InlineData("[[:alfa:]]", "is no class"), InlineData("[z-a]", "a range goes from"), InlineData(@"[a-\d]", "a range goes from"), InlineData(@"\p{Greek}", "scripts are not supported"), InlineData(@"\q", "means nothing"), InlineData(@"\Z", "write \\z or $"), InlineData(@"\012", "octal"), InlineData(@"a\", "does not end with")]
    [InlineData(@"\x{110000}", "hexadecimal"), InlineData(@"\xZ", "hexadecimal"), InlineData(@"\p", "category"), InlineData("(?x)a", "flags"), InlineData("(?i)*", "cannot be repeated"), InlineData(@"\C", "means nothing"), InlineData("(?", "flags"), InlineData("(?P<>a)", "name of a group")]
    public void What_is_no_pattern_is_refused_in_words(string pattern, string? words)
    {
        if (words is null) Assert.True(Find(pattern, ""));
        else Assert.Contains(words, Assert.Throws<FormatException>(() => Find(pattern, "")).Message);
    }

    [Fact]
    public void Random_patterns_agree_with_another_engine()
    {
        var random = new Random(7);
        string Some(int depth) => random.Next(depth > 3 ? 3 : 9) switch
        {
            0 => "a", 1 => "b", 2 => ".", 3 => "[^a]", 4 => $"(?:{Some(depth + 1)}|{Some(depth + 1)})", 5 => $"(?:{Some(depth + 1)})*", 6 => $"(?:{Some(depth + 1)}){{1,2}}", 7 => $"(?:{Some(depth + 1)})?", _ => Some(depth + 1) + Some(depth + 1),
        };
        for (var i = 0; i < 2000; i++)
        {
            var pattern = (random.Next(3) == 0 ? "^" : "") + Some(0) + (random.Next(3) == 0 ? @"\z" : random.Next(4) == 0 ? @"\b" : "");
            var text = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => "ab\n "[random.Next(4)]));
            Assert.Equal((pattern, text, Regex.IsMatch(text, pattern, RegexOptions.NonBacktracking)), (pattern, text, Find(pattern, text)));
        }
    }

    [Fact]
    public void Bytes_that_are_no_text_are_read_past() => Assert.True(PatternProgram.Build(PatternParser.Parse("b$")).IsFoundIn([0xFF, 0xC3, (byte)'b']));

    [Fact]
    public void A_search_allocates_nothing()
    {
        var program = PatternProgram.Build(PatternParser.Parse("(?i)(a|b)*c[[:digit:]]{2,9}$"));
        var text = Encoding.UTF8.GetBytes(new string('a', 500) + "C12345");
        Assert.Equal(0, Allocations.Least(() => program.IsFoundIn(text)));
    }

    [Theory, InlineData("^python-requests/[12]", 18), InlineData("^a{2,5}$", 6), InlineData("^(a|bcd)", 4), InlineData("python", 2048), InlineData("^a*b", 2048), InlineData("^a|b", 2048)]
    public void What_begins_with_the_text_and_ends_somewhere_looks_at_no_more_than_its_length(string pattern, int visited) =>
        Assert.Equal(visited, PatternProgram.Build(PatternParser.Parse(pattern)).Visited);

    [Theory]
    [InlineData("python-requests/[12]", 3, 3), InlineData("^abc", 1, 2), InlineData("a{20}b", 21, 21), InlineData("(a|aa)+b", 4, 7), InlineData(".*.*x", 3, 8), InlineData("", 0, 1), InlineData(@"\bx", 1, 3)]
    public void What_a_character_can_cause_is_known_from_the_states_that_it_leads_to(string pattern, int tests, int visits) =>
        Assert.Equal(new PatternWork(tests, visits), PatternProgram.Build(PatternParser.Parse(pattern)).Work);

    [Fact]
    public void No_text_makes_a_search_do_more_than_was_counted_beforehand()
    {
        var random = new Random(11);
        string[] parts = ["a", "b", ".", "[^a]", "a*", "(?:a|ab)+", "(?:a*)*", @"\b", "$", "^", @"\pL", "(?:ab){2,5}", "a?a?a?", "(?i)b", ".*", @"\W", "(?:é|e)"];
        string[] texts = ["a", "b", "ab", "é", " ", "\n", "A", "aab", "語", "e"];
        for (var i = 0; i < 3000; i++)
        {
            var pattern = string.Concat(Enumerable.Range(0, 1 + random.Next(7)).Select(_ => parts[random.Next(parts.Length)]));
            var few = texts.OrderBy(_ => random.Next()).Take(1 + random.Next(3)).ToArray();
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => few[random.Next(few.Length)])));
            var program = PatternProgram.Build(PatternParser.Parse(pattern));
            program.IsFoundIn(text, out var done);
            var places = Math.Min(program.Visited, text.Length) + 1;
            Assert.True(done.Tests <= places * program.Work.Tests && done.Visits <= places * program.Work.Visits, $"{pattern}: {done} at {places} places, {program.Work} at each");
        }
    }

    private static bool Find(string pattern, string text) => PatternProgram.Build(PatternParser.Parse(pattern)).IsFoundIn(Encoding.UTF8.GetBytes(text));
}
