using RiskEngine.Core.Policies;

namespace RiskEngine.Configuration.Tests;

/// <summary>Conditions, lists and variables of a policy file, and where their faults are.</summary>
public sealed class PolicyExpressionTests
{
    [Theory]
    [InlineData("    when: risk.scor > 3", 4, 16)]
    [InlineData("    when: 'risk.level == high && \"it''s\" in subject.groupz'", 4, 53)]
    [InlineData("    when: \"\\\"a\\\" in subject.groups && risk.scor > 3\"", 4, 44)]
    [InlineData("    when: |\n      risk.level == high\n        && risk.scor > 3", 6, 17)]
    [InlineData("    when: >-\n      risk.level == high\n\n      && risk.scor > 3", 7, 15)]
    [InlineData("    when:\n      risk.level == high\n      && risk.scor > 3", 6, 15)]
    [InlineData("    when: { level: high, expression: risk.scor > 3 }", 4, 43)]
    [InlineData("    when: 'risk.level == high\n      && risk.scor > 3'", 5, 15)]
    public void A_fault_has_the_line_and_column_of_the_file_however_it_is_quoted(string when, int line, int column)
    {
        var fault = Assert.Single(Faults($"rules:\n  - name: a\n    then: challenge\n{when}\n"));
        Assert.Equal((line, column), (fault.Line, fault.Column));
        Assert.Contains("did you mean", fault.Message);
        Assert.StartsWith("rules[0].when", fault.Key);
    }

    [Fact]
    public void A_fault_reads_as_one_sentence_with_its_remedy() => Assert.Equal(
        "policy.yaml:4:33: rules[0].when: risk has no field \"scor\"; did you mean score?",
        Assert.Single(Faults("rules:\n  - name: a\n    then: challenge\n    when: 'device.known && risk.scor > 3'")).ToString());

