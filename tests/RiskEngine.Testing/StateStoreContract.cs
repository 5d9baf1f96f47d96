using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;
using Xunit;

namespace RiskEngine.Testing;

/// <summary>What every <see cref="IStateStore"/> owes to those who judge.</summary>
public abstract class StateStoreContract : StoreContract
{
    [Fact]
    public async Task A_load_after_a_commit_sees_its_effects_before_they_are_durable()
    {
        var work = (await Work().Login("a", Now).LoadAsync(Store)).Judge();
        var committing = Store.CommitAsync(work.Effects, CancellationToken.None);
        var later = await Work().Login("a", Now).LoadAsync(Store);
        Assert.True(later.View.Profiles.Rows.IsFound(later.View[0].Subject));
        Assert.True(later.View.Events.IsFound(later.View[0].Event));
        await committing;
    }

    [Fact]
    public async Task An_empty_store_knows_nothing()
    {
        var view = (await Work().Login("a", Now).LoadAsync(Store)).View;
        Assert.False(view.Profiles.Rows.IsFound(0));
        Assert.False(view.Reputation.IsFound(0));
        Assert.False(view.Pairs.IsFound(0));
        Assert.False(view.Names.IsFound(0));
        Assert.False(view.Skeletons.IsFound(0));
        Assert.False(view.Events.IsFound(0));
        Assert.Equal(default, view.Watermark);
    }

    [Fact]
    public async Task Every_kind_of_row_comes_back_bit_for_bit()
    {
        var work = (await Work().Login("a", Now).Login("b", Now, "43", "2001:db8::1").LoadAsync(Store)).Judge();
        Scramble(work.View.Reputation, 1);
        Scramble(work.View.Pairs, 2);
        Scramble(work.View.Names, 3);
        Scramble(work.View.Skeletons, 4);
        for (var i = 0; i < 7; i++) work.View.Profiles.Profile(0).Add(new PastLogin { At = (uint)(1000 * i), Session = (ulong)i << 40, Novelty = 9 });
        await Store.CommitAsync(work.Effects, CancellationToken.None);

        var view = (await Work().Login("c", Now).Login("d", Now, "43", "2001:db8::1").LoadAsync(Store)).View;
        AssertSame(work.View.Reputation, view.Reputation);
        AssertSame(work.View.Pairs, view.Pairs);
        AssertSame(work.View.Names, view.Names);
        AssertSame(work.View.Skeletons, view.Skeletons);
        for (var slot = 0; slot < 2; slot++) Assert.Equal(work.View.Profiles.Used(slot).ToArray(), view.Profiles.Used(slot).ToArray());
    }

    [Fact]
    public async Task A_row_that_is_not_dirty_stays_as_it_was()
    {
        await Work().Login("a", Now).RunAsync(Store);
        var work = await Work().Login("b", Now).LoadAsync(Store);
        var before = work.View.Reputation.Row(0).LastSeen;
        work.Effects.Begin(work.Batch);
        work.View.Reputation.Row(0).LastSeen = 1;
        await Store.CommitAsync(work.Effects, CancellationToken.None);
        Assert.Equal(before, (await Work().Login("c", Now).LoadAsync(Store)).View.Reputation.Row(0).LastSeen);
    }

    [Fact]
    public async Task A_row_that_was_emptied_stays_empty()
    {
        await Work().Login("a", Now).RunAsync(Store);
        var work = (await Work().Login("b", Now).LoadAsync(Store)).Judge();
        work.View.Reputation.Row(work.View[0].Address) = default;
        work.View.Pairs.Row(work.View[0].Pair) = default;
        work.View.Names.Row(work.View[0].PairCell1) = default;
        await Store.CommitAsync(work.Effects, CancellationToken.None);

        var view = (await Work().Login("c", Now).LoadAsync(Store)).View;
        Assert.Equal((default, default, default), (view.Reputation.Row(view[0].Address), view.Pairs.Row(view[0].Pair), view.Names.Row(view[0].PairCell1)));
    }

