using System.Text;
using RiskEngine.Core.Policies;

namespace RiskEngine.Core.Tests.Policies.Expressions;

public sealed class ParserTests
{
    [Theory]
    [InlineData("1 + 2 * 3 == 7"), InlineData("(1 + 2) * 3 == 9"), InlineData("10 - 4 - 3 == 3"), InlineData("true || false && false"), InlineData("!false && true")]
    [InlineData("false ? true : true ? true : false"), InlineData("1 < 2 == true"), InlineData("--1 == 1"), InlineData("!!true"), InlineData("-9223372036854775808 < 0")]
    [InlineData("0x1F == 31"), InlineData("1e3 == 1000.0"), InlineData(".5 == 0.5"), InlineData("[1, 2,][1] == 2"), InlineData("1 in {1: 2,}")]
    [InlineData("true // a remark\n && true"), InlineData("\t true\r\n"), InlineData("17 % 5 == 2"), InlineData("-17 % 5 == -2"), InlineData("-17 / 5 == -3")]
    public void The_grammar_of_CEL_is_read_with_its_precedence(string text) => Assert.Equal("true", Evaluated.Condition(text));

    [Theory]
    [InlineData("'a' == \"a\""), InlineData("'''a\"'b''' == \"a\\\"'b\""), InlineData(@"r'\d' == '\\d'"), InlineData(@"'\x41\101\u0041\U00000041' == 'AAAA'"), InlineData(@"size('\n\t\\\'') == 4")]
    [InlineData("size('größe') == 5"), InlineData("size('😀') == 1"), InlineData(@"size('\U0001F600') == 1"), InlineData("\"\"\"two\nlines\"\"\".contains('\\n')")]
    public void Texts_have_the_escapes_of_CEL(string text) => Assert.Equal("true", Evaluated.Condition(text));

    [Theory]
    [InlineData("", "1: expected an expression, found nothing")]
    [InlineData("true &&", "8: expected a value, found the end of the expression")]
    [InlineData("true and true", "6: expected an operator or the end, found \"and\"; write && for and")]
    [InlineData("risk.score = 3", "12: a single = compares nothing; write ==")]
    [InlineData("true & true", "6: write && for and")]
    [InlineData("(true", "6: expected \")\" to close the one at character 1, found the end of the expression")]
    [InlineData("true)", "5: expected an operator or the end, found \")\"")]
    [InlineData("'abc", "1: this text does not end; close it with '")]
    [InlineData("'a\nb'", "1: this text does not end on its line")]
    [InlineData(@"'\d'", "2: \"\\d\" is no escape")]
    [InlineData(@"'\ud800'", "1: this text holds half of a character")]
    [InlineData(@"'\U00110000'", "2: U+110000 is no character")]
    [InlineData("7u == 7", "1: unsigned numbers are not part of the language here; write 7")]
    [InlineData("b'a' == 'a'", "1: bytes")]
    [InlineData("null == 1", "1: null is not part of the language here")]
    [InlineData("4h > 3", "1: \"4h\" is no number; a duration is written duration(\"4h\")")]
    [InlineData("9223372036854775808 > 0", "1: 9223372036854775808 does not fit into 64 bits")]
    [InlineData("1e999 > 0.0", "1: 1e999 is larger than any number")]
    [InlineData("for == 1", "1: expected a name, found \"for\", which CEL reserves")]
    [InlineData("“a” == 'a'", "1: texts stand in straight quotes")]
    [InlineData("true \u0007", "6: the character U+0007 is no part of an expression")]
    [InlineData("Foo{a: 1}", "4: messages (Name{…}) are not part of the language here")]
    public void What_is_no_expression_is_told_with_its_place(string text, string expected) => Assert.StartsWith(expected, Assert.Single(Evaluated.Faults(text)));

    [Fact]
    public void The_end_of_a_line_counts_as_one_character()
    {
        const string text = "true &&\n  risk.scor > 3";
        TypeChecker.Compile(text, Evaluated.Scope, ExpressionType.Bool, out var faults);
        Assert.Equal(text.IndexOf("scor", StringComparison.Ordinal), Assert.Single(faults).Offset);
    }

