using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Policies;

namespace RiskEngine.Core.Tests.Policies.Expressions;

public sealed class EvaluationTests
{
    private const string Missing = "(geo.country == 'DE')";

    [Theory]
    [InlineData("false && M", "false"), InlineData("M && false", "false"), InlineData("true && M", "error"), InlineData("M && true", "error"), InlineData("M && M", "error")]
    [InlineData("true || M", "true"), InlineData("M || true", "true"), InlineData("false || M", "error"), InlineData("M || false", "error"), InlineData("!M", "error")]
    [InlineData("M ? true : true", "error"), InlineData("true ? true : M", "true"), InlineData("false ? M : false", "false"), InlineData("false ? false : M", "error")]
    [InlineData("!(M && true)", "error"), InlineData("!(M || true)", "false"), InlineData("M == M", "error")]
    public void Missing_data_is_an_error_that_a_deciding_operand_absorbs(string text, string expected) => Assert.Equal(expected, Evaluated.Condition(text.Replace("M", Missing)));

    [Theory]
    [InlineData("geo.country in ['DE']"), InlineData("!(geo.country in ['DE'])"), InlineData("geo.country != 'DE'"), InlineData("network.asn == 1"), InlineData("network.asn != 1")]
    [InlineData("!('tor' in network.kinds)"), InlineData("!('admins' in subject.groups)"), InlineData("signals.feed_hit < 1.0"), InlineData("!(signals.feed_hit >= 1.0)")]
    [InlineData("event.application != 'a'"), InlineData("!device.known"), InlineData("device.class != 'bot'"), InlineData("!session.known"), InlineData("subject.first_login < event.occurred_at")]
    [InlineData("subject.days_since_last_login > 0.0"), InlineData("size(subject.groups) == 0"), InlineData("subject.groups.all(g, false)"), InlineData("event.round_trip >= duration('0s')")]
    [InlineData("reputation.asn > -6"), InlineData("event.user_agent.size() >= 0"), InlineData("subject.name != ''")]
    public void What_is_missing_satisfies_neither_a_condition_nor_its_negation(string text) => Assert.Equal("error", Evaluated.Condition(text));

    [Theory]
    [InlineData("has(geo.country)"), InlineData("has(network.asn)"), InlineData("has(network.kinds)"), InlineData("has(subject.groups)"), InlineData("has(signals.feed_hit)"), InlineData("has(event.application)")]
    [InlineData("has(device.known)"), InlineData("has(subject.first_login)"), InlineData("has(event.mfa)"), InlineData("has(network.feeds)")]
    public void Whether_something_is_missing_can_be_asked(string text) => Assert.Equal("false", Evaluated.Condition(text));

    [Theory]
    [InlineData("9223372036854775807 + subject.logins == 0"), InlineData("-9223372036854775807 - 2 * subject.logins == 0"), InlineData("9223372036854775807 * (subject.logins + 1) == 0")]
    [InlineData("1 / (subject.logins - 1) == 0"), InlineData("1 % (subject.logins - 1) == 0"), InlineData("event.occurred_at + duration('3000000h') * 1 == event.occurred_at", true), InlineData("[1, 2][subject.logins + 1] == 1")]
    [InlineData("[1, 2][-1 * subject.logins] == 1"), InlineData("{1: 2}[subject.logins + 5] == 1"), InlineData("int(1e300 * double(subject.logins)) == 1")]
    public void Overflow_division_by_zero_and_what_is_out_of_range_are_errors(string text, bool isRefused = false)
    {
        if (isRefused)
        {
            Assert.Single(Evaluated.Faults(text));
            return;
        }

        var login = new LoginUnderTest();
        login.Profile.Logins = 1;
        Assert.Equal("error", Evaluated.Condition(text, login));
    }

    [Theory]
    [InlineData("risk.level >= medium", true), InlineData("risk.level > medium", false), InlineData("risk.level == medium", true), InlineData("medium <= risk.level", true), InlineData("risk.level in [low, medium]", true)]
    [InlineData("risk.score >= 15", true), InlineData("risk.score > 15.0", false), InlineData("15 == risk.score", true), InlineData("risk.score < 15.5", true), InlineData("!(risk.score > 20) && risk.level < high", true)]
    public void Levels_are_ordered_and_numbers_compare_across_types(string text, bool holds) => Assert.Equal(holds ? "true" : "false", Evaluated.Condition(text));

