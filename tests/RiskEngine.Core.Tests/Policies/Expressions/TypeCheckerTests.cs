using RiskEngine.Core.Policies;

namespace RiskEngine.Core.Tests.Policies.Expressions;

public sealed class TypeCheckerTests
{
    [Theory]
    [InlineData("risk.scor > 3", "6: risk has no field \"scor\"; did you mean score?")]
    [InlineData("contry == 'DE'", "1: nothing is called \"contry\"; texts stand in quotes")]
    [InlineData("country == 'DE'", "1: nothing is called \"country\"; did you mean geo.country?")]
    [InlineData("gio.country == 'DE'", "1: nothing is called \"gio.country\"; did you mean geo.country?")]
    [InlineData("event.country == 'DE'", "7: event has no field \"country\"; did you mean geo.country?")]
    [InlineData("geo.country == 'de'", "16: countries are written in capitals: \"DE\"")]
    [InlineData("geo.country in ['DE', 'UK']", "23: \"UK\" is not a country code of two letters (ISO 3166-1) such as DE; the United Kingdom is GB")]
    [InlineData("event.kind == 'logon'", "15: no kind of event is called \"logon\"; did you mean login?")]
    [InlineData("'torr' in network.kinds", "1: no kind of network is called \"torr\"; did you mean tor?")]
    [InlineData("'ipsun' in network.feeds", "1: no feed is called \"ipsun\"; did you mean ipsum?")]
    [InlineData("'pasword_spray' in signals", "1: no signal is called \"pasword_spray\"; did you mean password_spray?")]
    [InlineData("signals.pasword_spray > 1.0", "9: no signal is called \"pasword_spray\"; did you mean password_spray?")]
    [InlineData("device.browser == 'Fire Fox'", "19: no browser is called \"Fire Fox\"; did you mean Firefox?")]
    [InlineData("risk.level >= 'medium'", "15: a risk level is written without quotes: medium")]
    [InlineData("risk.level >= 2", "15: >= compares values of one type: expected risk level, found int")]
    [InlineData("risk.score", "1: expected bool, found double; compare it, as in risk.score >= 10.0")]
    [InlineData("risk.level", "1: expected bool, found risk level; compare it, as in risk.level >= medium")]
    [InlineData("true && risk.score", "9: && joins conditions: expected bool, found double")]
    [InlineData("!risk.score", "2: ! negates a condition: expected bool, found double")]
    [InlineData("risk.score ? true : false", "1: before the ?: expected bool, found double")]
    [InlineData("1 + 1.0 == 2", "1: + is not made for int and double; whole and real numbers do not mix")]
    [InlineData("'a' + 'b' == 'ab'", "1: + is not made for string and string; texts and lists are not joined here")]
    [InlineData("event.occurred_at > '2026-01-01'", "21: > compares values of one type: expected timestamp, found string; write timestamp(\"…\")")]
    [InlineData("event.source_ip == '203.0.113.7'", "20: == compares values of one type: expected ip, found string; write ip(\"…\")")]
    [InlineData("event.source_ip in ['203.0.113.7']", "1: the list holds string, found ip to look for")]
    [InlineData("cidr('203.0.113.7/24').contains(event.source_ip)", "6: \"203.0.113.7/24\" has bits set beyond its prefix; the network is 203.0.113.0/24")]
    [InlineData("cidr('203.0.113.0/33').contains(event.source_ip)", "6: \"203.0.113.0/33\" is not a network")]
    [InlineData("cidr(event.application).contains(event.source_ip)", "6: cidr takes a text that is written out")]
    [InlineData("event.occurred_at - subject.last_login < duration('4')", "51: \"4\" lacks a unit")]
    [InlineData("event.occurred_at - subject.last_login < duration('4x')", "51: \"x\" is no unit")]
    [InlineData("duration('1us') > duration('0s')", "10: \"1us\" is finer than a millisecond")]
    [InlineData("event.occurred_at.getHours('Europe/Berlinn') > 6", "28: no time zone is called \"Europe/Berlinn\"; did you mean Europe/Berlin?")]
    [InlineData("event.occurred_at.getHours('+25:00') > 6", "28: \"+25:00\" is no offset of a time zone")]
    [InlineData("event.occurred_at > timestamp('2026-02-30T00:00:00Z')", "31: expected a time such as")]
    [InlineData("has(risk)", "5: has asks for a field, as in has(geo.country)")]
    [InlineData("has(geo.contry)", "9: geo has no field \"contry\"; did you mean country?")]
    [InlineData("geo == 'DE'", "1: geo is a group of fields: geo.country")]
    [InlineData("signals == 1", "1: signals is a map; ask \"password_spray\" in signals")]
    [InlineData("siz(event.mfa) == 1", "1: no function is called \"siz\"; did you mean size?")]
    [InlineData("event.application.startWith('a')", "19: no function is called \"startWith\"; did you mean startsWith?")]
    [InlineData("startsWith('a')", "1: no function is called \"startsWith\"; it stands behind a dot: value.startsWith(…)")]
    [InlineData("subject.groups.contains('a')", "1: contains is asked of a text or a network, found list(string); a list is asked with in")]
    [InlineData("subject.groups == ['a']", "1: lists are not compared with ==")]
    [InlineData("[1, 'a'][0] == 1", "5: a list holds values of one type: expected int, found string")]
    [InlineData("{'a': 1, 'a': 2}['a'] == 1", "10: the key \"a\" stands here twice")]
    [InlineData("subject.groups.exists(risk, true)", "23: \"risk\" already means something")]
    [InlineData("subject.groups.exists('g', true)", "23: expected a name for each element")]
    [InlineData("subject.groups.exists(g)", "1: exists takes a variable and a condition")]
    [InlineData("subject.groups.exists(g, g)", "26: exists asks a condition of each element: expected bool, found string")]
    [InlineData("signals.filter(s, true).size() == 1", "1: filter is not asked of a map")]
    [InlineData("geo.country < 'DE'", "1: values of type string (country) have no order")]
    [InlineData("event.application.matches(event.reason)", "27: a pattern is a text that is written out")]
    [InlineData("1 / 0 == 1", "1: (1 / 0) is an error for every login")]
    [InlineData("lists.office == 1", "7: no list is called \"office\"; this policy has none under lists")]
    [InlineData("variables.abroad", "11: this policy has no variables")]
    [InlineData("event.occurred_at.getHours(event.application) == 1", "28: getHours takes the name of a time zone, written out")]
    public void What_does_not_fit_is_told_with_place_types_and_remedy(string text, string expected) => Assert.StartsWith(expected, Assert.Single(Evaluated.Faults(text)));

