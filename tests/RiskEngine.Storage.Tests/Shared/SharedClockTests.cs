using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Shared;
using RiskEngine.Testing;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Storage.Tests.Shared;

/// <summary>A replica whose clock is ten minutes off, beside one whose clock is right.</summary>
public sealed class SharedClockTests
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, TimeSpan.Zero));

    [Theory, InlineData(10), InlineData(-10)]
    public async Task Events_count_once_blocks_hold_at_both_and_one_leads_at_a_time(int minutes)
    {
        var settings = await SharedStores.SettingsAsync() with { Lease = TimeSpan.FromSeconds(2) };
        await using var wrong = await SharedStores.AtAsync(settings, new ManualTimeProvider(Now.ToDateTimeOffset() + TimeSpan.FromMinutes(minutes)));
        await using (var right = await SharedStores.AtAsync(settings, new ManualTimeProvider(Now.ToDateTimeOffset())))
        {
            await RunAsync(wrong, "a");
            await RunAsync(right, "b");
            await RunAsync(wrong, "b");
            await RunAsync(wrong, "c");
            Assert.Equal(3u, (await Work(right).Login("x", Now).LoadAsync(right)).View.Profiles.Profile(0).Header.Logins);
            Assert.Equal(["c", "b", "a"], (await right.FindAssessmentsAsync(new AssessmentQuery(), CancellationToken.None)).Items.Select(item => item.EventId));
            var added = Now + TimeSpan.FromMinutes(minutes);
            var block = new Block { Scope = BlockScope.Ip, Value = "203.0.113.7", Reason = "why", Origin = BlockOrigin.Person, CreatedAt = added, Until = added + TimeSpan.FromHours(1), Owner = "admin" };
            await wrong.AddBlockAsync(block, new BlockKey(BlockTable.KeyOf(IpAddress.Parse("203.0.113.7"))), new AuditEntry(0, added, "admin", "block.add", "", ""), CancellationToken.None);
            await TestServer.UntilAsync(() => Task.FromResult(!right.Blocks.IsEmpty), "the block at the other one");
            Assert.Equal((true, false), (wrong.IsLeader, right.IsLeader));
            await wrong.DisposeAsync();
            await TestServer.UntilAsync(() => Task.FromResult(right.IsLeader), "the lead of the other one");
            Assert.False(right.Blocks.IsEmpty);
        }
    }

    private static UnitOfWork Work(SharedStateStore store) => new(store.Hash);

    private static Task RunAsync(SharedStateStore store, string id) => Work(store).Login(id, Now).RunAsync(store);
}