    [Fact]
    public void The_examples_of_the_documents_read_as_they_are_meant()
    {
        var login = new LoginUnderTest(kind: EventKind.Login) { Country = CountryCode.Parse("FR"), AsnNumber = 64500 }.InGroups("sales", "finance");
        login.Facts.Networks = NetworkKinds.Vpn | NetworkKinds.DataCentre;
        login.Facts.AddFeedHit(new FeedHit(0, 1, 1));
        login.Event.Application = login.Text("grafana");
        foreach (var text in new[]
        {
            "'finance' in subject.groups && !(geo.country in ['DE', 'AT'])", "network.asn in [64500, 64501]", "'vpn' in network.kinds && !('tor' in network.kinds)",
            "'ipsum' in network.feeds && !('tor-exits' in network.feeds)", "network.feeds.exists(f, f == 'ipsum')", "size(network.kinds) == 2", "event.kind == 'login'", "event.kind.startsWith('log')",
            "event.kind in ['login', 'session_seen']", "subject.groups.exists(g, g.startsWith('fin'))", "subject.groups.exists_one(g, g.contains('a') && g != 'sales')", "subject.groups.all(g, g.size() > 4)",
            "subject.groups.filter(g, g != 'sales').size() == 1", "subject.groups.map(g, g.size()).exists(n, n == 7)", "subject.groups.map(g, g != 'sales', g.size())[0] == 7", "subject.groups[1] == 'finance'",
            "{'grafana': medium, 'wiki': high}[event.application] <= risk.level", "{'grafana': 10.0}.grafana < risk.score", "event.application in {'grafana': 1}", "cidr('203.0.113.0/24').contains(event.source_ip)",
            "event.source_ip == ip('203.0.113.7')", "event.source_ip in [cidr('192.0.2.0/24'), cidr('203.0.113.0/24')]", "!(event.source_ip in [ip('203.0.113.8')])", "address.public", "network.trusted",
            "['gra', 'wi'].exists(p, event.application.startsWith(p))", "geo.country == 'FR' ? risk.level >= low : risk.level >= high", "subject.groups.exists(g, ['finance', 'x'].exists(h, g == h))",
        }) Assert.Equal((text, "true"), (text, Evaluated.Condition(text, login)));
    }

    [Fact]
    public void What_is_no_number_is_neither_less_nor_more_than_one()
    {
        foreach (var text in new[] { "< 5", "<= 5", "> 5", ">= 5", "== 5", "< 5.0", "> 5.0" }) Assert.Equal((text, "false"), (text, Evaluated.Condition($"(0.0 / (risk.score - risk.score)) {text}", new LoginUnderTest())));
        Assert.Equal("false", Evaluated.Condition("5 > (0.0 / (risk.score - risk.score))", new LoginUnderTest()));
        Assert.Equal("true", Evaluated.Condition("(0.0 / (risk.score - risk.score)) != 5", new LoginUnderTest()));
    }

    [Theory]
    [InlineData("(0.0 / (risk.score - risk.score)) != (0.0 / (risk.score - risk.score))", "true"), InlineData("(0.0 / (risk.score - risk.score)) == (0.0 / (risk.score - risk.score))", "false")]
    [InlineData("0.0 / 0.0 != 0.0 / 0.0", "true"), InlineData("0.0 / 0.0 in [0.0 / 0.0]", "false"), InlineData("(0.0 / (risk.score - risk.score)) in [0.0 / 0.0, 1.0]", "false"), InlineData("0.0 == -0.0", "true")]
    public void What_is_no_number_equals_nothing(string text, string expected) => Assert.Equal(expected, Evaluated.Condition(text));

    [Theory]
    [InlineData("1 in [1.0]", "true"), InlineData("1 in [1.5, 2.0]", "false"), InlineData("1.0 in [1]", "true"), InlineData("1.5 in [1, 2]", "false"), InlineData("risk.score in [15]", "true"), InlineData("size(event.mfa) in [0.0]", "true")]
    [InlineData("15 in [risk.score]", "true"), InlineData("14 in [risk.score]", "false"), InlineData("9007199254740993 in [9007199254740992.0]", "false"), InlineData("9007199254740992.0 in [9007199254740993]", "false"), InlineData("9223372036854775807 in [9223372036854775808.0, 1e300]", "false")]
    [InlineData("1.0 in {1: 'a'}", "true"), InlineData("1 in [0.0 / 0.0]", "false")]
    public void In_finds_numbers_across_types_without_rounding(string text, string expected) => Assert.Equal(expected, Evaluated.Condition(text));

    [Fact]
    public void Signals_are_asked_by_presence_and_by_contribution()
    {
        SignalRecord[] signals = [LoginUnderTest.Signal(SignalCode.ImpossibleTravel, 2.5), LoginUnderTest.Signal(SignalCode.NewDevice, 0.5)];
        foreach (var text in new[]
        {
            "'impossible_travel' in signals", "!('feed_hit' in signals)", "signals.impossible_travel >= 2.5", "signals['new_device'] < 1", "has(signals.new_device)", "size(signals) == 2",
            "signals.exists(s, s in ['impossible_travel', 'tor_exit'])", "signals.exists(s, signals[s] > 2.0)", "signals.all(s, s.contains('e'))", "{'new_device': 1}.all(s, s in ['new_device'])",
        }) Assert.Equal((text, "true"), (text, Evaluated.Condition(text, signals: signals)));
    }

