using System.Runtime.CompilerServices;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Tests.Models;

public sealed class NoveltyTableTests
{
    private const uint Noon = 1_795_262_400;

    private static readonly LoginNovelty Home = new(NetworkNovelty.Address, NetworkNovelty.Address, DeviceNovelty.UserAgent);
    private static readonly LoginNovelty Strange = new(NetworkNovelty.Abroad, NetworkNovelty.Abroad, DeviceNovelty.Unseen);

    private readonly NoveltyTable _table = new();

    [Fact]
    public void The_chances_of_every_cell_sum_to_one_before_and_after_counting()
    {
        for (var cell = 0; cell < NoveltyTable.Cells; cell++)
        {
            Assert.Equal(1, Sum(cell), 4);
            for (var i = 0; i < 50; i++) _table.Observe(cell, i % 7 == 0 ? Strange : Home, 0.01f, Noon);
            Assert.Equal(1, Sum(cell), 4);
        }
    }

    [Theory]
    [InlineData(59, 60)]
    [InlineData(599, 600)]
    [InlineData(3599, 3600)]
    [InlineData(86_399, 86_400)]
    [InlineData(604_799, 604_800)]
    [InlineData(2_591_999, 2_592_000)]
    [InlineData(7_775_999, 7_776_000)]
    public void A_new_address_is_likelier_the_longer_one_was_away(uint shorter, uint longer)
    {
        Assert.NotEqual(NoveltyTable.CellOf(shorter, 30), NoveltyTable.CellOf(longer, 30));
        Assert.True(Chances(shorter, 30).NewPlace < Chances(longer, 30).NewPlace);
    }

    [Theory, InlineData(1, 2), InlineData(3, 4), InlineData(7, 8), InlineData(15, 16)]
    public void A_new_machine_is_likelier_the_less_is_known(uint fewer, uint more)
    {
        Assert.NotEqual(NoveltyTable.CellOf(86_400, fewer), NoveltyTable.CellOf(86_400, more));
        Assert.True(Chances(86_400, fewer)[NetworkNovelty.Address, DeviceNovelty.Unseen] > Chances(86_400, more)[NetworkNovelty.Address, DeviceNovelty.Unseen]);
    }

    [Fact]
    public void A_fleet_that_travels_is_learnt_to_within_a_tenth()
    {
        var cell = NoveltyTable.CellOf(86_400, 30);
        for (var i = 0; i < 4000; i++) _table.Observe(cell, i % 5 == 0 ? Strange : Home, 0.01f, Noon);
        Assert.InRange(_table.Chances(cell)[NetworkNovelty.Abroad, DeviceNovelty.Unseen], 0.18, 0.22);
    }

    [Fact]
    public void What_is_forgotten_was_never_counted()
    {
        var cell = NoveltyTable.CellOf(86_400, 30);
        var before = _table.Chances(cell)[NetworkNovelty.Abroad, DeviceNovelty.Unseen];
        _table.Observe(cell, Strange, 0.01f, Noon);
        Assert.True(_table.Chances(cell)[NetworkNovelty.Abroad, DeviceNovelty.Unseen] > before);
        _table.Forget(cell, NetworkNovelty.Abroad, DeviceNovelty.Unseen);
        Assert.Equal(before, _table.Chances(cell)[NetworkNovelty.Abroad, DeviceNovelty.Unseen]);
        _table.Forget(cell, NetworkNovelty.Abroad, DeviceNovelty.Unseen);
        Assert.Equal(before, _table.Chances(cell)[NetworkNovelty.Abroad, DeviceNovelty.Unseen]);
    }

    [Fact]
    public void Half_of_what_was_counted_is_left_after_ninety_days()
    {
        var cell = NoveltyTable.CellOf(86_400, 30);
        for (var i = 0; i < 1000; i++) _table.Observe(cell, Strange, 0.01f, Noon);
        for (var i = 0; i < 500; i++) _table.Observe(cell, Home, 0.01f, Noon + (90 * 86_400));
        var chances = _table.Chances(cell);
        Assert.Equal(chances[NetworkNovelty.Address, DeviceNovelty.UserAgent], chances[NetworkNovelty.Abroad, DeviceNovelty.Unseen], 0.05);
    }

    [Fact]
    public void It_comes_back_bit_for_bit()
    {
        for (uint i = 0; i < 500; i++) _table.Observe((int)(i % NoveltyTable.Cells), i % 3 == 0 ? Strange : Home, 1f / (i + 2), Noon + (i * 3600));
        var stored = new byte[NoveltyTable.StoredLength];
        _table.Save(stored);
        var again = new NoveltyTable();
        again.Load(stored);
        for (var cell = 0; cell < NoveltyTable.Cells; cell++) Assert.Equal(All(_table, cell), All(again, cell));
        Assert.Equal(_table.Rarity.Tail(0.001f), again.Rarity.Tail(0.001f));
    }

