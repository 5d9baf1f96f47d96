using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using RiskEngine.Testing;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Storage.Tests.Shared;

/// <summary>What a store that replicas share owes to units of work that were judged at the same time.</summary>
public abstract class MergingContract : StoreContract
{
    [Fact]
    public async Task Units_of_different_subjects_at_one_address_are_both_taken_and_their_counts_add_up()
    {
        await Work().Login("a", Now, "1").RunAsync(Store);
        var one = (await Work().Login("b", Now, "2").Login("c", Now, "3").LoadAsync(Store)).Judge();
        var other = (await Work().Login("d", Now + TimeSpan.FromHours(24), "4").LoadAsync(Store)).Judge();
        await Store.CommitAsync(other.Effects, CancellationToken.None);
        await Store.CommitAsync(one.Effects, CancellationToken.None);

        var view = (await Work().Login("x", Now, "1").LoadAsync(Store)).View;
        foreach (var slot in new[] { view[0].Fleet, view[0].Address, view[0].Network, view[0].Asn })
        {
            ref var row = ref view.Reputation.Row(slot);
            Assert.Equal(2.5, row.Failures.Value, 4);
            Assert.Equal((Now + TimeSpan.FromHours(24)).UnixSeconds, row.LastSeen);
            AssertSeen(row, ["1", "2", "3", "4"]);
        }
    }

    [Fact]
    public async Task Any_number_of_units_that_began_with_the_same_rows_count_once_each()
    {
        const int Units = 8;
        var works = new List<UnitOfWork>();
        for (var i = 0; i < Units; i++) works.Add((await Work().Login($"e{i}", Now, $"{i}").LoadAsync(Store)).Judge());
        foreach (var work in works) await Store.CommitAsync(work.Effects, CancellationToken.None);
        var view = (await Work().Login("x", Now, "1").LoadAsync(Store)).View;
        Assert.Equal(Units, view.Reputation.Row(view[0].Address).Failures.Value);
        Assert.Equal(Units, (await Records.StatisticsAsync(CancellationToken.None)).Events);
    }

    [Fact]
    public async Task Units_of_one_subject_conflict_and_nothing_of_the_slower_one_is_kept()
    {
        var one = (await Work().Login("a", Now, "1").Login("b", Now, "2", "198.51.100.9").LoadAsync(Store)).Judge();
        await Work().Login("c", Now, "1").RunAsync(Store);
        Assert.True((await Assert.ThrowsAsync<StateStoreException>(async () => await Store.CommitAsync(one.Effects, CancellationToken.None))).IsConflict);
        var view = (await Work().Login("x", Now, "2", "198.51.100.9").LoadAsync(Store)).View;
        Assert.False(view.Reputation.IsFound(view[0].Address));
        Assert.Equal(1, view.Reputation.Row(view[0].Fleet).Failures.Value);
    }

    [Fact]
    public async Task Two_units_that_block_the_same_address_leave_one_block_and_one_line_of_audit()
    {
        var one = Block((await Work().Login("a", Now, "1").LoadAsync(Store)).Judge(), "203.0.113.7");
        var other = Block((await Work().Login("b", Now, "2").LoadAsync(Store)).Judge(), "203.0.113.7");
        var third = Block((await Work().Login("c", Now, "3").LoadAsync(Store)).Judge(), "203.0.113.8");
        await Store.CommitAsync(one.Effects, CancellationToken.None);
        Assert.True((await Assert.ThrowsAsync<StateStoreException>(async () => await Store.CommitAsync(other.Effects, CancellationToken.None))).IsConflict);
        await Store.CommitAsync(third.Effects, CancellationToken.None);
        Assert.Equal(["203.0.113.7", "203.0.113.8"], Store.Blocks.All.Select(block => block.Value).Order());
        Assert.Equal(2, (await Records.ReadAuditAsync(0, 100, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task What_the_judge_carries_is_merged_part_by_part()
    {
        var one = (await Work().Login("a", Now, "1").LoadAsync(Store)).Judge();
        var other = (await Work().Login("b", Now, "2").LoadAsync(Store)).Judge();
        one.View.Carried.Write(CarriedPart.Drift, 3).Fill(7);
        other.View.Carried.Write(CarriedPart.Novelty, 5).Fill(9);
        await Store.CommitAsync(one.Effects, CancellationToken.None);
        await Store.CommitAsync(other.Effects, CancellationToken.None);
        var carried = (await Work().Login("x", Now, "3").LoadAsync(Store)).View.Carried;
        Assert.Equal(new byte[] { 7, 7, 7 }, carried.Read(CarriedPart.Drift).ToArray());
        Assert.Equal(new byte[] { 9, 9, 9, 9, 9 }, carried.Read(CarriedPart.Novelty).ToArray());
    }

    /// <summary>Whoever is in the sketch does not change it.</summary>
    private void AssertSeen(in ReputationRow row, IEnumerable<string> subjects)
    {
        var counted = row.Subjects;
        foreach (var subject in subjects) counted.Add((ulong)StateKeys.Subject(Store.Hash, "default"u8, Encoding.UTF8.GetBytes(subject), default), row.LastSeen, ReputationRow.SubjectsEpoch);
        Assert.Equal(row.Subjects.Count(row.LastSeen, ReputationRow.SubjectsEpoch), counted.Count(row.LastSeen, ReputationRow.SubjectsEpoch));
    }

    private static UnitOfWork Block(UnitOfWork work, string address)
    {
        var block = new Block { Scope = BlockScope.Ip, Value = address, Reason = "rule", Origin = BlockOrigin.Policy, CreatedAt = Now, Until = Now + TimeSpan.FromHours(1), Owner = "rule" };
        work.Effects.NewBlocks.Add(new NewBlock(block, new BlockKey(BlockTable.KeyOf(IpAddress.Parse(address)))));
        return work;
    }
}

public sealed class SharedMergingTests : MergingContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => SharedStores.OpenAsync(Time);
}

public sealed class RedisClusterMergingTests : MergingContract
{
    protected override Task<IStateStore> OpenAsync(int rowsPerTable) => SharedStores.OpenAsync(Time, isCluster: true);
}

public sealed class PgBouncerMergingTests : MergingContract
{
    protected override async Task<IStateStore> OpenAsync(int rowsPerTable)
    {
        var settings = await SharedStores.SettingsAsync();
        return await SharedStores.AtAsync(settings with { ConnectionString = await PgBouncer.InFrontOfAsync(settings.ConnectionString) }, Time);
    }
}
