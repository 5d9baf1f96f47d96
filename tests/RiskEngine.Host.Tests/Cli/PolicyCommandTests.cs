using System.Text.Json;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Cli;

public sealed class PolicyCommandTests : IDisposable
{
    private const string Policy = "mode: enforce\nrules:\n  - name: step-up-abroad\n    when: '\"finance\" in subject.groups && geo.country != \"DE\"'\n    then: challenge\n";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Templates =>
        [.. Directory.GetFiles(RepositoryRoot.Path("docs", "policies"), "*.yaml").Select(file => Path.GetFileName(file)).Where(file => !file.EndsWith(".test.yaml", StringComparison.Ordinal))];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Templates))]
    public async Task A_policy_to_copy_does_what_its_cases_say(string file)
    {
        var cases = RepositoryRoot.Path("docs", "policies", file.Replace(".yaml", ".test.yaml", StringComparison.Ordinal));
        var finished = await Program.RunAsync("policy", "test", cases);
        Assert.True(finished.Code == 0, finished.Output + finished.Error);
        Assert.Contains("all as expected", finished.Output);
        Assert.Contains($"({file})", await File.ReadAllTextAsync(RepositoryRoot.Path("docs", "policies", "README.md")));
    }

    [Fact]
    public async Task A_case_that_differs_is_shown_and_fails()
    {
        _folder.Write("policy.yaml", Policy);
        var cases = Path.Combine(_folder.FullName, "policy.test.yaml");
        _folder.Write("policy.test.yaml", """
            cases:
              - name: at home
                event: { subject: { id: "1", groups: [finance] }, geo: { country: DE } }
                expect: { decision: allow, rule: none }
              - name: wrong on purpose
                event: { subject: { id: "1", groups: [finance] }, geo: { country: FR } }
                expect: { decision: block, rule: none, enforced: true }
            """);
        var finished = await Program.RunAsync("policy", "test", cases);
        Assert.Equal(1, finished.Code);
        Assert.Equal(
            [$"{cases}:5: wrong on purpose", "  ≠ decision  expected block, got challenge", "  ≠ rule      expected none, got step-up-abroad", "    enforced  expected true, got true", $"{cases}: 2 cases, 1 not as expected"],
            finished.Lines);
        var json = await Program.RunAsync("policy", "test", cases, "--json");
        Assert.Equal(1, json.Code);
        using var read = JsonDocument.Parse(json.Output);
        Assert.False(read.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal([true, false], read.RootElement.GetProperty("cases").EnumerateArray().Select(each => each.GetProperty("ok").GetBoolean()));
        Assert.Equal("challenge", read.RootElement.GetProperty("cases")[1].GetProperty("got").GetProperty("decision").GetString());
    }

    [Theory]
    [InlineData("cases:\n  - { name: a, expect: { decision: allow, rule: step-up } }", "policy.test.yaml:2:43: cases[0].expect.rule: no rule is called \"step-up\"")]
    [InlineData("cases:\n  - { name: a, event: { subjct: { id: a } }, expect: { decision: allow } }", "cases[0].event.subjct: unknown key; did you mean subject?")]
    [InlineData("cases:\n  - { name: a, event: { source_ip: 300.1.1.1 }, expect: { decision: allow } }", "\"300.1.1.1\" is not an address")]
    [InlineData("cases:\n  - { name: a, event: { kind: logout }, expect: { decision: allow } }", "events of kind logout are not judged")]
    [InlineData("cases:\n  - { name: a, signals: { pasword_spray: 1 }, expect: { decision: allow } }", "did you mean password_spray?")]
    [InlineData("cases:\n  - { name: a, risk: { score: 101 }, expect: { decision: allow } }", "expected 0 to 100, found 101")]
    [InlineData("cases:\n  - { name: a, risk: { score: 1 }, history: [{ ago: 1d }], expect: { decision: allow } }", "a case has a history, or risk")]
    [InlineData("cases:\n  - { name: a, history: [{ kind: login }], expect: { decision: allow } }", "lacks its time; say how long ago")]
    [InlineData("cases:\n  - { name: a, expect: { decision: alow } }", "did you mean allow?")]
    [InlineData("cases:\n  - { name: a }", "cases[0].expect: is missing")]
    [InlineData("cases:\n  - { name: a, expect: { decision: allow } }\n  - { name: a, expect: { decision: allow } }", "an earlier case is called \"a\" too")]
    [InlineData("cases: []", "there are no cases")]
    public async Task A_faulty_case_is_told_with_its_place(string cases, string words)
    {
        _folder.Write("policy.yaml", Policy);
        _folder.Write("policy.test.yaml", cases);
        var finished = await Program.RunAsync("policy", "test", Path.Combine(_folder.FullName, "policy.test.yaml"));
        Assert.Equal(2, finished.Code);
        Assert.Contains(words, finished.Error);
    }

    [Fact]
    public async Task Check_tells_every_fault_with_its_place_and_ends_with_2()
    {
        _folder.Write("policy.yaml", Policy.Replace("geo.country", "geo.contry", StringComparison.Ordinal) + "  - { name: b, then: block, when: risk.level >= high }\n");
        var finished = await Program.RunAsync("policy", "check", Path.Combine(_folder.FullName, "policy.yaml"));
        Assert.Equal(2, finished.Code);
        Assert.Contains("policy.yaml:4:47: rules[0].when: geo has no field \"contry\"; did you mean country?", finished.Error);
        Assert.Contains("policy.yaml:6:16: rules[1].then: behaviour alone challenges", finished.Error);
        var json = await Program.RunAsync("policy", "check", Path.Combine(_folder.FullName, "policy.yaml"), "--json");
        using var read = JsonDocument.Parse(json.Output);
        Assert.Equal([4, 6], read.RootElement.GetProperty("faults").EnumerateArray().Select(fault => fault.GetProperty("line").GetInt32()));
    }

    /// <summary>Strangers fail 24 times from eight addresses, and the owner signs in with a new telephone.</summary>
    [Fact]
    public async Task A_policy_by_which_strangers_lock_the_owner_out_is_refused_and_one_that_challenges_is_not()
    {
        const string Rule = "mode: enforce\nrules:\n  - name: a\n    when: 'event.kind == \"login\" && geo.country == \"DE\" && \"distributed_brute_force\" in signals'\n";
        _folder.Write("policy.yaml", Rule + "    then: block\n    scope: subject\n");
        var refused = await Program.RunAsync("policy", "check", Path.Combine(_folder.FullName, "policy.yaml"));
        Assert.Equal(2, refused.Code);
        Assert.Contains("(geo.country == \"DE\") says whom the rule is about", refused.Error);

        _folder.Write("policy.yaml", Rule + "    then: challenge\n");
        var failures = string.Concat(Enumerable.Range(0, 8).Select(i => $"      - {{ kind: login_failed, source_ip: 198.51.100.{i + 1}, geo: {{ country: DE }}, ago: {10 + i}m, times: 3 }}\n"));
        _folder.Write("policy.test.yaml",
            "cases:\n  - name: the owner with a new telephone\n    event: { source_ip: 203.0.113.9, device_id: telephone, geo: { country: DE } }\n    history:\n      - { source_ip: 203.0.113.7, device_id: laptop, geo: { country: DE }, ago: 3d }\n"
            + failures + "    expect: { decision: challenge, rule: a }\n");
        var tested = await Program.RunAsync("policy", "test", Path.Combine(_folder.FullName, "policy.test.yaml"));
        Assert.True(tested.Code == 0, tested.Output + tested.Error);
    }

    [Fact]
    public async Task Check_says_what_is_in_order()
    {
        _folder.Write("policy.yaml", Policy);
        var finished = await Program.RunAsync("policy", "check", Path.Combine(_folder.FullName, "policy.yaml"));
        Assert.Equal(0, finished.Code);
        Assert.Contains("in order; 1 rules, mode enforce, version ", finished.Output);
        Assert.Matches("a login takes at most [0-9]+ steps, about 0[.]00[0-9] ms", finished.Output);
    }
}