    public static TheoryData<string, string> Hostile => new()
    {
        { "a megabyte of text", new string(' ', 1_000_000) + "true" },
        { "deep parentheses", new string('(', 4000) + "true" + new string(')', 4000) },
        { "deep lists", new string('[', 4000) },
        { "deep maps", string.Concat(Enumerable.Repeat("{1:", 2000)) },
        { "deep calls", string.Concat(Enumerable.Repeat("size(", 1600)) },
        { "deep conditionals", string.Concat(Enumerable.Repeat("true?true:", 800)) + "true" },
        { "deep conditionals to the left", string.Concat(Enumerable.Repeat("(true?", 1300)) },
        { "a long chain of fields", "a" + string.Concat(Enumerable.Repeat(".a", 4000)) },
        { "a long chain of calls", "'a'" + string.Concat(Enumerable.Repeat(".size()", 1000)) },
        { "a long chain of indexes", "a" + string.Concat(Enumerable.Repeat("[0]", 2500)) },
        { "a long sum", "1" + string.Concat(Enumerable.Repeat("+1", 4000)) + " == 1" },
        { "sums within sums", SumsWithinSums() },
        { "a huge list", "1 in [" + string.Join(',', Enumerable.Repeat("1", 4000)) + "]" },
        { "lists within lists of macros", "[1,2].all(a, [1,2].all(b, [1,2].all(c, a == b)))" },
        { "a macro that walks too far", "[" + string.Join(',', Enumerable.Range(0, 900)) + "].all(a, [" + string.Join(',', Enumerable.Range(0, 900)) + "].all(b, a == b))" },
        { "a catastrophic number", "1" + new string('0', 8000) + " > 0" },
    };

    [Theory, MemberData(nameof(Hostile))]
    public void A_hostile_text_is_refused_and_costs_no_stack(string what, string text)
    {
        var faults = Array.Empty<string>();
        // The stack of a worker, not that of the test: a refusal must not need more.
        var thread = new Thread(() => faults = Evaluated.Faults(text), maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();
        Assert.True(faults.Length > 0, what);
        Assert.All(faults, fault => Assert.True(fault.Length < 300, fault));
    }

    [Fact]
    public void What_CEL_asks_for_at_least_is_taken()
    {
        static string Row(string symbol, string term) => string.Join(symbol, Enumerable.Repeat(term, 32));
        Assert.Equal("true", Evaluated.Condition(Row(" && ", "true")));
        Assert.Equal("true", Evaluated.Condition(Row(" || ", "true")));
        Assert.Equal("true", Evaluated.Condition(Row(" + ", "1") + " == 32"));
        Assert.Equal("true", Evaluated.Condition(Row(" == ", "true")));
        Assert.Equal("true", Evaluated.Condition(new string('(', 32) + "true" + new string(')', 32)));
        Assert.Equal("true", Evaluated.Condition($"1 in [{Row(", ", "1")}]"));
    }

    [Theory]
    [InlineData("a{1000}{1000}", "repeats a repetition"), InlineData("(a{32}){32}(a{32}){32}", "more than 2000 states"), InlineData("(?=a)b", "linear time"), InlineData(@"(a)\1", "linear time"), InlineData("(", "this is no pattern")]
    public void A_pattern_that_could_take_long_is_refused(string pattern, string words) =>
        Assert.Contains(words, Assert.Single(Evaluated.Faults($"event.user_agent.matches(r'{pattern}')")));

    [Fact]
    public void A_pattern_that_others_choke_on_takes_linear_time()
    {
        var login = new LoginUnderTest();
        login.Event.UserAgent = login.Text(new string('a', ExpressionLimits.MatchedLength - 1) + "!");
        Assert.Equal("false", Evaluated.Condition("event.user_agent.matches('^(a+)+$')", login));
        login.Event.UserAgent = login.Text(new string('a', ExpressionLimits.MatchedLength + 1));
        Assert.Equal("error", Evaluated.Condition("event.user_agent.matches('a')", login));
    }

    private static string SumsWithinSums()
    {
        var text = new StringBuilder("1");
        for (var level = 0; level < 40; level++) text.Insert(0, '(').Append(string.Concat(Enumerable.Repeat("+1", 60))).Append(')');
        return text.Append(" == 1").ToString();
    }
}
