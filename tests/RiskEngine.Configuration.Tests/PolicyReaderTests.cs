using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Policies;

namespace RiskEngine.Configuration.Tests;

public sealed class PolicyReaderTests
{
    [Fact]
    public void The_built_in_policy_says_the_same_as_its_text()
    {
        var (policy, faults) = PolicyReader.Load(null, null, []);
        Assert.Empty(faults);
        Assert.Equal(CompiledPolicy.Compile(DefaultPolicy.Definition, []).Version, policy!.Version);
    }

    [Fact]
    public void A_mode_from_elsewhere_takes_the_place_of_the_files() =>
        Assert.Equal(PolicyMode.Enforce, PolicyReader.Load(null, PolicyMode.Enforce, []).Policy!.Mode);

    [Fact]
    public void Every_key_of_a_rule_is_read()
    {
        var (policy, faults) = PolicyReader.Parse("""
            mode: enforce
            blocks: { duration: 1h, factor: 3, cap: 2d, jitter: 0 }
            shared_address_subjects: 8
            trusted_networks:
              - networks: [192.0.2.0/24, "2001:db8::/32"]
                groups: [finance]
            rules:
              - name: everything
                priority: 5
                mode: monitor
                notify: true
                then: block
                scope: pair
                for: 30m
                when:
                  level: low
                  score: 12.5
                  signals: [tor_exit, { code: password_spray, at_least: 2 }]
                  signals_all: feed_hit
                  reputation: -2
                  country: [de, FR]
                  country_not: US
                  asn: [64500]
                  group: finance
                  application: [grafana]
                  feed: ipsum
                  network: [tor, datacentre]
                  kind: [login, login_failed]
                  subject: ["42"]
                  service_account: false
                  established: true
            """, "policy.yaml", feeds: ["ipsum"]);
        Assert.Empty(faults);
        var rule = Assert.Single(policy!.Rules);
        Assert.Equal(("everything", 5, PolicyMode.Monitor, true, DecisionAction.Block, BlockScope.Pair, TimeSpan.FromMinutes(30)), (rule.Name, rule.Priority, rule.Mode, rule.Notify, rule.Then, rule.Scope, rule.For));
        Assert.Equal((RiskLevel.Low, 12.5, -2.0, false, true), (rule.When.Level, rule.When.Score, rule.When.Reputation, rule.When.ServiceAccount, rule.When.Established));
        Assert.Equal([new SignalCondition(SignalCode.TorExit), new SignalCondition(SignalCode.PasswordSpray, 2)], rule.When.Signals);
        Assert.Equal([new SignalCondition(SignalCode.FeedHit)], rule.When.SignalsAll);
        Assert.Equal([CountryCode.Parse("DE"), CountryCode.Parse("FR")], rule.When.Country);
        Assert.Equal(NetworkKinds.Tor | NetworkKinds.DataCentre, rule.When.Network);
        Assert.Equal([EventKind.Login, EventKind.LoginFailed], rule.When.Kind);
        Assert.Equal((3.0, TimeSpan.FromDays(2), 8), (policy.Definition.Blocks.Factor, policy.Definition.Blocks.Cap, policy.Definition.SharedAddressSubjects));
        Assert.Equal(2, policy.Definition.TrustedNetworks[0].Networks.Count);
    }

    [Theory]
    [InlineData("signals: [pasword_spray]", "policy.yaml:5:17: rules[0].when.signals[0]: expected the name of a signal, found \"pasword_spray\"; did you mean password_spray?")]
    [InlineData("signals: [{ code: tor_exit, atleast: 2 }]", "policy.yaml:5:35: rules[0].when.signals[0].atleast: unknown key; did you mean at_least?")]
    [InlineData("signals: [{ at_least: 2 }]", "policy.yaml:5:17: rules[0].when.signals[0].code: is missing; expected the name of a signal, or {code: …, at_least: …}")]
    [InlineData("country: [UK]", "policy.yaml:5:17: rules[0].when.country[0]: \"UK\" is not a country code of two letters (ISO 3166-1) such as DE; the United Kingdom is GB")]
    [InlineData("contry: [DE]", "policy.yaml:5:7: rules[0].when.contry: unknown key; did you mean country?")]
    [InlineData("kind: [logon]", "policy.yaml:5:14: rules[0].when.kind[0]: expected a kind of event, found \"logon\"; did you mean login?")]
    [InlineData("network: [torr]", "policy.yaml:5:17: rules[0].when.network: expected tor, vpn, datacentre, mobile or relay, found \"torr\"; did you mean tor?")]
    [InlineData("level: hihg", "policy.yaml:5:7: rules[0].when.level: expected none, low, medium or high, found \"hihg\"; did you mean high?")]
    [InlineData("score: 101", "policy.yaml:5:7: rules[0].when.score: expected 0 to 100, found 101")]
    [InlineData("feed: [ipsun]", "policy.yaml:5:14: rules[0].when.feed[0]: no feed is called \"ipsun\"; did you mean ipsum?")]
    [InlineData("kind: [logout]", "policy.yaml:5:14: rules[0].when.kind[0]: events of kind logout are not judged, so the rule would never hold; remove it")]
    public void Each_fault_of_a_condition_has_its_place_and_remedy(string condition, string expected)
    {
        var (policy, faults) = PolicyReader.Parse($"rules:\n  - name: a\n    then: challenge\n    when:\n      {condition}", "policy.yaml", feeds: ["ipsum"]);
        Assert.Null(policy);
        Assert.Equal(expected, Assert.Single(faults).ToString());
    }

