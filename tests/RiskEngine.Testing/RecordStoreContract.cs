using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.State;
using Xunit;

namespace RiskEngine.Testing;

/// <summary>What every <see cref="IRecordStore"/> owes to people and interfaces.</summary>
public abstract class RecordStoreContract : StoreContract
{
    private static readonly AuditEntry Audit = new(0, Now, "admin", "did", "something", "because");

    [Fact]
    public async Task Where_administrators_were_seen_comes_back_as_written_last_and_is_audited()
    {
        Assert.Empty(await Records.ReadOperatorsAsync(CancellationToken.None));
        var first = new OperatorAddress(new AddressPrefix(IpAddress.Parse("203.0.113.7"), 128), Now);
        var second = new OperatorAddress(new AddressPrefix(IpAddress.Parse("2001:db8:1:2::"), 64), Now + TimeSpan.FromDays(1));
        await Records.WriteOperatorsAsync([first], new AuditEntry(0, Now, "admin", "admin.seen", "203.0.113.7", ""), CancellationToken.None);
        await Records.WriteOperatorsAsync([second, first], new AuditEntry(0, Now, "admin", "admin.seen", "2001:db8:1:2::/64", ""), CancellationToken.None);
        Assert.Equal([second, first], await Records.ReadOperatorsAsync(CancellationToken.None));
        Assert.Equal(["203.0.113.7", "2001:db8:1:2::/64"], (await AuditAsync()).Select(entry => entry.Target));
    }

    [Fact]
    public async Task An_event_and_its_assessment_come_back_as_they_were()
    {
        await Work().Login("a", Now).RunAsync(Store);
        var stored = await Records.FindEventAsync("default", "a", CancellationToken.None);
        Assert.NotNull(stored);
        Assert.Equal(("a", Now, "42", "grafana"), (stored.EventId, stored.OccurredAt, stored.Subject, stored.Application));
        Assert.Equal((IpAddress.Parse("203.0.113.7"), "DE", 3320u), (stored.SourceIp, stored.Country.ToString(), stored.Asn));
        var assessment = stored.Assessment!;
        Assert.Equal((87.3812345678901, RiskLevel.Medium, DecisionAction.Challenge, false), (assessment.Score, assessment.Level, assessment.Action, assessment.Enforced));
        Assert.Equal(("step-up-when-high", null, -4.595, DegradedFacts.Feeds), (assessment.Rule, assessment.Valve, assessment.Prior, assessment.Degraded));
        Assert.Equal(("policy-1", "model-1", "facts-1"), (assessment.PolicyVersion, assessment.ModelVersion, assessment.FactsVersion));
        Assert.Equal(
            [new StoredSignal(SignalCode.ImpossibleTravel, 3.9, 4.1, 8917.25, 0.5, 0, ""), new StoredSignal(SignalCode.FeedHit, 2.63, 2.63, 5, 0, 0, "ipsum, tor")],
            assessment.Signals);
    }

    [Fact]
    public async Task An_event_that_is_only_kept_has_no_assessment_and_is_not_listed()
    {
        await Work().Login("out", Now, kind: EventKind.Logout).RunAsync(Store);
        Assert.Null((await Records.FindEventAsync("default", "out", CancellationToken.None))!.Assessment);
        Assert.Empty((await Records.FindAssessmentsAsync(new AssessmentQuery(), CancellationToken.None)).Items);
    }

