using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Shared;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Shared;

/// <summary>What is over goes, and nothing else.</summary>
public sealed class SharedHousekeepingTests : IAsyncLifetime
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, TimeSpan.Zero));

    private readonly ManualTimeProvider _time = new(Now.ToDateTimeOffset() + TimeSpan.FromDays(1000));
    private SharedStateStore _store = null!;

    public async Task InitializeAsync() => _store = await SharedStores.AtAsync(
        await SharedStores.SettingsAsync() with { EventAge = TimeSpan.FromDays(30), ProfileAge = TimeSpan.FromDays(10), ReputationAge = TimeSpan.FromDays(10), AuditAge = TimeSpan.FromDays(30), Lease = TimeSpan.FromMinutes(10) }, _time);

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Days_beyond_their_age_go_and_younger_ones_stay()
    {
        await RunAsync("old", 0, "1");
        await RunAsync("young", 25, "2");
        await RunAsync("new", 40, "3");
        await TidyAsync();
        Assert.Null(await _store.FindEventAsync("default", "old", CancellationToken.None));
        Assert.NotNull(await _store.FindEventAsync("default", "young", CancellationToken.None));
        Assert.Equal(["new", "young"], (await _store.FindAssessmentsAsync(new AssessmentQuery(), CancellationToken.None)).Items.Select(item => item.EventId));
        await RunAsync("next", 41, "3");
        Assert.NotNull(await _store.FindEventAsync("default", "next", CancellationToken.None));
    }

    [Fact]
    public async Task Rows_long_unchanged_go_their_copies_too_and_the_count_is_right()
    {
        await RunAsync("a", 0, "1");
        await RunAsync("b", 15, "2");
        await _store.Carrier.CarryAsync();
        await TidyAsync();
        Assert.False(await KnowsAsync("1"));
        Assert.True(await KnowsAsync("2"));
        Assert.Equal(1, (await _store.StatisticsAsync(CancellationToken.None)).Subjects);
        await RunAsync("c", 15, "1");
        Assert.Equal(2, (await _store.StatisticsAsync(CancellationToken.None)).Subjects);
    }

    [Fact]
    public async Task Old_records_of_the_audit_go_and_the_chain_is_whole_from_there()
    {
        for (var day = 0; day < 60; day += 10) await _store.AddAuditAsync(new AuditEntry(0, Now + TimeSpan.FromDays(day), "admin", "act", $"day {day}", ""), CancellationToken.None);
        await RunAsync("a", 65, "1");
        await TidyAsync();
        var records = await _store.ReadAuditAsync(0, 100, CancellationToken.None);
        Assert.Equal(["day 40", "day 50", "record 4"], records.Select(record => record.Entry.Target));
        var ends = await _store.ReadAuditEndsAsync(CancellationToken.None);
        var verifier = new Storage.Audit.AuditVerifier(ends.Anchor);
        foreach (var record in records) verifier.Add(record);
        Assert.True(verifier.Finish(ends.Head).IsWhole);
    }

    [Fact]
    public async Task A_block_that_has_ended_goes_also_where_no_event_comes()
    {
        await RunAsync("a", 1, "1");
        var block = new Block { Scope = BlockScope.Ip, Value = "203.0.113.7", Reason = "why", Origin = BlockOrigin.Person, CreatedAt = Now, Until = Now + TimeSpan.FromHours(1), Owner = "admin" };
        await _store.AddBlockAsync(block, new BlockKey(BlockTable.KeyOf(IpAddress.Parse("203.0.113.7"))), new AuditEntry(0, Now, "admin", "block.add", "", ""), CancellationToken.None);
        await TidyAsync();
        Assert.True(_store.Blocks.IsEmpty);
        Assert.Equal("block_ended", (await _store.ReadAuditAsync(0, 100, CancellationToken.None))[^1].Entry.What);
    }

    private Task TidyAsync() => new SharedHousekeeping(_store).RunAsync();

    private Task RunAsync(string id, int day, string subject) => new UnitOfWork(_store.Hash).Login(id, Now + TimeSpan.FromDays(day), subject, $"203.0.113.{subject}").RunAsync(_store);

    private async Task<bool> KnowsAsync(string subject) => (await new UnitOfWork(_store.Hash).Login("x", Now, subject).LoadAsync(_store)).View.Profiles.Rows.IsFound(0);
}