    [Fact]
    public void A_table_of_the_former_form_keeps_what_it_counted_and_learns_rarity_anew()
    {
        for (var i = 0; i < 500; i++) _table.Observe(3, Strange, 0.01f, Noon);
        var stored = new byte[NoveltyTable.StoredLength];
        _table.Save(stored);
        byte[] former = [1, .. stored.AsSpan(1, 7), .. new byte[40], .. stored.AsSpan(8 + (2 * Unsafe.SizeOf<RarityHistogram>()))];
        var again = new NoveltyTable();
        again.Load(former);
        Assert.Equal(All(_table, 3), All(again, 3));
        Assert.Equal(default(RarityHistogram).Tail(0.001f), again.Rarity.Tail(0.001f));
    }

    [Fact]
    public void How_rare_first_networks_are_is_counted_apart_and_comes_back()
    {
        for (var i = 0; i < 500; i++) _table.ObserveFirst(0.2f, Noon);
        Assert.InRange(_table.FirstRarity.Tail(0.001f), 0, 0.02);
        Assert.Equal(default(RarityHistogram).Tail(0.001f), _table.Rarity.Tail(0.001f));
        var stored = new byte[NoveltyTable.StoredLength];
        _table.Save(stored);
        var again = new NoveltyTable();
        again.Load(stored);
        Assert.Equal(_table.FirstRarity.Tail(0.001f), again.FirstRarity.Tail(0.001f));
        _table.ObserveFirst(0.2f, Noon + (900 * 86_400));
        Assert.InRange(_table.FirstRarity.Tail(0.001f), 0.3, 0.8);
    }

    [Theory, InlineData(0), InlineData(5), InlineData(4000)]
    public void A_torn_table_starts_anew(int length)
    {
        for (var i = 0; i < 500; i++) _table.Observe(3, Strange, 0.01f, Noon);
        _table.Load(new byte[length]);
        Assert.Equal(All(new NoveltyTable(), 3), All(_table, 3));
    }

    [Fact]
    public void Numbers_that_are_none_count_nothing()
    {
        var stored = new byte[NoveltyTable.StoredLength];
        _table.Save(stored);
        stored.AsSpan(8).Fill(0xFF);
        _table.Load(stored);
        Assert.InRange(_table.Rarity.Tail(1e-6f), 0.05, 1);
        Assert.InRange(_table.FirstRarity.Tail(1e-6f), 0.05, 1);
        for (var cell = 0; cell < NoveltyTable.Cells; cell++) Assert.Equal(1, Sum(cell), 4);
    }

    [Fact]
    public void Rare_systems_are_told_by_how_seldom_honest_people_turn_up_in_them()
    {
        Assert.InRange(_table.Rarity.Tail(1e-6f), 0.05, 1);
        for (var i = 0; i < 2000; i++) _table.Observe(3, Strange, 0.02f, Noon);
        Assert.InRange(_table.Rarity.Tail(1e-6f), 0, 0.01);
        Assert.InRange(_table.Rarity.Tail(0.02f), 0.99, 1);
    }

    [Fact]
    public void What_is_carried_keeps_each_part_by_itself()
    {
        var carried = new CarriedState();
        carried.Write(CarriedPart.Novelty, 3).Fill(1);
        carried.Write(CarriedPart.Valve, 2).Fill(2);
        carried.Write(CarriedPart.Novelty, 5).Fill(3);
        var again = new CarriedState();
        again.Load(carried.Value);
        Assert.Equal([3, 3, 3, 3, 3], again.Read(CarriedPart.Novelty).ToArray());
        Assert.Equal([2, 2], again.Read(CarriedPart.Valve).ToArray());
        Assert.True(again.Read(CarriedPart.Season).IsEmpty);
        again.Load([1, 2, 3]);
        Assert.True(again.Read(CarriedPart.Valve).IsEmpty);
    }

    [Theory]
    [InlineData(0, 0), InlineData(59, 0), InlineData(60, 1), InlineData(599, 1), InlineData(600, 2), InlineData(3599, 2), InlineData(3600, 3), InlineData(86_399, 3)]
    [InlineData(86_400, 4), InlineData(604_799, 4), InlineData(604_800, 5), InlineData(2_591_999, 5), InlineData(2_592_000, 6), InlineData(7_775_999, 6), InlineData(7_776_000, 7)]
    [InlineData(uint.MaxValue, 7)]
    public void Gaps_end_at_a_minute_ten_an_hour_a_day_a_week_thirty_days_and_ninety(uint seconds, int gap) =>
        Assert.Equal(gap, NoveltyTable.CellOf(seconds, 1) / (NoveltyTable.Cells / 8));

    private CellChances Chances(uint gap, uint logins) => _table.Chances(NoveltyTable.CellOf(gap, logins));

    private float Sum(int cell) => All(_table, cell).Sum();

    private static float[] All(NoveltyTable table, int cell)
    {
        var chances = table.Chances(cell);
        return [.. from place in Enum.GetValues<NetworkNovelty>() from device in Enum.GetValues<DeviceNovelty>() where place != NetworkNovelty.Unknown && device != DeviceNovelty.Unknown select chances[place, device]];
    }
}