    [Fact]
    public async Task Paging_gives_each_assessment_once_while_new_ones_arrive()
    {
        for (var i = 0; i < 25; i++) await Work().Login($"e{i}", Now).RunAsync(Store);
        List<string> seen = [];
        string? cursor = null;
        do
        {
            var page = await Records.FindAssessmentsAsync(new AssessmentQuery { Limit = 4, Cursor = cursor }, CancellationToken.None);
            seen.AddRange(page.Items.Select(item => item.EventId));
            cursor = page.Next;
            await Work().Login($"new-{seen.Count}", Now).RunAsync(Store);
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, 25).Reverse().Select(i => $"e{i}"), seen);
    }

    [Fact]
    public async Task Assessments_are_found_by_subject_address_level_and_time()
    {
        await Work().Login("a", Now - TimeSpan.FromDays(2), "1", "203.0.113.1").RunAsync(Store);
        await Work().Login("b", Now, "2", "203.0.113.1").RunAsync(Store);
        var high = (await Work().Login("c", Now, "1", "203.0.113.2").LoadAsync(Store)).Judge(RiskLevel.High);
        await Store.CommitAsync(high.Effects, CancellationToken.None);

        Assert.Equal(["c", "a"], await FindAsync(new AssessmentQuery { Subject = high.View[0].SubjectKey }));
        Assert.Equal(["b", "a"], await FindAsync(new AssessmentQuery { Address = IpAddress.Parse("203.0.113.1") }));
        Assert.Equal(["c"], await FindAsync(new AssessmentQuery { MinimumLevel = RiskLevel.High }));
        Assert.Equal(["c", "b", "a"], await FindAsync(new AssessmentQuery { MinimumLevel = RiskLevel.Medium }));
        Assert.Equal(["c", "b"], await FindAsync(new AssessmentQuery { Since = Now }));
        Assert.Equal(["a"], await FindAsync(new AssessmentQuery { Subject = high.View[0].SubjectKey, Address = IpAddress.Parse("203.0.113.1") }));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_search_that_finds_nothing_looks_at_a_part_at_a_time_and_goes_on_where_it_stopped(bool bySubject)
    {
        var needle = (await Work().Login("needle", Now).LoadAsync(Store)).Judge(RiskLevel.Low);
        await Store.CommitAsync(needle.Effects, CancellationToken.None);
        for (var batch = 0; batch < 25; batch++)
        {
            var work = Work();
            for (var i = 0; i < 1000; i++) work.Login($"{batch}-{i}", Now);
            await Store.CommitAsync((await work.LoadAsync(Store)).Judge(RiskLevel.None).Effects, CancellationToken.None);
        }

        var query = new AssessmentQuery { MinimumLevel = RiskLevel.Low, Subject = bySubject ? needle.View[0].SubjectKey : null };
        var first = await Records.FindAssessmentsAsync(query, CancellationToken.None);
        Assert.Empty(first.Items);
        Assert.NotNull(first.Next);
        var second = await Records.FindAssessmentsAsync(query with { Cursor = first.Next }, CancellationToken.None);
        Assert.Equal("needle", Assert.Single(second.Items).EventId);
        Assert.Null(second.Next);
    }

    [Fact]
    public async Task Blocks_that_rules_made_get_ids_and_are_found_and_audited()
    {
        var work = (await Work().Login("a", Now).LoadAsync(Store)).Judge();
        work.Effects.NewBlocks.Add(new NewBlock(SomeBlock("203.0.113.7") with { Origin = BlockOrigin.Policy, Owner = "spray" }, new BlockKey(BlockTable.KeyOf(IpAddress.Parse("203.0.113.7")))));
        work.Effects.NewBlocks.Add(new NewBlock(SomeBlock("198.51.100.0/24") with { Scope = BlockScope.Range }, new BlockKey(BlockTable.KeyOf(IpAddress.Parse("198.51.100.0")), 120)));
        await Store.CommitAsync(work.Effects, CancellationToken.None);

        var found = Store.Blocks.Find(BlockScope.Ip, BlockTable.KeyOf(IpAddress.Parse("203.0.113.7")), Now);
        Assert.True(found!.Id > 0);
        Assert.True(Store.Blocks.FindRange(IpAddress.Parse("198.51.100.9"), Now)!.Id > found.Id);
        Assert.Equal(2, (await AuditAsync()).Count(entry => entry.What == "block_added"));
        var view = (await Work().Login("b", Now).LoadAsync(Store)).View;
        Assert.Same(found, view.Blocks.Find(BlockScope.Ip, BlockTable.KeyOf(IpAddress.Parse("203.0.113.7")), Now));
    }

    [Fact]
    public async Task What_judging_has_to_say_to_the_audit_is_stored_with_the_batch()
    {
        var work = (await Work().Login("a", Now).LoadAsync(Store)).Judge();
        work.Effects.Audit.Add(new AuditEntry(0, Now, "riskengine", "attack_found", "attack:password_spray", "17 names"));
        await Store.CommitAsync(work.Effects, CancellationToken.None);
        await Work().Login("b", Now).RunAsync(Store);
        Assert.Equal("attack:password_spray", Assert.Single(await AuditAsync(), entry => entry.What == "attack_found").Target);
    }

    [Fact]
    public async Task What_a_person_blocked_gives_way_to_no_rule_and_takes_the_place_of_one()
    {
        var key = KeyOf("203.0.113.7");
        var work = (await Work().Login("a", Now).LoadAsync(Store)).Judge();
        work.Effects.NewBlocks.Add(new NewBlock(SomeBlock("203.0.113.7") with { Origin = BlockOrigin.Policy, Enforced = false }, key));
        await Store.CommitAsync(work.Effects, CancellationToken.None);
        var persons = await Records.AddBlockAsync(SomeBlock("203.0.113.7"), key, Audit, CancellationToken.None);
        Assert.Equal(persons, Assert.Single(Store.Blocks.All));

        var later = (await Work().Login("b", Now).LoadAsync(Store)).Judge();
        later.Effects.NewBlocks.Add(new NewBlock(SomeBlock("203.0.113.7") with { Origin = BlockOrigin.Policy, Enforced = false }, key));
        await Store.CommitAsync(later.Effects, CancellationToken.None);
        Assert.Equal(persons, Assert.Single(Store.Blocks.All));
    }

    [Fact]
    public async Task A_block_for_the_same_thing_takes_the_place_of_the_first()
    {
        var first = await Records.AddBlockAsync(SomeBlock("203.0.113.7"), KeyOf("203.0.113.7"), Audit, CancellationToken.None);
        var second = await Records.AddBlockAsync(SomeBlock("203.0.113.7") with { Reason = "again" }, KeyOf("203.0.113.7"), Audit, CancellationToken.None);
        Assert.True(second.Id > first.Id);
        Assert.Equal("again", Assert.Single(Store.Blocks.All).Reason);
        Assert.Null(await Records.RemoveBlockAsync(first.Id, Audit, CancellationToken.None));
        Assert.Equal(second, await Records.RemoveBlockAsync(second.Id, Audit, CancellationToken.None));
        Assert.True(Store.Blocks.IsEmpty);
        Assert.Equal(3, (await AuditAsync()).Count);
    }

    [Fact]
    public async Task The_allow_list_is_a_list_of_its_own()
    {
        var entry = await Records.AddAllowAsync(SomeBlock("203.0.113.7"), KeyOf("203.0.113.7"), Audit, CancellationToken.None);
        Assert.True(Store.Blocks.IsEmpty);
        Assert.Equal(entry, Store.AllowList.Find(BlockScope.Ip, KeyOf("203.0.113.7").Key, Now));
        Assert.Null(await Records.RemoveBlockAsync(entry.Id, Audit, CancellationToken.None));
        Assert.NotNull(await Records.RemoveAllowAsync(entry.Id, Audit, CancellationToken.None));
        Assert.True(Store.AllowList.IsEmpty);
    }

    [Fact]
    public async Task Feedback_is_taken_for_a_stored_event_only()
    {
        await Work().Login("a", Now).RunAsync(Store);
        Assert.True(await Records.AddFeedbackAsync(new Feedback("default", "a", FeedbackLabel.Safe, "it was me", "admin", Now), Audit, CancellationToken.None));
        Assert.False(await Records.AddFeedbackAsync(new Feedback("default", "b", FeedbackLabel.Safe, "", "admin", Now), Audit, CancellationToken.None));
        Assert.Single(await AuditAsync());
    }

    [Fact]
    public async Task The_last_word_on_an_event_is_found_and_events_without_one_are_left_out()
    {
        await Work().Login("a", Now).RunAsync(Store);
        await Work().Login("b", Now).RunAsync(Store);
        var last = new Feedback("default", "a", FeedbackLabel.Dismissed, "was a test", "bob", Now + TimeSpan.FromHours(1));
        await Records.AddFeedbackAsync(new Feedback("default", "a", FeedbackLabel.Compromised, "", "admin", Now), Audit, CancellationToken.None);
        await Records.AddFeedbackAsync(last, Audit, CancellationToken.None);
        var found = await Records.FindFeedbackAsync("default", ["a", "b", "c"], CancellationToken.None);
        Assert.Equal([("a", last)], found.Select(each => (each.Key, each.Value)));
        Assert.Empty(await Records.FindFeedbackAsync("other", ["a"], CancellationToken.None));
    }

    [Fact]
    public async Task Events_that_are_not_judged_are_found_where_they_are_asked_for()
    {
        await Work().Login("a", Now).Login("b", Now, kind: EventKind.ChallengePassed).RunAsync(Store);
        Assert.Equal(["a"], (await Records.FindAssessmentsAsync(new AssessmentQuery(), CancellationToken.None)).Items.Select(item => item.EventId));
        Assert.Equal(["b", "a"], (await Records.FindAssessmentsAsync(new AssessmentQuery { WithUnjudged = true }, CancellationToken.None)).Items.Select(item => item.EventId));
        Assert.Equal(["a"], (await Records.FindAssessmentsAsync(new AssessmentQuery { WithUnjudged = true, MinimumLevel = RiskLevel.None }, CancellationToken.None)).Items.Select(item => item.EventId));
    }

    [Fact]
    public async Task What_was_called_compromised_is_found_by_its_subject()
    {
        foreach (var id in new[] { "a", "b", "c" }) await Work().Login(id, Now).RunAsync(Store);
        await Work().Login("d", Now, subject: "other").RunAsync(Store);
        foreach (var (id, label) in new[]
        {
            ("a", FeedbackLabel.Compromised), ("b", FeedbackLabel.Compromised), ("c", FeedbackLabel.Safe), ("d", FeedbackLabel.Compromised), ("a", FeedbackLabel.Dismissed),
        })
        {
            Assert.True(await Records.AddFeedbackAsync(new Feedback("default", id, label, "", "admin", Now), Audit, CancellationToken.None));
        }

        var subject = (await Records.FindEventAsync("default", "a", CancellationToken.None))!.Subject;
        Assert.Equal([new("a", false), new("b", true)], (await Records.FindCompromisedAsync("default", subject, CancellationToken.None)).OrderBy(found => found.EventId));
        Assert.Empty(await Records.FindCompromisedAsync("elsewhere", subject, CancellationToken.None));
    }

    [Fact]
    public async Task Audit_entries_are_numbered_and_read_on_from_any_of_them()
    {
        for (var i = 0; i < 5; i++) await Records.AddKeyAsync(SomeKey($"k{i}"), Audit with { Target = $"k{i}" }, CancellationToken.None);
        var all = await AuditAsync();
        Assert.Equal(["k0", "k1", "k2", "k3", "k4"], all.Select(entry => entry.Target));
        Assert.Equal(all.Skip(2).Take(2), (await Records.ReadAuditAsync(all[1].Id, 2, CancellationToken.None)).Select(record => record.Entry));
        Assert.Equal(Audit with { Id = all[0].Id, Target = "k0" }, all[0]);
    }

    [Fact]
    public async Task Keys_are_kept_by_name_until_revoked()
    {
        var key = SomeKey("grafana") with { Until = Now + TimeSpan.FromDays(30) };
        await Records.AddKeyAsync(key, Audit, CancellationToken.None);
        var stored = Assert.Single(await Records.ListKeysAsync(CancellationToken.None));
        Assert.Equal((key.Name, key.CreatedAt, key.Until), (stored.Name, stored.CreatedAt, stored.Until));
        Assert.Equal(key.Sha256, stored.Sha256);
        Assert.Equal(key.Scopes, stored.Scopes);
        Assert.False(await Records.RevokeKeyAsync("other", Audit, CancellationToken.None));
        Assert.True(await Records.RevokeKeyAsync("grafana", Audit, CancellationToken.None));
        Assert.Empty(await Records.ListKeysAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Of_keys_of_one_name_that_are_added_at_once_one_is_and_the_audit_has_one_line()
    {
        var added = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () => await Records.TryAddKeyAsync(SomeKey("first") with { Sha256 = [(byte)i] }, Audit with { Detail = $"{i}" }, CancellationToken.None))));
        var won = added.IndexOf(true);
        Assert.Single(added, true);
        Assert.Equal([(byte)won], Assert.Single(await Records.ListKeysAsync(CancellationToken.None)).Sha256);
        Assert.Equal($"{won}", Assert.Single(await AuditAsync()).Detail);
    }

    [Fact]
    public async Task Cursors_move_with_the_effects()
    {
        Assert.Null(await Records.ReadCursorAsync("authentik", CancellationToken.None));
        var work = (await Work().Login("a", Now).LoadAsync(Store)).Judge();
        work.Effects.Cursors = new Dictionary<string, string> { ["authentik"] = "page 7" };
        await Store.CommitAsync(work.Effects, CancellationToken.None);
        Assert.Equal("page 7", await Records.ReadCursorAsync("authentik", CancellationToken.None));
    }

    [Fact]
    public async Task Blocks_that_have_ended_are_removed_and_the_audit_says_so()
    {
        await Records.AddBlockAsync(SomeBlock("203.0.113.7") with { Until = Now + TimeSpan.FromHours(4) }, KeyOf("203.0.113.7"), Audit, CancellationToken.None);
        var later = Now + TimeSpan.FromHours(5);
        Time.Advance(TimeSpan.FromHours(6));
        for (var i = 0; i < 130; i++) await Work().Login($"e{i}", later).RunAsync(Store);
        Assert.True(Store.Blocks.IsEmpty);
        Assert.Contains(await AuditAsync(), entry => entry.What == "block_ended" && entry.Target == "ip:203.0.113.7");
    }

    protected static Block SomeBlock(string value) =>
        new() { Scope = BlockScope.Ip, Value = value, Reason = "spray", Origin = BlockOrigin.Person, CreatedAt = Now, Owner = "admin", EventId = "e" };

    protected static BlockKey KeyOf(string address) => new(BlockTable.KeyOf(IpAddress.Parse(address)));

    private static ApiKey SomeKey(string name) => new(name, new byte[32], ["evaluate", "admin"], Now, null);

    private async Task<IReadOnlyList<AuditEntry>> AuditAsync() => [.. (await Records.ReadAuditAsync(0, 1000, CancellationToken.None)).Select(record => record.Entry)];

    private async Task<IEnumerable<string>> FindAsync(AssessmentQuery query) =>
        (await Records.FindAssessmentsAsync(query, CancellationToken.None)).Items.Select(item => item.EventId);
}