    [Fact]
    public void Every_operand_that_is_wrong_is_told_at_once() => Assert.Equal(
        ["6", "31", "58"], Evaluated.Faults("risk.scor > 3 && (true || geo.contry == 'DE') && signals.feed_hits > 1").Select(fault => fault.Split(':')[0]));

    [Fact]
    public void Cost_is_counted_when_a_policy_is_loaded()
    {
        var twenty = $"[{string.Join(", ", Enumerable.Range(0, 20))}]";
        Assert.NotNull(TypeChecker.Compile($"{twenty}.all(a, {twenty}.all(b, a == b))", Evaluated.Scope, ExpressionType.Bool, out _));
        var hundred = $"[{string.Join(", ", Enumerable.Range(0, 100))}]";
        Assert.Contains("a condition at most 10000", Assert.Single(Evaluated.Faults($"{hundred}.all(a, {hundred}.all(b, a == b))")));
    }

    [Theory, InlineData("event.user_agent.matches('{0}')", 18, 19), InlineData("event.user_agent.matches('^{0}')", 190, null)]
    public void A_pattern_costs_what_the_busiest_text_makes_of_it(string text, int right, int? refused)
    {
        string Of(int length) => string.Format(System.Globalization.CultureInfo.InvariantCulture, text, new string('a', length - 1));
        Assert.NotNull(TypeChecker.Compile(Of(right), Evaluated.Scope, ExpressionType.Bool, out _));
        if (refused is { } longer) Assert.Contains("shorten patterns or let them begin with ^", Assert.Single(Evaluated.Faults(Of(longer))));
    }

