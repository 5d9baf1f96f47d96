using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.Policies;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Policies;

public sealed class PolicyBacktestTests
{
    private static readonly EventTime Noon = new(1_790_000_000_000);

    [Fact]
    public void What_is_stored_decides_and_the_change_is_counted()
    {
        var report = Backtest(Rule("a", "risk.level >= medium", DecisionAction.Challenge), Login(level: RiskLevel.Medium), Login(level: RiskLevel.Low));
        Assert.Equal((2, 1, 0), (report.Events, report.Changed, report.Undecidable));
        Assert.Equal((1, 1), (report[DecisionAction.Allow, DecisionAction.Challenge], report[DecisionAction.Allow, DecisionAction.Allow]));
        Assert.Equal((1, 1, "e1"), (report.Rules[0].Hits, report.Rules[0].Changed, report.Rules[0].Examples.Single()));
    }

    [Theory]
    [InlineData("\"finance\" in subject.groups", "subject.groups")]
    [InlineData("subject.service_account", "subject.service_account")]
    [InlineData("!subject.service_account", "subject.service_account")]
    [InlineData("has(event.mfa)", "event.mfa")]
    [InlineData("reputation.address < 0", "reputation.address")]
    [InlineData("reputation.network < 0", "reputation.network")]
    [InlineData("\"mobile\" in network.kinds", "network.kinds")]
    [InlineData("\"ipsum\" in network.feeds", "network.feeds")]
    [InlineData("risk.level >= low && !address.shared", "address.shared")]
    [InlineData("risk.level >= low ? device.known : true", "device.known")]
    public void A_rule_that_asks_what_is_not_stored_is_undecidable_and_says_which_field(string condition, string missing)
    {
        var report = Backtest(Rule("a", condition, DecisionAction.Challenge), Login(level: RiskLevel.Low));
        Assert.Equal((1, 0, 1), (report.Undecidable, report.Rules[0].Hits, report.Rules[0].Undecidable));
        Assert.Equal(1, report[DecisionAction.Allow, null]);
        Assert.Equal([missing], report.Rules[0].MissingFields);
    }

    [Theory]
    [InlineData("risk.level >= high && \"finance\" in subject.groups", false)]
    [InlineData("risk.level >= low || \"finance\" in subject.groups", true)]
    [InlineData("risk.level >= high ? device.known : true", true)]
    [InlineData("!(risk.level >= low || subject.service_account)", false)]
    public void What_is_stored_decides_wherever_the_rest_makes_no_difference(string condition, bool holds)
    {
        var report = Backtest(Rule("a", condition, DecisionAction.Challenge), Login(level: RiskLevel.Low));
        Assert.Equal((0, holds ? 1 : 0), (report.Undecidable, report.Rules[0].Hits));
    }

    [Fact]
    public void A_rule_that_cannot_be_told_makes_no_difference_where_the_next_one_does_the_same()
    {
        PolicyRule[] rules = [Rule("finance", "\"finance\" in subject.groups", DecisionAction.Challenge)[0], Rule("all", "true", DecisionAction.Challenge)[0]];
        var report = Backtest(rules, Login());
        Assert.Equal((0, 1), (report.Undecidable, report[DecisionAction.Allow, DecisionAction.Challenge]));
        Assert.Equal((1, 0), (report.Rules[0].Undecidable, report.Rules[1].Hits));
    }

    [Theory]
    [InlineData("risk.level >= low", "subject.service_account", DecisionAction.Challenge, "unknown")]
    [InlineData("risk.level >= high", "risk.level >= low", DecisionAction.Challenge, "challenge")]
    [InlineData("subject.service_account", "risk.level >= low", DecisionAction.Challenge, "challenge")]
    [InlineData("risk.level >= low", "subject.service_account", DecisionAction.Allow, "notify")]
    [InlineData("subject.service_account", "risk.level >= high", DecisionAction.Challenge, "unknown")]
    [InlineData("risk.level >= low", "risk.level >= low", DecisionAction.Allow, "notify")]
    public void A_rule_that_notifies_lets_the_next_one_say_more(string told, string then, DecisionAction action, string decided)
    {
        PolicyRule[] rules = [Rule("tell", told, DecisionAction.Notify)[0], Rule("then", then, action)[0] with { Until = action == DecisionAction.Allow ? Noon + TimeSpan.FromDays(9) : null }];
        var report = Backtest(rules, Login(level: RiskLevel.Low));
        Assert.Equal(decided, report.Undecidable > 0 ? "unknown" : Enum.GetValues<DecisionAction>().Single(after => report[DecisionAction.Allow, after] > 0).Name());
    }

