using RiskEngine.Core.Models;

namespace RiskEngine.Core.Tests.Models;

/// <summary>The monitor of the fleet where several judges count at the same time, each with subjects of its own.</summary>
public sealed class FleetMergingTests
{
    private static readonly FleetSettings Settings = new();

    private readonly FleetUnderTest _fleet = new FleetUnderTest(100).Days(14);

    [Fact]
    public void An_attack_that_is_shared_out_to_three_is_found_once()
    {
        var current = _fleet.Monitor;
        List<AttackPeriod> told = [];
        var refused = 0;
        for (var round = 0u; round < 40; round++)
        {
            var before = Copy(current);
            FleetMonitor[] judges = [Copy(before), Copy(before), Copy(before)];
            for (var judge = 0u; judge < judges.Length; judge++)
            {
                var name = _fleet.NextName();
                var at = _fleet.Now + (round * 3) + judge;
                Fail(judges[judge], name, at);
                var attempt = Copy(current);
                if (attempt.TryMerge(Copy(judges[judge]), Copy(before)))
                {
                    told.AddRange(judges[judge].Changes);
                    current = attempt;
                    continue;
                }

                refused++;
                attempt = Copy(current);
                Fail(attempt, name, at);
                told.AddRange(attempt.Changes);
                current = attempt;
            }
        }

        Assert.Equal([AttackKind.PasswordSpray, AttackKind.FailureSurge], told.Select(period => period.Kind));
        Assert.Equal([1u, 2u], told.Select(period => period.Number));
        var room = new AttackPeriod[FleetMonitor.MostPeriods];
        Assert.Equal(2, current.CopyPeriods(room));
        // Other names share other bits of the filter, and what one judge found the others went on counting before it.
        foreach (var alone in One())
        {
            var shared = room.Single(period => period.Number > 0 && period.Kind == alone.Kind);
            Assert.InRange(shared.Total, alone.Total * 0.95f, alone.Total * 1.05f);
            Assert.InRange(shared.Peak, alone.Peak * 0.95f, alone.Peak * 1.05f);
        }

        Assert.InRange(refused, 0, 4);
    }

    [Fact]
    public void Where_both_found_a_period_the_second_judges_again()
    {
        var (one, other) = (Copy(_fleet.Monitor), Copy(_fleet.Monitor));
        foreach (var judge in new[] { one, other })
        {
            for (var i = 0u; i < 100; i++) Fail(judge, _fleet.NextName(), _fleet.Now + i);
        }

        Assert.False(one.TryMerge(other, _fleet.Monitor));
    }

    [Theory]
    [InlineData(0, 3500, true)]
    [InlineData(0, 3700, true)]
    [InlineData(3700, 0, true)]
    [InlineData(3700, 3700, false)]
    [InlineData(0, 7300, false)]
    [InlineData(7300, 0, true)]
    public void An_hour_is_begun_by_one_judge_only_and_is_not_learnt_before_its_time(uint theirs, uint mine, bool isMerged)
    {
        var (current, made) = (Copy(_fleet.Monitor), Copy(_fleet.Monitor));
        Fail(current, _fleet.NextName(), _fleet.Now + theirs);
        Fail(made, _fleet.NextName(), _fleet.Now + mine);
        Assert.Equal(isMerged, current.TryMerge(made, Copy(_fleet.Monitor)));
    }

    [Fact]
    public void A_name_that_both_have_seen_stays_seen()
    {
        var before = Copy(_fleet.Monitor);
        var (current, made) = (Copy(before), Copy(before));
        for (var i = 0u; i < 5; i++) Fail(current, i << 32, _fleet.Now);
        for (var i = 5u; i < 9; i++) Fail(made, i << 32, _fleet.Now);
        Assert.True(current.TryMerge(made, before));
        for (var i = 0u; i < 2000; i++) Fail(current, (ulong)(i % 9) << 32, _fleet.Now);
        Assert.Equal(AttackKinds.None, current.Open);
    }

    /// <summary>The same attack before one judge.</summary>
    private AttackPeriod[] One()
    {
        var monitor = Copy(_fleet.Monitor);
        for (var i = 0u; i < 120; i++) Fail(monitor, _fleet.NextName(), _fleet.Now + i);
        var room = new AttackPeriod[FleetMonitor.MostPeriods];
        return room[..monitor.CopyPeriods(room)];
    }

    private static void Fail(FleetMonitor monitor, ulong name, uint at) => monitor.Observe(new FleetLogin(FleetPattern.NameOfMany, name, at, IsUnknownName: false), Settings);

    private static FleetMonitor Copy(FleetMonitor monitor)
    {
        var copy = new FleetMonitor();
        copy.CopyFrom(monitor);
        return copy;
    }
}
