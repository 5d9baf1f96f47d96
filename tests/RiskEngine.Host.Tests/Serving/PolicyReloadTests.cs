using System.Collections.Concurrent;
using System.Text.Json;
using RiskEngine.Configuration;
using RiskEngine.Host.Tests.Api;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>The policy is edited while logins are judged.</summary>
public sealed class PolicyReloadTests
{
    private const string Configuration = "policy: { file: policy.yaml }";

    [LinuxFact]
    public async Task An_edited_policy_is_taken_while_it_serves_and_no_event_is_judged_by_two()
    {
        using var folder = new TemporaryFolder();
        folder.Write("riskengine.yaml", Configuration);
        folder.Write("policy.yaml", Policy("first"));
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        using var client = server.Client();
        var before = await EvaluateAsync(client);
        using var enough = new CancellationTokenSource();
        var judging = JudgeAsync(client, enough.Token);

        folder.Write("policy.yaml", Policy("second"));
        await server.SeeAsync("A new engine judges from now on");
        var after = await EvaluateAsync(client);
        await enough.CancelAsync();
        Assert.Equal(("first", "second"), (before.Rule, after.Rule));
        Assert.NotEqual(before.Version, after.Version);
        var met = await judging;
        Assert.Equal(new[] { before, after }.Order(), met.Distinct().Order());
    }

    [LinuxFact]
    public async Task A_faulty_edit_is_told_and_the_old_policy_serves_on_until_it_is_mended()
    {
        using var folder = new TemporaryFolder();
        folder.Write("riskengine.yaml", Configuration);
        folder.Write("policy.yaml", Policy("first"));
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        using var client = server.Client();

        var before = await EvaluateAsync(client);
        folder.Write("policy.yaml", Policy("first").Replace("notify", "explode", StringComparison.Ordinal));
        Assert.Contains("policy.yaml:4:", await server.SeeAsync("the old one serves on"));
        Assert.Equal(before, await EvaluateAsync(client));

        folder.Write("policy.yaml", Policy("mended"));
        await server.SeeAsync("A new engine judges from now on");
        Assert.Equal("mended", (await EvaluateAsync(client)).Rule);
    }

    [LinuxFact]
    public async Task An_edit_of_an_included_file_or_of_a_list_is_taken_too()
    {
        using var folder = new TemporaryFolder();
        folder.Write("riskengine.yaml", Configuration);
        folder.Write("policy.yaml", "include: team.yaml\nlists: { networks: { file: networks.txt } }\nrules:\n  - { name: listed, then: notify, when: event.source_ip in lists.networks }\n  - { name: last, then: notify }\n");
        folder.Write("team.yaml", "rules: []\n");
        folder.Write("networks.txt", "192.0.2.0/24\n");
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        using var client = server.Client();
        Assert.Equal("last", (await EvaluateAsync(client)).Rule);

        folder.Write("networks.txt", "0.0.0.0/0\n");
        await server.SeeAsync($"policy {VersionIn(folder)}");
        Assert.Equal("listed", (await EvaluateAsync(client)).Rule);

        folder.Write("team.yaml", "rules: [{ name: team, then: notify }]\n");
        await server.SeeAsync($"policy {VersionIn(folder)}");
        Assert.Equal("team", (await EvaluateAsync(client)).Rule);
    }

    /// <summary>New facts are facts: they bring no other policy, and a policy that is faulty on the disk does not keep them out.</summary>
    [LinuxFact]
    public async Task A_feed_that_changes_is_used_while_the_policy_on_the_disk_is_faulty()
    {
        using var folder = new TemporaryFolder();
        folder.Write("riskengine.yaml", Configuration + "\nfeeds: [{ name: bad, path: bad.txt, group: reputation, evidence: 2 }]\n");
        folder.Write("policy.yaml", Policy("first"));
        folder.Write("bad.txt", "198.51.100.1\n");
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        using var client = server.Client();
        var before = await EvaluateAsync(client);
        Assert.DoesNotContain("feed_hit", await SignalsAsync(client));

        folder.Write("policy.yaml", Policy("first").Replace("notify", "explode", StringComparison.Ordinal));
        await server.SeeAsync("the old one serves on");
        folder.Write("bad.txt", "198.51.100.1\n203.0.113.9\n");
        await server.SeeAsync("A new engine judges from now on");
        Assert.Contains("feed_hit", await SignalsAsync(client));
        Assert.Equal(before, await EvaluateAsync(client));
    }

    /// <summary>Editors that are not careful take a file away before they write it anew.</summary>
    [LinuxFact]
    public async Task A_configuration_that_goes_away_is_no_change()
    {
        using var folder = new TemporaryFolder();
        var configuration = folder.Write("riskengine.yaml", Configuration);
        folder.Write("policy.yaml", Policy("first"));
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        using var client = server.Client();

        // The edit of the policy comes back with the configuration: seen before that, it would be the built-in policy that judges.
        File.Delete(configuration);
        folder.Write("policy.yaml", Policy("second"));
        await server.SeeAsync("is gone; what it said stays in force");
        Assert.Equal("first", (await EvaluateAsync(client)).Rule);
        folder.Write("riskengine.yaml", Configuration);
        await server.SeeAsync("A new engine judges from now on");
        Assert.Equal("second", (await EvaluateAsync(client)).Rule);
    }

    private static string VersionIn(TemporaryFolder folder) => PolicyReader.Load(folder.File("policy.yaml"), null, []).Policy!.Version;

    private static string Policy(string rule) => $"mode: enforce\nrules:\n  - name: {rule}\n    then: notify\n";

    /// <summary>Sends and asks in turn, and collects which policy and which rule each answer names.</summary>
    private static async Task<IReadOnlyCollection<Judgement>> JudgeAsync(HttpClient client, CancellationToken enough)
    {
        var met = new ConcurrentQueue<Judgement>();
        for (var round = 0; !enough.IsCancellationRequested; round++)
        {
            using (var sent = await client.PostAsync("/api/v1/events", Json.Text(SomeEvent.Spray($"198.51.100.{round % 200}", 20).Replace("login_failed", "login", StringComparison.Ordinal), "application/x-ndjson"), CancellationToken.None))
                Assert.True(sent.IsSuccessStatusCode);
            met.Enqueue(await EvaluateAsync(client));
        }

        using var page = await client.GetAsync("/api/v1/assessments?limit=1000", CancellationToken.None);
        foreach (var item in (await Json.ReadAsync(page)).GetProperty("items").EnumerateArray()) met.Enqueue(Judgement.Of(item));
        return met;
    }

    private static async Task<Judgement> EvaluateAsync(HttpClient client)
    {
        using var answer = await client.PostAsync("/api/v1/evaluate", Json.Body(SomeEvent.Login(null).Without("id", "kind")));
        return Judgement.Of(await Json.ReadAsync(answer));
    }

    private readonly record struct Judgement(string Version, string Rule) : IComparable<Judgement>
    {
        public static Judgement Of(JsonElement assessment) => new(assessment.GetProperty("policy_version").GetString()!, assessment.GetProperty("rule").GetString()!);

        public int CompareTo(Judgement other) => string.CompareOrdinal(Rule + Version, other.Rule + other.Version);
    }

    private static async Task<string[]> SignalsAsync(HttpClient client)
    {
        using var answer = await client.PostAsync("/api/v1/evaluate", Json.Text(JsonSerializer.Serialize(SomeEvent.Login(null, ip: "203.0.113.9")), "application/json"));
        using var assessment = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return [.. assessment.RootElement.GetProperty("signals").EnumerateArray().Select(signal => signal.GetProperty("code").GetString()!)];
    }
}