    [Fact]
    public void Faults_of_all_rules_are_told_at_once_with_their_lines()
    {
        var (_, faults) = PolicyReader.Parse("""
            rules:
              - name: behaviour
                when: { level: high }
                then: block
              - name: lockout
                when: { feed: a }
                then: block
                scope: subject
              - name: forever
                when: { feed: a }
                then: block
                for: 8d
            """, "policy.yaml");
        Assert.Equal([4, 8, 12], faults.Select(fault => fault.Line));
    }

    [Theory, InlineData("for: permanent", "duration"), InlineData("for: 4", "lacks a unit"), InlineData("scope: adress", "expected ip, range, asn, country, subject, session or pair")]
    public void A_block_that_cannot_be_is_told(string line, string words)
    {
        var (_, faults) = PolicyReader.Parse($"rules:\n  - name: a\n    then: block\n    when: {{ reputation: -3 }}\n    {line}", "policy.yaml");
        Assert.Contains(words, Assert.Single(faults).Message);
    }

    [Theory, InlineData("-2147483648"), InlineData("-1001"), InlineData("1001"), InlineData("2147483647")]
    public void A_priority_beyond_its_range_is_told(string priority) =>
        Assert.Equal(["rules[0].priority"], PolicyReader.Parse($"rules:\n  - {{ name: a, then: challenge, priority: {priority} }}", "policy.yaml").Faults.Select(fault => fault.Key));

    [Theory, InlineData("rules[0"), InlineData("rules["), InlineData("rules[]"), InlineData("rules[-1]"), InlineData("rules]0["), InlineData("rules[99999999999]")]
    public void A_key_that_looks_like_an_entry_of_a_list_is_an_unknown_key(string key)
    {
        var (policy, faults) = PolicyReader.Parse($"\"{key}\": x\nrules:\n  - {{ name: a, then: challenge }}", "policy.yaml");
        Assert.Null(policy);
        Assert.Equal(key, Assert.Single(faults).Key);
    }

    [Fact]
    public void A_rule_needs_a_name_and_an_action() =>
        Assert.Equal(["rules[0].name", "rules[0].then"], PolicyReader.Parse("rules:\n  - { priority: 1 }", "policy.yaml").Faults.Select(fault => fault.Key).Order());

    [Fact]
    public void What_cannot_be_read_does_not_hide_what_is_wrong_elsewhere()
    {
        var (policy, faults) = PolicyReader.Parse("""
            mode: enforc
            blocks: { factor: 99, jiter: 1 }
            lists:
              home: { values: [DE], until: someday }
            rules:
              - name: a
                then: chalenge
                when: geo.contry in lists.home
              - name: b
                then: block
                for: 4
                when: { level: high, expression: risk.scor > 3 }
              - name: c
                then: block
                when: risk.level >= high && geo.country in lists.home
              - { then: notify }
              - { name: c, then: notify }
            """, "policy.yaml");
        Assert.Null(policy);
        Assert.Equal(
            ["blocks.jiter", "lists.home.until", "mode", "rules[0].then", "rules[0].when", "rules[1].for", "rules[1].when", "rules[2].then", "rules[3].name", "rules[4].name"],
            faults.Select(fault => fault.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_rule_that_cannot_be_read_causes_no_faults_that_it_does_not_have() => Assert.Equal(
        ["rules[0].when.kind[0]"], PolicyReader.Parse("rules:\n  - { name: a, then: block, scope: subject, when: { feed: x, kind: [logon] } }", "policy.yaml").Faults.Select(fault => fault.Key));

    [Fact]
    public void An_end_of_what_is_allowed_is_compared_with_the_clock()
    {
        static IReadOnlyList<ConfigurationFault> Faults(string until) =>
            PolicyReader.Parse($"rules:\n  - {{ name: a, then: allow, until: {until}, when: network.trusted }}\n  - {{ name: b, then: challenge }}", "policy.yaml").Faults;
        Assert.Contains("within 400 days", Assert.Single(Faults("9998-01-31")).Message);
        Assert.Empty(Faults("2026-01-31"));
    }

    [Fact]
    public void All_faults_of_a_file_of_cases_and_of_its_policy_are_told_at_once()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(System.IO.Path.Combine(folder.Path, "p.yaml"), "rules: [{ name: a, then: notify, when: risk.scor > 1 }]");
        File.WriteAllText(System.IO.Path.Combine(folder.Path, "p.test.yaml"), """
            cases:
              - { name: one, signals: { pasword_spray: 1 }, expect: { decision: allow } }
              - { name: one, expect: { decision: allow } }
              - { name: two, event: { ago: 1d }, expect: { decision: allow } }
              - { name: three, expect: { decision: alow } }
            """);
        var (suite, faults) = PolicyTestReader.Load(System.IO.Path.Combine(folder.Path, "p.test.yaml"));
        Assert.Null(suite);
        Assert.Equal(["cases[0].signals", "cases[3].expect.decision", "cases[1].name", "cases[2].event", "rules[0].when"], faults.Select(fault => fault.Key));
    }
}