    [Theory]
    [InlineData("subject.service_account && subject.unknown && address.shared", "true")]
    [InlineData("device.known && session.known", "true")]
    [InlineData("subject.logins == 7 && subject.days_since_last_login == 1.0", "true")]
    [InlineData("reputation.address == -4.5 && reputation.network == -1.5 && reputation.asn == 2.25 && reputation.pair == 0.5", "true")]
    [InlineData("\"mobile\" in network.kinds && !(\"tor\" in network.kinds)", "true")]
    [InlineData("\"password_spray\" in fleet.attacks && fleet.under_attack", "true")]
    [InlineData("\"ipsum\" in network.feeds", "unknown")]
    [InlineData("device.id == \"d\"", "unknown")]
    [InlineData("\"finance\" in subject.groups || has(event.mfa) || has(event.reason) || has(event.round_trip)", "false")]
    public void What_was_known_then_is_stored_but_for_ids_and_the_names_of_feeds(string condition, string told)
    {
        var login = Login();
        login.Known = new JudgedFacts
        {
            Traits = JudgedTraits.ServiceAccount | JudgedTraits.SubjectUnknown | JudgedTraits.AddressShared | JudgedTraits.SessionTold | JudgedTraits.SessionKnown,
            Networks = (byte)NetworkKinds.Mobile,
            Attacks = (byte)AttackKinds.PasswordSpray,
            Feeds = 2,
            Logins = 7,
            LastLogin = Noon.UnixSeconds - 86_400,
            AddressReputation = -4.5f,
            NetworkReputation = -1.5f,
            AsnReputation = 2.25f,
            PairReputation = 0.5f,
        };
        (login.Event.ServiceAccount, login.Event.SubjectIsUnknown, login.Event.KnownDevice, login.Event.Session, login.Event.RoundTripMilliseconds) = (true, true, true, 1, -1);
        Assert.Equal(told, Told(condition, login));
    }

    [Fact]
    public void An_address_that_no_feed_listed_is_known_to_be_in_none()
    {
        var login = Login();
        login.Known = default(JudgedFacts);
        Assert.Equal("false", Told("\"ipsum\" in network.feeds", login));
    }

    [Fact]
    public void Signals_show_reputation_feeds_and_kinds_of_network()
    {
        var login = Login();
        login.Add(new SignalRecord(SignalCode.AddressReputation, 1, 1, -3, 0, 0, default));
        login.Add(new SignalRecord(SignalCode.NetworkReputation, 1, 1, -2.5, 0, 0, default));
        login.Add(new SignalRecord(SignalCode.TorExit, 1, 1, 0, 0, 0, default));
        login.Add(new SignalRecord(SignalCode.FeedHit, 1, 1, 0, 0, 0, login.Batch.Append("ipsum (5 lists), tor"u8)));
        Assert.Equal("true", Told("reputation.address <= -3.0", login));
        Assert.Equal("false", Told("reputation.address < -3.0", login));
        Assert.Equal("true", Told("reputation.network <= -2.5", login));
        Assert.Equal("true", Told("\"tor\" in network.kinds", login));
        Assert.Equal("unknown", Told("\"vpn\" in network.kinds", login));
        Assert.Equal("true", Told("\"ipsum\" in network.feeds", login));
        Assert.Equal("true", Told("\"tor\" in network.feeds", login));
        Assert.Equal("unknown", Told("\"ips\" in network.feeds", login));
    }

    [Theory]
    [InlineData("reputation.address <= 5.0")]
    [InlineData("!(reputation.network > 5.0)")]
    [InlineData("has(reputation.pair)")]
    public void An_address_that_said_nothing_then_has_no_reputation_and_that_is_known(string condition)
    {
        var login = Login();
        login.Degraded = DegradedFacts.Address;
        Assert.Equal("false", Told(condition, login));
    }