    [Fact]
    public async Task A_profile_grows_to_its_full_size_and_keeps_every_login()
    {
        for (var i = 0; i < SubjectProfile.Capacity; i++) await Work().Login($"e{i}", Now + TimeSpan.FromMinutes(i)).RunAsync(Store);
        var view = (await Work().Login("z", Now).LoadAsync(Store)).View;
        Assert.Equal(SubjectProfile.Capacity, view.Profiles.Profile(0).Logins.Length);
        Assert.Equal(Enumerable.Range(0, SubjectProfile.Capacity).Select(i => (Now + TimeSpan.FromMinutes(i)).UnixSeconds), view.Profiles.Profile(0).Logins.ToArray().Select(login => login.At));
    }

    [Fact]
    public async Task An_event_that_was_accepted_is_found_and_another_is_not()
    {
        await Work().Login("a", Now).RunAsync(Store);
        var view = (await Work().Login("a", Now).Login("b", Now).LoadAsync(Store)).View;
        Assert.True(view.Events.IsFound(view[0].Event));
        Assert.False(view.Events.IsFound(view[1].Event));
    }

    [Fact]
    public async Task Events_that_were_refused_and_probes_leave_no_trace()
    {
        var work = (await Work().Login("late", Now).Login("probe", Now).LoadAsync(Store)).Judge();
        work.Effects[0].Outcome = EventOutcome.TooOld;
        work.Batch[1].Probe = true;
        await Store.CommitAsync(work.Effects, CancellationToken.None);
        var view = (await Work().Login("late", Now).Login("probe", Now).LoadAsync(Store)).View;
        Assert.False(view.Events.IsFound(view[0].Event));
        Assert.False(view.Events.IsFound(view[1].Event));
        Assert.Null(await Records.FindEventAsync("default", "late", CancellationToken.None));
        Assert.Null(await Records.FindEventAsync("default", "probe", CancellationToken.None));
    }

    [Fact]
    public async Task The_same_id_of_another_tenant_is_another_event()
    {
        await Work().Login("a", Now).RunAsync(Store);
        var work = Work().Login("a", Now);
        work.Batch[0].Tenant = work.Batch.Append("acme"u8);
        await work.LoadAsync(Store);
        Assert.False(work.View.Events.IsFound(0));
    }

    [Theory]
    [InlineData((6 * 24) + 23, true)]
    [InlineData(7 * 24, true)]
    [InlineData((8 * 24) + 1, false)]
    public async Task An_id_is_known_for_the_horizon_and_forgotten_within_a_day_after_it(int hours, bool known)
    {
        await Work().Login("old", Now).RunAsync(Store);
        await Work().Login("new", Now + TimeSpan.FromHours(hours)).RunAsync(Store);
        var view = (await Work().Login("old", Now).LoadAsync(Store)).View;
        Assert.Equal(known, view.Events.IsFound(0));
    }

    [Fact]
    public async Task The_watermark_moves_forward_only()
    {
        await Work().Login("a", Now).RunAsync(Store);
        var late = (await Work().Login("b", Now).LoadAsync(Store)).Judge();
        late.View.Watermark = Now - TimeSpan.FromHours(1);
        await Store.CommitAsync(late.Effects, CancellationToken.None);
        Assert.Equal(Now, (await Work().Login("c", Now).LoadAsync(Store)).View.Watermark);
    }

    [Fact]
    public async Task What_the_judge_carries_comes_back_bit_for_bit_and_the_last_word_counts()
    {
        Assert.True((await Work().Login("a", Now).LoadAsync(Store)).View.Carried.Value.IsEmpty);
        for (byte round = 1; round <= 3; round++)
        {
            var work = (await Work().Login($"r{round}", Now).LoadAsync(Store)).Judge();
            work.View.Carried.Write(CarriedPart.Season, CarriedState.Capacity - 1000 - round).Fill(round);
            await Store.CommitAsync(work.Effects, CancellationToken.None);
            var carried = (await Work().Login("z", Now).LoadAsync(Store)).View.Carried;
            Assert.Equal(Enumerable.Repeat(round, CarriedState.Capacity - 1000 - round), carried.Read(CarriedPart.Season).ToArray());
            Assert.False(carried.IsDirty);
        }
    }