    [Fact]
    public void Faults_of_expressions_lists_and_variables_are_told_at_once()
    {
        var faults = Faults("""
            lists:
              office: [203.0.113.0/24, 203.0.113.9/24, somewhere]
              Bad-Name: [a]
            variables:
              one: variables.two
              two: variables.three && true
              three: variables.one
              typo: risk.scor > 3
            rules:
              - name: a
                then: challenge
                when: risk.level >= "high" && geo.country == "UK"
              - name: b
                then: block
                when: event.application == "payroll"
            """);
        Assert.Equal([2, 2, 3, 7, 8, 12, 12, 14], faults.Select(fault => fault.Line).Order());
        Assert.Contains(faults, fault => fault.Message.Contains("the network is 203.0.113.0/24", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Message.Contains("circle: one → two → three → one", StringComparison.Ordinal));
        Assert.Contains(faults, fault => fault.Message.Contains("is not a network", StringComparison.Ordinal) && fault.Message.Contains("other entries", StringComparison.Ordinal));
    }

    [Fact]
    public void Lists_and_variables_are_used_by_their_names()
    {
        var policy = Right("""
            lists:
              home: [DE, AT]
              office: 203.0.113.0/24
              systems: [64500, 64501]
              apps: { values: [payroll, wiki], until: 2027-01-31 }
            variables:
              abroad: '!(geo.country in lists.home)'
              sensitive: variables.abroad && event.application in lists.apps
            trusted_networks:
              - networks: [lists.office, 192.0.2.0/24]
            rules:
              - name: a
                then: challenge
                when: variables.sensitive && !(network.asn in lists.systems) && !(event.source_ip in lists.office)
            """);
        Assert.Equal(2, policy.Definition.TrustedNetworks[0].Networks.Count);
    }

    [Fact]
    public void The_short_form_and_the_expression_it_is_short_for_are_one_policy()
    {
        const string Rule = "rules:\n  - name: a\n    then: block\n    when: ";
        Assert.Equal(
            Right(Rule + "{ level: medium, country_not: [DE], signals: [feed_hit, { code: password_spray, at_least: 2 }], reputation: -3 }").Version,
            Right(Rule + "'risk.level >= medium && reputation.address <= -3.0 && !(geo.country in [\"DE\"]) && (\"feed_hit\" in signals || signals.password_spray >= 2.0)'").Version);
    }

    [Theory]
    [InlineData("risk.level >= high", "risk.level >= medium"), InlineData("event.source_ip in lists.office", "event.source_ip in lists.other"), InlineData("variables.v", "!variables.v")]
    public void The_version_changes_with_a_condition(string one, string other) => Assert.NotEqual(Right(Policy(one, "203.0.113.0/24", "true")).Version, Right(Policy(other, "203.0.113.0/24", "true")).Version);

    [Fact]
    public void The_version_changes_with_what_a_condition_uses_and_not_with_how_it_is_written()
    {
        const string when = "event.source_ip in lists.office && variables.v";
        var version = Right(Policy(when, "203.0.113.0/24", "risk.level >= high")).Version;
        Assert.NotEqual(version, Right(Policy(when, "203.0.113.0/25", "risk.level >= high")).Version);
        Assert.NotEqual(version, Right(Policy(when, "203.0.113.0/24", "risk.level > high")).Version);
        Assert.NotEqual(version, Right(Policy(when, "203.0.113.0/24", "risk.level >= high") + "    until: 2027-01-01\n").Version);
        Assert.Equal(version, Right(Policy("(event.source_ip   in lists.office)&&variables.v // a remark", "203.0.113.0/24", "high <= risk.level")).Version);
    }

    [Fact]
    public void An_unknown_feed_in_an_expression_is_told_where_feeds_are_known()
    {
        const string yaml = "rules:\n  - name: a\n    then: challenge\n    when: '\"ipsun\" in network.feeds'";
        Assert.Contains("did you mean ipsum?", Assert.Single(PolicyReader.Parse(yaml, "policy.yaml", feeds: ["ipsum"]).Faults).Message);
        Assert.Empty(PolicyReader.Parse(yaml, "policy.yaml").Faults);
    }

    [Theory]
    [InlineData("until: soon", "expected a day such as 2027-01-31 or a time"), InlineData("until: 2027-02-30", "expected a day such as"), InlineData("priority: high", "expected a whole number")]
    public void Keys_of_a_rule_have_their_types(string line, string words) => Assert.Contains(words, Assert.Single(Faults($"rules:\n  - name: a\n    then: challenge\n    {line}")).Message);

    [Fact]
    public void Two_rules_of_one_name_are_told() => Assert.Contains("an earlier rule is called \"a\" too", Assert.Single(Faults("rules:\n  - { name: a, then: notify }\n  - { name: a, then: notify }")).Message);

    [Fact]
    public void A_condition_that_is_no_text_and_no_mapping_is_told() => Assert.Contains("expected a section with keys, found a list", Assert.Single(Faults("rules:\n  - { name: a, then: notify, when: [high] }")).Message);

    [Fact]
    public void Variables_that_double_each_other_are_refused_before_they_grow()
    {
        var variables = string.Join('\n', Enumerable.Range(1, 40).Select(i => $"  v{i}: variables.v{i - 1} && variables.v{i - 1}"));
        var faults = Faults($"variables:\n  v0: risk.level >= low\n{variables}\nrules:\n  - {{ name: a, then: notify, when: variables.v40 }}");
        Assert.Contains(faults, fault => fault.Message.Contains("steps and a condition at most", StringComparison.Ordinal));
    }

    private static string Policy(string when, string network, string variable) =>
        $"lists:\n  office: [{network}]\n  other: [198.51.100.0/24]\nvariables:\n  v: {variable}\nrules:\n  - name: a\n    then: challenge\n    when: |\n      {when}\n";

    private static CompiledPolicy Right(string yaml)
    {
        var (policy, faults) = PolicyReader.Parse(yaml, "policy.yaml");
        Assert.True(policy is not null, string.Join('\n', faults));
        return policy;
    }

    private static IReadOnlyList<ConfigurationFault> Faults(string yaml)
    {
        var (policy, faults) = PolicyReader.Parse(yaml, "policy.yaml");
        Assert.Null(policy);
        return faults;
    }
}
