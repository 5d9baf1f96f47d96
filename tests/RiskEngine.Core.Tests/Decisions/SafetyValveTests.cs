using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Tests.Decisions;

public sealed class SafetyValveTests
{
    private const uint Noon = 1_790_000_000;

    private static readonly KeyedHash Hash = new(new byte[16]);
    private readonly SafetyValveSettings _settings = new();

    [Theory, InlineData(10, false), InlineData(11, true)]
    public void In_a_small_fleet_more_than_ten_people_trip_it(int hit, bool tripped)
    {
        var valve = Seen(100);
        valve.NoteHit(New(hit), 1, Noon);
        Assert.Equal(tripped, valve.IsTripped(_settings, Noon));
    }

    [Theory, InlineData(80, false), InlineData(120, true)]
    public void In_a_large_fleet_a_share_of_those_seen_trips_it(int hit, bool tripped)
    {
        var valve = Seen(2000);
        valve.NoteHit(New(hit), 1, Noon);
        Assert.Equal(tripped, valve.IsTripped(_settings, Noon));
    }

    [Theory, InlineData(3300, true), InlineData(3600, false)]
    public void It_opens_again_after_an_hour(int later, bool tripped)
    {
        var valve = default(SafetyValve);
        valve.NoteHit(New(11), 1, Noon);
        Assert.Equal(tripped, valve.IsTripped(_settings, (uint)(Noon + later - (Noon % 300))));
    }

    [Fact]
    public void A_late_hit_counts_in_its_own_time()
    {
        var valve = default(SafetyValve);
        valve.NoteHit(New(1), 1, Noon);
        valve.NoteHit(New(5), 1, Noon - 1800);
        valve.NoteHit(New(7), 1, Noon - 7200);
        Assert.Equal(6, valve.HitAt(Noon));
        Assert.Equal(1, valve.HitAt(Noon + 2400));
    }

    [Fact]
    public void Two_judges_who_both_hit_somebody_do_not_add_up_so_that_the_number_holds()
    {
        var before = Seen(100);
        var (one, other) = (before, before);
        one.NoteHit(New(6), 1, Noon);
        other.NoteHit(New(6), 2, Noon);
        Assert.False(SafetyValve.TryMerge(one, other, before, out _));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Who_was_seen_by_one_judge_and_hit_by_another_is_known_to_both(bool isHitFirst)
    {
        var before = Seen(100);
        var (hit, seen) = (before, before);
        hit.NoteHit(New(20), 1, Noon);
        for (var i = 1000; i < 3000; i++) seen.NoteSeen(Subject(i), Noon);
        Assert.True(isHitFirst ? SafetyValve.TryMerge(hit, seen, before, out var merged) : SafetyValve.TryMerge(seen, hit, before, out merged));
        Assert.Equal(20, merged.HitAt(Noon));
        Assert.True(hit.IsTripped(_settings, Noon));
        Assert.False(merged.IsTripped(_settings, Noon));
    }

    [Fact]
    public void Who_is_turned_away_again_and_again_counts_once()
    {
        var valve = default(SafetyValve);
        for (var i = 0; i < 100; i++) valve.NoteHit(Standing, Hash.Hash("jane"u8), Noon + (uint)i);
        Assert.Equal(1, valve.HitAt(Noon + 100));
    }

    [Fact]
    public void Decisions_that_hit_nobody_do_not_count()
    {
        var valve = default(SafetyValve);
        for (var i = 0; i < 1000; i++) valve.NoteHit(New(0), (UInt128)i, Noon);
        Assert.Equal(0, valve.HitAt(Noon));
    }

    [Theory, InlineData(0), InlineData(10), InlineData(200), InlineData(5000), InlineData(200_000)]
    public void The_census_is_near_the_truth_and_forgets_after_two_days(int subjects)
    {
        var census = default(SubjectCensus);
        for (var i = 0; i < subjects; i++) census.Add(Subject(i), Noon);
        Assert.InRange(census.Count(Noon), subjects * 0.85, (subjects * 1.15) + 0.1);
        Assert.InRange(census.Count(Noon + 86_400), subjects * 0.85, (subjects * 1.15) + 0.1);
        Assert.Equal(0, census.Count(Noon + (2 * 86_400)));
    }

    private static Decision Standing => new() { Action = DecisionAction.Block, Enforced = true, Rule = AssessmentRecord.StandingBlock, NewlyHit = 1 };

    private static Decision New(int hit)
    {
        var block = new Block { Scope = BlockScope.Ip, Value = "203.0.113.7", Reason = "test", Origin = BlockOrigin.Policy, CreatedAt = EventTime.FromUnixSeconds(Noon) };
        return new Decision { Action = DecisionAction.Block, Enforced = true, Rule = 0, NewlyHit = hit, NewBlock = new NewBlock(block, default) };
    }

    private static SafetyValve Seen(int subjects)
    {
        var valve = default(SafetyValve);
        for (var i = 0; i < subjects; i++) valve.NoteSeen(Subject(i), Noon);
        return valve;
    }

    private static UInt128 Subject(int number) => Hash.Hash(BitConverter.GetBytes(number));
}