    [Theory, InlineData(-1, "true"), InlineData(0, "false"), InlineData(1, "false")]
    public void A_subject_is_established_from_the_second_after_its_first_accepted_login(int seconds, string told)
    {
        var login = Login();
        login.FirstLogin = (uint)(Noon.UnixSeconds + seconds);
        Assert.Equal(told, Told("subject.established", login));
    }

    [Fact]
    public void The_policy_that_judged_then_would_decide_as_it_did_whatever_it_asks()
    {
        var policy = Compile(Rule("block-bad", "reputation.address < 0", DecisionAction.Block));
        var login = Login(action: DecisionAction.Challenge, rule: "block-bad");
        login.PolicyVersion = policy.Version;
        var report = Run(policy, null, login);
        Assert.Equal((0, 0, 1), (report.Changed, report.Undecidable, report.Rules[0].Hits));
    }

    [Theory, InlineData(BlockScope.Ip, 0), InlineData(BlockScope.Pair, 1)]
    public void A_block_that_was_narrowed_to_a_challenge_stays_one_where_the_same_is_to_be_blocked(BlockScope scope, int changed)
    {
        var rules = Rule("block-bad", "\"feed_hit\" in signals", DecisionAction.Block);
        var current = Compile(rules);
        var enforcing = CompiledPolicy.Compile(new PolicyDefinition { Mode = PolicyMode.Enforce, Rules = [rules[0] with { Scope = scope }] });
        var login = Login(action: DecisionAction.Challenge, rule: "block-bad");
        login.PolicyVersion = current.Version;
        login.Add(new SignalRecord(SignalCode.FeedHit, 1, 1, 0, 0, 0, default));
        Assert.Equal(changed, Run(enforcing, current, login).Changed);
    }

    [Fact]
    public void What_a_standing_block_decided_stands_apart()
    {
        var report = Backtest(Rule("a", "risk.level >= low", DecisionAction.Challenge), Login(action: DecisionAction.Block, rule: StoredAssessment.StandingBlockRule));
        Assert.Equal((1, 1, 0, 0), (report.Events, report.UnderStandingBlocks, report.StandingBlockedByRule, report.Changed));
        Assert.Equal(0, report[DecisionAction.Block, DecisionAction.Allow]);
    }

    [Fact]
    public void An_allow_entry_that_lifted_a_block_lifts_that_of_the_other_policy_too()
    {
        var blocking = Rule("block-bad", "\"feed_hit\" in signals", DecisionAction.Block);
        var login = Login(rule: StoredAssessment.AllowListRule);
        login.Add(new SignalRecord(SignalCode.FeedHit, 1, 1, 0, 0, 0, default));
        Assert.Equal(0, Backtest(blocking, login).Changed);
        login.Rule = "";
        Assert.Equal(1, Backtest(blocking, login).Changed);
    }

    [Fact]
    public void Whom_it_would_hit_is_told_by_subject_and_by_honest_success()
    {
        StoredLogin[] logins = [Login(subject: 1), Login(subject: 1), Login(subject: 2), Login(subject: 3, kind: EventKind.LoginFailed), Login(subject: 4, level: RiskLevel.Medium), Login(subject: 5, action: DecisionAction.Challenge)];
        logins[2].FirstLogin = Noon.UnixSeconds - 60;
        var report = Backtest(Rule("a", "true", DecisionAction.Challenge), logins);
        Assert.Equal((5, 4, 1), (report.NewlyChallenged.Events, report.NewlyChallenged.Subjects, report.NewlyChallenged.Established));
        Assert.Equal((3, 3, 3), (report.HonestSuccesses, report.HonestHit, report.Rules[0].HonestHit));
        Assert.Equal(0, report.NewlyBlocked.Events);
    }

    [Fact]
    public void A_login_costs_no_allocation()
    {
        var backtest = new PolicyBacktest(Compile([.. Rule("a", "risk.level >= high && device.class == \"bot\"", DecisionAction.Challenge), .. Rule("b", "\"x\" in subject.groups", DecisionAction.Notify)]), null);
        var login = Login();
        Assert.Equal(0, Allocations.Least(() => backtest.Add(login)));
    }

    private static string Told(string condition, StoredLogin login)
    {
        var report = Backtest(Rule("a", condition, DecisionAction.Challenge), login);
        return report.Undecidable > 0 ? "unknown" : report.Rules[0].Hits > 0 ? "true" : "false";
    }

