using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Tests.Telemetry;

namespace RiskEngine.Host.Tests.Authentik;

/// <summary>Groups and service accounts, which no event of authentik tells, within the real engine.</summary>
public sealed class AuthentikAccountTests : IAsyncDisposable
{
    private const string Policy = "rules:\n  - { name: service, when: subject.service_account, then: notify }\n  - { name: finance, when: '\"finance\" in subject.groups', then: challenge }\n";

    private readonly PolledAuthentik _polled = new();

    [Fact]
    public async Task Rules_about_groups_and_service_accounts_hold_for_events_of_authentik()
    {
        var authentik = await _polled.StandInAsync(Policy);
        authentik.Accounts.AddRange([new(41, "internal", "finance", "staff"), new(42, "service_account"), new(43, "internal", "staff"), new(44, "internal_service_account")]);
        authentik.Add(Row(1, 41), Row(2, 42), Row(3, 43), Row(4, 44), Row(5, 45));
        await using var engine = _polled.Open();
        using var source = _polled.Source(engine);
        Assert.Equal(TimeSpan.FromMinutes(10), await source.PollAccountsAsync(CancellationToken.None));
        await source.PollAsync(CancellationToken.None);
        Assert.Equal(["finance", "service", null, "service", null], await RulesAsync(engine, 5));
    }

    [Fact]
    public async Task What_was_known_stands_while_accounts_cannot_be_read_and_events_do_not_wait()
    {
        var authentik = await _polled.StandInAsync(Policy);
        authentik.Accounts.Add(new(42, "service_account"));
        await using var engine = _polled.Open();
        using var log = new RecordingLoggerFactory();
        using var source = _polled.Source(engine, log);
        await source.PollAccountsAsync(CancellationToken.None);
        var known = engine.Parts.Engine.Current.Snapshot.Facts.Version;
        authentik.Instead = context => Task.FromResult(context.Response.StatusCode = 403);
        Assert.Equal(TimeSpan.FromMinutes(10), await source.PollAccountsAsync(CancellationToken.None));
        authentik.Instead = null;
        authentik.Add(Row(1, 42));
        await source.PollAsync(CancellationToken.None);
        Assert.Equal(["service"], await RulesAsync(engine, 1));
        Assert.Equal(known, engine.Parts.Engine.Current.Snapshot.Facts.Version);
        Assert.Contains("authentik_core.view_user", Assert.Single(log.Messages), StringComparison.Ordinal);
        var scrape = engine.Telemetry.Scrape(openMetrics: false);
        Assert.Contains("riskengine_source_polls_total{outcome=\"forbidden\",source=\"authentik_accounts\"} 1", scrape, StringComparison.Ordinal);
        Assert.Contains("riskengine_source_polls_total{outcome=\"ok\",source=\"authentik_accounts\"} 1", scrape, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_groups_brings_another_version_of_the_facts_and_the_same_groups_do_not()
    {
        var authentik = await _polled.StandInAsync(Policy);
        await using var engine = _polled.Open();
        using var source = _polled.Source(engine);
        List<string> versions = [];
        foreach (var groups in new string[][] { ["a"], ["a"], ["a", "b"], ["ab"], ["a"] })
        {
            authentik.Accounts.Clear();
            authentik.Accounts.Add(new(42, "internal", groups));
            await source.PollAccountsAsync(CancellationToken.None);
            versions.Add(engine.Parts.Engine.Current.Snapshot.Facts.Version);
        }

        Assert.Equal(versions[0], versions[1]);
        Assert.Equal(versions[0], versions[4]);
        Assert.Equal(3, versions.Distinct().Count());
    }

    [Fact]
    public async Task An_account_that_pages_hide_from_each_other_keeps_its_groups()
    {
        var authentik = await _polled.StandInAsync(Policy);
        authentik.Accounts.AddRange(Enumerable.Range(1, 150).Select(pk => new StandInAccount(pk, "internal", "finance")));
        await using var engine = _polled.Open();
        using var source = _polled.Source(engine);
        await source.PollAccountsAsync(CancellationToken.None);
        // Behind the groups, one of the first page goes before the second one is read: number 101 slips to the first.
        var answers = 0;
        authentik.BeforeAnswer = standIn =>
        {
            if (++answers == 3) standIn.Accounts.RemoveAt(0);
        };
        await source.PollAccountsAsync(CancellationToken.None);
        Assert.True(engine.Parts.Engine.Current.Snapshot.Facts.Directory.TryGet("101", out var account));
        Assert.Single(account.Groups);
    }

    [Fact]
    public async Task Groups_that_an_event_tells_are_left_as_they_are_and_other_tenants_have_other_accounts()
    {
        var authentik = await _polled.StandInAsync(Policy);
        authentik.Accounts.Add(new(42, "internal", "finance"));
        await using var engine = _polled.Open();
        using var source = _polled.Source(engine);
        await source.PollAccountsAsync(CancellationToken.None);
        var directory = engine.Parts.Engine.Current.Snapshot.Facts.Directory;
        Assert.Equal("finance", Groups(directory, "42"));
        Assert.Equal("own", Groups(directory, "42", group: "own"));
        Assert.Equal("", Groups(directory, "42", tenant: "other"));
        Assert.Equal("", Groups(directory, "4"));
        Assert.Equal("", Groups(directory, ""));
    }

    public ValueTask DisposeAsync() => _polled.DisposeAsync();

    private static string Groups(SubjectDirectory directory, string subject, string? group = null, string tenant = "")
    {
        var batch = new EventBatch(1);
        ref var login = ref batch.Add(default);
        login.SubjectId = batch.Append(System.Text.Encoding.UTF8.GetBytes(subject));
        login.Tenant = batch.Append(System.Text.Encoding.UTF8.GetBytes(tenant));
        if (group is not null) login.Groups = new SliceRange(batch.AppendToList(batch.Append(System.Text.Encoding.UTF8.GetBytes(group))), 1);
        directory.Complete(batch, ref login);
        return string.Join(",", batch.List(login.Groups).ToArray().Select(batch.String));
    }

    private static StandInRow Row(int number, int user) => Polled.Row(number, 0) with { Created = TimeProvider.System.GetUtcNow().AddSeconds(-number), User = user };

    private static async Task<List<string?>> RulesAsync(RunningEngine engine, int events)
    {
        List<string?> rules = [];
        for (var number = 1; number <= events; number++)
            rules.Add((await engine.Parts.Records.FindEventAsync("default", Row(number, 0).Pk, CancellationToken.None))!.Assessment!.Rule);
        return rules;
    }
}