    [Fact]
    public void A_deciding_element_absorbs_the_errors_of_others_but_not_in_exists_one_filter_and_map()
    {
        Assert.Equal("true", Evaluated.Condition("[0, 1].exists(i, 1 / i == 1)"));
        Assert.Equal("false", Evaluated.Condition("[0, 1].all(i, 1 / i == 2)"));
        Assert.Equal("error", Evaluated.Condition("[0, 1].exists(i, 1 / i == 2)"));
        Assert.Equal("error", Evaluated.Condition("[0, 1].all(i, 1 / i == 1)"));
        Assert.Equal("error", Evaluated.Condition("[0, 1].exists_one(i, 1 / i == 1)"));
        Assert.Equal("error", Evaluated.Condition("[0, 1].filter(i, 1 / i == 1).size() == 1"));
        Assert.Equal("error", Evaluated.Condition("1 in [0, 1].map(i, 1 / i)"));
        Assert.Equal("error", Evaluated.Condition("'a' in ['a', event.application]"));
    }

    /// <summary>2026-09-21, a Monday, 14:13:20 UTC.</summary>
    [Theory]
    [InlineData("event.occurred_at == timestamp('2026-09-21T14:13:20Z')"), InlineData("event.occurred_at == timestamp('2026-09-21T16:13:20+02:00')"), InlineData("event.occurred_at.getHours() == 14")]
    [InlineData("event.occurred_at.getHours('Europe/Berlin') == 16"), InlineData("event.occurred_at.getHours('+05:30') == 19"), InlineData("event.occurred_at.getMinutes('+05:30') == 43")]
    [InlineData("event.occurred_at.getHours('-10:00') == 4"), InlineData("event.occurred_at.getDayOfWeek() == 1"), InlineData("event.occurred_at.getDayOfWeek('+14:00') == 2"), InlineData("event.occurred_at.getDate() == 21")]
    [InlineData("event.occurred_at.getDayOfMonth() == 20"), InlineData("event.occurred_at.getMonth() == 8"), InlineData("event.occurred_at.getFullYear() == 2026"), InlineData("event.occurred_at.getDayOfYear() == 263")]
    [InlineData("event.occurred_at.getSeconds() == 20"), InlineData("event.occurred_at.getMilliseconds() == 0"), InlineData("duration('1h30m') == duration('90m')"), InlineData("duration('1.5h').getMinutes() == 90")]
    [InlineData("duration('-90s').getMinutes() == -1"), InlineData("duration('7d').getHours() == 168"), InlineData("event.occurred_at - timestamp('2026-09-21T00:00:00Z') > duration('13h')")]
    [InlineData("event.occurred_at + duration('1d') > event.occurred_at"), InlineData("timestamp('2026-01-01T00:00:00.250Z').getMilliseconds() == 250")]
    [InlineData("timestamp('2026-03-29T00:59:59Z').getHours('Europe/Berlin') == 1"), InlineData("timestamp('2026-03-29T01:00:00Z').getHours('Europe/Berlin') == 3")]
    public void Times_are_those_of_CEL(string text) => Assert.Equal("true", Evaluated.Condition(text));

    [Fact]
    public void The_history_of_a_subject_can_be_asked()
    {
        var login = new LoginUnderTest { IsEstablished = true };
        (login.Profile.Logins, login.Profile.FirstLogin, login.Profile.LastLogin) = (12, login.Now - (7 * 86_400), login.Now - 3600);
        Assert.Equal("true", Evaluated.Condition("subject.established && subject.logins == 12 && subject.days_since_first_login == 7.0", login));
        Assert.Equal("false", Evaluated.Condition("subject.days_since_first_login < 7", login));
        Assert.Equal("true", Evaluated.Condition("event.occurred_at - subject.last_login == duration('1h')", login));
        Assert.Equal("true", Evaluated.Condition("!subject.established || subject.days_since_first_login < 7"));
    }

    [Theory, InlineData(-3, "true"), InlineData(-2.99f, "false"), InlineData(float.NaN, "error")]
    public void An_unknown_reputation_is_neither_good_nor_bad(float reputation, string expected)
    {
        Assert.Equal(expected, Evaluated.Condition("reputation.address <= -3", reputation: reputation));
        Assert.Equal("error", Evaluated.Condition("reputation.address <= -3", new LoginUnderTest { IsEvaluable = false }, reputation: reputation));
    }

    [Fact]
    public void A_macro_in_a_variable_does_not_disturb_the_macro_that_uses_it()
    {
        var inner = TypeChecker.Compile("['x'].exists(a, a == 'x')", Evaluated.Scope, ExpressionType.Bool, out _);
        var scope = Evaluated.Scope with { Variable = _ => (inner, null) };
        var expression = TypeChecker.Compile("['b'].exists(b, variables.v && b == 'b')", scope, ExpressionType.Bool, out _)!;
        var frame = default(Frame);
        Assert.True(expression.Holds(ref frame));
    }

    [Fact]
    public void An_event_with_more_groups_than_anybody_has_ends_in_an_error_and_not_in_a_wait()
    {
        var login = new LoginUnderTest().InGroups([.. Enumerable.Range(0, 2000).Select(i => $"g{i}")]);
        Assert.Equal("error", Evaluated.Condition("subject.groups.all(a, a in subject.groups)", login));
        Assert.Equal("true", Evaluated.Condition("'g1999' in subject.groups", login));
    }
}
