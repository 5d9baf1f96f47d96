namespace RiskEngine.Configuration.Tests;

public sealed class PolicyIncludeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rules_lists_and_variables_of_included_files_come_first_and_are_shared()
    {
        Write("policy.yaml", "mode: enforce\ninclude: [team.yaml, shared/lists.yaml]\nrules:\n  - { name: own, then: challenge, when: variables.abroad && event.application in lists.apps }\n");
        Write("team.yaml", "include: shared/lists.yaml\nrules:\n  - { name: team, then: notify }\n");
        Write("shared/lists.yaml", "lists:\n  apps: { file: apps.txt }\nvariables:\n  abroad: geo.country != \"DE\"\n");
        var apps = Write("shared/apps.txt", "# what matters\npayroll\n\n  wiki  \n");
        var (policy, faults) = PolicyReader.Load(Path("policy.yaml"), null, [], out var files);
        Assert.Empty(faults);
        Assert.Equal(["team", "own"], policy!.RuleNames);
        Assert.Equal(["payroll", "wiki"], policy.Definition.Lists["apps"].Values);
        Assert.Equal(new[] { Path("policy.yaml"), Path("team.yaml"), Path("shared/lists.yaml"), apps }.Order(), files.Order());
    }

    [Theory]
    [InlineData("rules: { a: { then: notify } }", "rules: [{ name: own, then: challenge }]", "rules")]
    [InlineData("rules: [{ name: team, then: notify }]", "rules: { own: { then: challenge } }", "rules")]
    [InlineData("lists: { a: [b] }", "lists: [c]", "lists")]
    [InlineData("variables: { a: event.hour > 4 }", "variables: x", "variables")]
    public void What_two_files_give_in_different_forms_is_told_at_both_places(string included, string own, string key)
    {
        Write("policy.yaml", $"include: a.yaml\n{own}\n");
        Write("a.yaml", included);
        var faults = PolicyReader.Load(Path("policy.yaml"), null, []).Faults.Where(fault => fault.Message.Contains("one form", StringComparison.Ordinal)).ToList();
        Assert.Equal([$"a.yaml:1 {key}", $"policy.yaml:2 {key}"], faults.Select(fault => $"{fault.Source}:{fault.Line} {fault.Key}").Order());
    }

    [Theory, InlineData("rules:", "rules: [{ name: one, then: challenge }]"), InlineData("rules: [{ name: one, then: challenge }]", "rules:")]
    public void A_key_with_nothing_behind_it_takes_nothing_away(string included, string own)
    {
        Write("policy.yaml", $"include: a.yaml\n{own}\n");
        Write("a.yaml", included);
        var (policy, faults) = PolicyReader.Load(Path("policy.yaml"), null, []);
        Assert.Empty(faults);
        Assert.Equal(["one"], policy!.RuleNames);
    }

    [Fact]
    public void A_circle_is_told_with_its_chain()
    {
        Write("policy.yaml", "include: a.yaml");
        Write("a.yaml", "include:\n  - b.yaml");
        Write("b.yaml", "include: a.yaml");
        var fault = Assert.Single(PolicyReader.Load(Path("policy.yaml"), null, []).Faults);
        Assert.Equal("b.yaml:1:1: include: files include each other in a circle: a.yaml → b.yaml → a.yaml, found \"a.yaml\"", fault.ToString());
    }

    [Theory]
    [InlineData("include: missing.yaml", "there is no such file"), InlineData("include: /etc/policy.yaml", "expected a name relative to this file"), InlineData("include: [{ a: b }]", "expected the name of a file")]
    [InlineData("lists: { a: { file: missing.txt } }", "there is no such file"), InlineData("lists: { a: { file: x, values: [b] } }", "a list has values or a file"), InlineData("lists: { a: { fil: x } }", "did you mean")]
    [InlineData("trusted_networks: [{ networks: lists.offce }]\nlists: { office: 203.0.113.0/24 }", "did you mean office?")]
    public void What_cannot_be_read_is_told(string yaml, string words)
    {
        Write("policy.yaml", yaml);
        Assert.Contains(PolicyReader.Load(Path("policy.yaml"), null, []).Faults, fault => fault.Message.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("include: ../outside.yaml", "include"), InlineData("include: shared/../../outside.yaml", "include"), InlineData("lists: { a: { file: ../outside.yaml } }", "lists.a.file"), InlineData("lists: { a: { file: /etc/hostname } }", "lists.a.file")]
    public void Nothing_outside_of_the_policys_folder_is_read(string yaml, string key)
    {
        Write("outside.yaml", "what nobody may read");
        Write("inner/policy.yaml", yaml);
        var (_, faults) = PolicyReader.Load(Path("inner/policy.yaml"), null, [], out var files);
        var fault = Assert.Single(faults);
        Assert.Equal(key, fault.Key);
        Assert.Contains("the folder of the policy", fault.Message);
        Assert.DoesNotContain("nobody", fault.Message);
        Assert.Equal([Path("inner/policy.yaml")], files);
    }

    [Fact]
    public void A_file_above_may_be_included_while_it_is_below_the_first()
    {
        Write("policy.yaml", "include: inner/a.yaml");
        Write("inner/a.yaml", "include: ../b.yaml");
        Write("b.yaml", "rules: [{ name: b, then: notify }]");
        Assert.Equal(["b"], PolicyReader.Load(Path("policy.yaml"), null, []).Policy!.RuleNames);
    }

    [Fact]
    public void Text_of_a_file_that_is_no_policy_is_not_quoted()
    {
        Write("policy.yaml", "include: secret.txt");
        Write("secret.txt", "hunter2");
        Assert.Equal("secret.txt:1:1: expected sections with keys, found a text without any", Assert.Single(PolicyReader.Load(Path("policy.yaml"), null, []).Faults).ToString());
    }

    [Fact]
    public void A_policy_that_is_too_large_is_told_how_to_split()
    {
        Write("policy.yaml", new string('#', (1024 * 1024) + 1));
        Assert.Contains("lists.NAME.file", Assert.Single(PolicyReader.Load(Path("policy.yaml"), null, []).Faults).Message);
        Write("policy.yaml", new string('#', 1024 * 1024));
        Assert.Empty(PolicyReader.Load(Path("policy.yaml"), null, []).Faults);
    }

    [Fact]
    public void What_governs_the_whole_policy_stands_in_its_first_file()
    {
        Write("policy.yaml", "include: a.yaml");
        Write("a.yaml", "mode: enforce");
        Assert.Equal("a.yaml:1:1: mode: an included file has rules, trusted_networks, lists, variables, include; mode stands in the file that is named under policy.file", Assert.Single(PolicyReader.Load(Path("policy.yaml"), null, []).Faults).ToString());
    }

    [Fact]
    public void A_name_given_in_two_files_is_told_with_both_places()
    {
        Write("policy.yaml", "include: a.yaml\nlists:\n  home: [DE]");
        Write("a.yaml", "\nlists:\n  home: [AT]");
        Assert.Equal("policy.yaml:3:3: lists.home: given twice, first in a.yaml on line 3; rename one", Assert.Single(PolicyReader.Load(Path("policy.yaml"), null, []).Faults).ToString());
    }

    [Fact]
    public void Faults_name_the_file_they_are_in()
    {
        Write("policy.yaml", "include: shared/a.yaml\nrules:\n  - { name: own, then: notify, when: risk.scor > 1 }");
        Write("shared/a.yaml", "lists:\n  net: { file: net.txt }\nrules:\n  - { name: Team, then: notify, when: event.source_ip in lists.net }");
        Write("shared/net.txt", "203.0.113.0/24\n203.0.113.7/24\n");
        Assert.Equal(["net.txt:2:1", "policy.yaml:3:43", "shared/a.yaml:4:7"], PolicyReader.Load(Path("policy.yaml"), null, []).Faults.Select(fault => $"{fault.Source}:{fault.Line}:{fault.Column}").Order());
    }

    [Theory, InlineData(8, true), InlineData(9, false)]
    public void Files_nest_eight_levels_deep(int levels, bool right)
    {
        for (var level = 1; level <= levels; level++) Write(level == 1 ? "policy.yaml" : $"p{level}.yaml", level == levels ? "rules: []" : $"include: p{level + 1}.yaml");
        var (policy, faults) = PolicyReader.Load(Path("policy.yaml"), null, []);
        Assert.Equal(right, policy is not null);
        Assert.Equal(right, !faults.Any(fault => fault.Message.Contains("8 levels deep", StringComparison.Ordinal)));
    }

    [Fact]
    public void More_files_than_a_policy_may_have_are_refused()
    {
        Write("policy.yaml", $"include: [{string.Join(", ", Enumerable.Range(0, 70).Select(i => $"f{i}.yaml"))}]");
        for (var i = 0; i < 70; i++) Write($"f{i}.yaml", "rules: []");
        Assert.Contains(PolicyReader.Load(Path("policy.yaml"), null, []).Faults, fault => fault.Message.Contains("at most 64 files", StringComparison.Ordinal));
    }

    private string Path(string name) => System.IO.Path.Combine(_folder.Path, name);

    private string Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllText(Path(name), text);
        return Path(name);
    }
}