    [Fact]
    public void Many_rules_together_are_asked_as_each_would_be_alone()
    {
        // Alone a rule has no index; together all of these have one, over fields that are stored and over fields that are not.
        string[] conditions =
        [
            .. Enumerable.Range(0, 40).Select(i => $"risk.score >= {i}.5 && network.asn == {3320 + (i % 3)}"),
            .. Enumerable.Range(0, 8).Select(i => $"risk.level >= {(i % 2 == 0 ? "high" : "low")} && \"group-{i}\" in subject.groups"),
            .. Enumerable.Range(0, 8).Select(i => $"!(risk.level >= medium) && (subject.service_account || network.asn == {3320 + i})"),
            .. Enumerable.Range(0, 8).Select(i => $"\"password_spray\" in signals && signals.password_spray >= {i}.0"),
            .. Enumerable.Range(0, 8).Select(i => $"reputation.address < -{i}.0 || event.kind == \"login_failed\" && network.asn == {3319 + i}"),
        ];
        List<StoredLogin> logins = [];
        foreach (var level in Enum.GetValues<RiskLevel>())
        {
            foreach (var asn in new uint[] { 0, 3320, 3321, 3325 })
            {
                foreach (var score in new[] { 0.5, 3, 20, 90 })
                {
                    var login = Login(level, kind: asn == 3321 ? EventKind.LoginFailed : EventKind.Login);
                    (login.Asn, login.Score) = (asn, score);
                    if (score > 10) login.Add(new SignalRecord(SignalCode.PasswordSpray, 4, 4, 4, 0, 0, default));
                    if (score > 50) login.Add(new SignalRecord(SignalCode.AddressReputation, 1, 1, -3, 0, 0, default));
                    logins.Add(login);
                }
            }
        }

        PolicyRule[] rules = [.. conditions.Select((condition, i) => Rule($"r{i}", condition, DecisionAction.Challenge)[0])];
        var (decided, undecidable) = (0, 0);
        foreach (var login in logins)
        {
            var together = Backtest(rules, login);
            var isDecided = false;
            for (var i = 0; i < rules.Length; i++)
            {
                var alone = Backtest([rules[i]], login).Rules[0];
                Assert.Equal(isDecided ? 0 : alone.Undecidable, together.Rules[i].Undecidable);
                if (!isDecided && alone.Undecidable > 0) Assert.Equal(alone.MissingFields, together.Rules[i].MissingFields);
                isDecided |= alone.Hits > 0;
                undecidable += (int)together.Rules[i].Undecidable;
            }

            decided += isDecided ? 1 : 0;
            Assert.Equal(isDecided && together.Rules.All(rule => rule.Undecidable == 0) ? 1 : 0, together.Rules.Sum(rule => rule.Hits));
        }

        Assert.InRange(decided, 10, logins.Count - 10);
        Assert.True(undecidable > 100);
    }

    private static BacktestReport Backtest(PolicyRule[] rules, params StoredLogin[] logins) => Run(Compile(rules), null, logins);

    private static BacktestReport Run(CompiledPolicy policy, CompiledPolicy? current, params StoredLogin[] logins)
    {
        var backtest = new PolicyBacktest(policy, current);
        foreach (var login in logins) backtest.Add(login);
        return backtest.Finish();
    }

    private static CompiledPolicy Compile(PolicyRule[] rules) => CompiledPolicy.Compile(new PolicyDefinition { Rules = rules });

    private static PolicyRule[] Rule(string name, string condition, DecisionAction then) => [new PolicyRule { Name = name, When = new RuleConditions { Expression = condition }, Then = then }];

    private static StoredLogin Login(
        RiskLevel level = RiskLevel.None, DecisionAction action = DecisionAction.Allow, string rule = "", EventKind kind = EventKind.Login, ulong subject = 42)
    {
        var login = new StoredLogin();
        login.Begin();
        var id = login.Batch.Append(Encoding.UTF8.GetBytes("e1"));
        ref var e = ref login.Event;
        (e.Id, e.OccurredAt, e.Kind, e.SourceIp) = (id, Noon, kind, IpAddress.Parse("203.0.113.7"));
        (login.Level, login.Score, login.Action, login.Rule, login.Subject, login.Asn) = (level, 1, action, rule, subject, 3320);
        return login;
    }
}