    [Theory]
    [InlineData("event.application == 'a'", 3), InlineData("event.user_agent == event.application", 7), InlineData("size(event.application) > 5", 132), InlineData("event.application.contains('abcdefgh')", 133)]
    [InlineData("event.user_agent in ['abcdefghijklmnopqrstuvwxyz']", 4), InlineData("subject.groups.exists(g, g == 'a')", 258), InlineData("event.user_agent in subject.groups", 67)]
    public void What_reads_a_text_is_charged_for_the_longest(string text, int steps) =>
        Assert.Equal(steps, TypeChecker.Compile(text, Evaluated.Scope, ExpressionType.Bool, out _)!.Cost);

    [Theory, InlineData(34, true), InlineData(500, false)]
    public void All_patterns_of_a_policy_are_bounded_together(int rules, bool right)
    {
        var policy = new PolicyDefinition
        {
            Rules = [.. Enumerable.Range(0, rules).Select(i => new PolicyRule { Name = $"r{i}", Then = Core.Events.DecisionAction.Notify, When = new RuleConditions { Expression = $"event.user_agent.matches('some program {i:000}[0-9]')" } })],
        };
        var compiled = CompiledPolicy.TryCompile(policy, null, out var faults);
        Assert.Equal(right, compiled is not null);
        if (right) Assert.InRange(compiled!.WorstTime.TotalMilliseconds, 2, 4);
        else Assert.Contains("a policy at most 100000", Assert.Single(faults).Message);
    }

    [Theory]
    [InlineData("subject.groups{0}.exists(g, g == 'a')", 14)]
    [InlineData("size(subject.groups{0}) == 1", 14)]
    [InlineData("subject.groups{0}[0] == 'a'", 14)]
    [InlineData("event.application in subject.groups{0}", 14)]
    public void Filters_of_filters_cost_the_square_of_their_number_since_each_asks_all_before_it_again(string text, int refused)
    {
        string Chain(int filters) => string.Format(System.Globalization.CultureInfo.InvariantCulture, text, string.Concat(Enumerable.Repeat(".filter(g, g != 'x')", filters)));
        var three = TypeChecker.Compile(Chain(3), Evaluated.Scope, ExpressionType.Bool, out _)!.Cost;
        var six = TypeChecker.Compile(Chain(6), Evaluated.Scope, ExpressionType.Bool, out _)!.Cost;
        Assert.InRange(six, 2.5 * three, 4 * three);
        Assert.Contains("a condition at most 10000", Assert.Single(Evaluated.Faults(Chain(refused))));
    }

    [Fact]
    public void A_cost_counts_at_least_every_element_that_is_visited()
    {
        foreach (var filters in new[] { 0, 1, 5, 8 })
        {
            var text = $"subject.groups{string.Concat(Enumerable.Repeat(".filter(g, g != 'x')", filters))}.exists(g, g == 'a')";
            var cost = TypeChecker.Compile(text, Evaluated.Scope, ExpressionType.Bool, out _)!.Cost;
            // Counting asks the list before it and its own condition, and finding one asks all of them once more.
            var visits = ExpressionLimits.EventListElements * ((filters * (filters + 1) / 2) + filters + 1);
            Assert.True(cost >= visits, $"{filters} filters cost {cost}, and visit {visits}");
        }
    }

    [Fact]
    public void The_spelling_in_one_form_reads_back_as_the_same()
    {
        foreach (var text in new[]
        {
            "risk.level >= medium && !(geo.country in [\"DE\"])", "\"tor\" in network.kinds || signals.feed_hit > 1.5", "event.occurred_at.getHours(\"Europe/Berlin\") < 6",
            "event.occurred_at - subject.first_login < duration(\"-1h30m\")", "subject.groups.exists(g, g.startsWith(\"a\\\"b\"))", "event.source_ip in [cidr(\"203.0.113.0/24\")] ? risk.score > 1.0 : has(network.asn)",
            "{\"a\": 1, \"b\": 2}[event.application] == 1", "event.user_agent.matches(\"a.*\\\\d\")", "event.mfa.filter(m, m != \"sms\").map(m, size(m))[0] * 2 == -4",
        })
        {
            var once = TypeChecker.Compile(text, Evaluated.Scope, ExpressionType.Bool, out var faults)?.ToString();
            Assert.True(once is not null, string.Join('\n', faults));
            Assert.Equal(once, TypeChecker.Compile(once, Evaluated.Scope, ExpressionType.Bool, out _)?.ToString());
        }
    }
}
