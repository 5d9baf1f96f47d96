using RiskEngine.Core.Models;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Tests.Pipeline;

public sealed class CarriedCheckTests
{
    private const uint Noon = 1_795_262_400;

    [Fact]
    public void What_was_never_stored_and_what_is_whole_is_not_lost()
    {
        Assert.Empty(CarriedCheck.Lost(new CarriedState()));
        Assert.Empty(CarriedCheck.Lost(Stored()));
        Assert.Empty(CarriedCheck.Lost(Reloaded(Stored().Value)));
    }

    [Fact]
    public void A_model_that_has_learnt_nothing_yet_is_not_lost()
    {
        var carried = new CarriedState();
        new ScoreDrift().Save(carried.Write(CarriedPart.Drift, ScoreDrift.StoredLength));
        Assert.Empty(CarriedCheck.Lost(carried));
    }

    [Theory]
    [InlineData(CarriedPart.Novelty, "novelty")]
    [InlineData(CarriedPart.Season, "season")]
    [InlineData(CarriedPart.Drift, "drift")]
    [InlineData(CarriedPart.Valve, "valve")]
    public void A_part_that_is_cut_or_of_a_newer_form_is_lost_by_itself(CarriedPart part, string name)
    {
        var cut = Stored();
        var bytes = cut.Read(part).ToArray();
        bytes.AsSpan(0, bytes.Length - 4).CopyTo(cut.Write(part, bytes.Length - 4));
        Assert.Equal([name], CarriedCheck.Lost(cut));

        var newer = Stored();
        newer.Write(part, bytes.Length)[0]++;
        Assert.Equal([name], CarriedCheck.Lost(newer));
    }

    [Fact]
    public void Bytes_that_are_no_parts_are_lost_altogether()
    {
        var whole = Stored().Value.ToArray();
        Assert.Contains("all", CarriedCheck.Lost(Reloaded(whole.AsSpan(0, whole.Length - 1))));
        Assert.Contains("all", CarriedCheck.Lost(Reloaded([1, 2, 3])));
        Assert.Contains("all", CarriedCheck.Lost(Reloaded([.. whole, 7])));
    }

    private static CarriedState Reloaded(ReadOnlySpan<byte> bytes)
    {
        var carried = new CarriedState();
        carried.Load(bytes);
        return carried;
    }

    /// <summary>What a judge carries that has seen something.</summary>
    private static CarriedState Stored()
    {
        var carried = new CarriedState();
        var table = new NoveltyTable();
        table.Observe(3, new LoginNovelty(NetworkNovelty.System, NetworkNovelty.System, DeviceNovelty.Platform), 0.1f, Noon);
        table.Save(carried.Write(CarriedPart.Novelty, NoveltyTable.StoredLength));
        var drift = new ScoreDrift();
        drift.Observe(7, -3, Noon);
        drift.Save(carried.Write(CarriedPart.Drift, ScoreDrift.StoredLength));
        var season = new FleetMonitor();
        season.Advance(Noon, new FleetSettings());
        season.Save(carried.Write(CarriedPart.Season, FleetMonitor.StoredLength));
        var valve = new ValveState();
        valve.NoteSeen(42, Noon);
        valve.Save(carried);
        return carried;
    }
}