    [Fact]
    public async Task What_the_judge_carries_and_did_not_write_stays_as_it_was()
    {
        var work = (await Work().Login("a", Now).LoadAsync(Store)).Judge();
        work.View.Carried.Write(CarriedPart.Valve, 2).Fill(7);
        await Store.CommitAsync(work.Effects, CancellationToken.None);
        await Work().Login("b", Now).RunAsync(Store);
        Assert.Equal([7, 7], (await Work().Login("c", Now).LoadAsync(Store)).View.Carried.Read(CarriedPart.Valve).ToArray());
    }

    [Fact]
    public async Task Loads_beside_commits_never_see_half_a_row()
    {
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(() => ReadUntilAsync(done.Token))).ToArray();
        for (uint round = 1; round <= 300; round++)
        {
            var work = Work();
            for (var i = 0; i < 20; i++) work.Login($"{round}-{i}", Now, $"s{i}", $"203.0.113.{i}");
            (await work.LoadAsync(Store)).Judge();
            for (var slot = 0; slot < work.View.Reputation.Count; slot++) Fill(ref work.View.Reputation.Row(slot), round);
            await Store.CommitAsync(work.Effects, CancellationToken.None);
        }

        await done.CancelAsync();
        Assert.All(await Task.WhenAll(readers), torn => Assert.Equal(0, torn));
    }

    [Fact]
    public async Task Random_names_fill_the_sketch_and_nothing_else()
    {
        for (var round = 0; round < 20; round++)
        {
            var work = Work();
            for (var i = 0; i < 500; i++) work.Login($"{round}-{i}", Now, $"random-{round}-{i}");
            await work.LoadAsync(Store);
            work.Effects.Begin(work.Batch);
            for (var slot = 0; slot < work.View.Names.Count; slot++) work.View.Names.MarkDirty(slot);
            await Store.CommitAsync(work.Effects, CancellationToken.None);
        }

        var statistics = await Records.StatisticsAsync(CancellationToken.None);
        Assert.Equal(0, statistics.Subjects);
        Assert.Equal(0, statistics.Addresses);
    }

    private async Task<int> ReadUntilAsync(CancellationToken done)
    {
        var torn = 0;
        while (!done.IsCancellationRequested)
        {
            var work = Work();
            for (var i = 0; i < 20; i++) work.Login("x", Now, $"s{i}", $"203.0.113.{i}");
            await work.LoadAsync(Store);
            for (var slot = 0; slot < work.View.Reputation.Count; slot++)
            {
                var words = MemoryMarshal.Cast<byte, uint>(Bytes(ref work.View.Reputation.Row(slot)));
                if (words.ContainsAnyExcept(words[0])) torn++;
            }
        }

        return torn;
    }

    private static void Fill(ref ReputationRow row, uint value) => MemoryMarshal.Cast<byte, uint>(Bytes(ref row)).Fill(value);

    private static void Scramble<TRow>(RowSet<TRow> rows, int seed)
        where TRow : struct
    {
        var random = new Random(seed);
        for (var slot = 0; slot < rows.Count; slot++) random.NextBytes(Bytes(ref rows.Row(slot)));
    }

    private static void AssertSame<TRow>(RowSet<TRow> expected, RowSet<TRow> actual)
        where TRow : struct
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var slot = 0; slot < expected.Count; slot++)
        {
            Assert.True(actual.IsFound(slot));
            Assert.Equal(Bytes(ref expected.Row(slot)).ToArray(), Bytes(ref actual.Row(slot)).ToArray());
        }
    }

    private static Span<byte> Bytes<TRow>(ref TRow row)
        where TRow : struct => MemoryMarshal.CreateSpan(ref Unsafe.As<TRow, byte>(ref row), Unsafe.SizeOf<TRow>());
}
