using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Shared;

namespace RiskEngine.Storage.Tests.Shared;

/// <summary>What a replica knows in memory of events that were stored, and up to which number it has to ask.</summary>
public sealed class SeenEventsTests
{
    private const int Today = 20_000;

    [Fact]
    public void What_was_stored_before_it_began_is_asked_for_and_what_comes_behind_is_known()
    {
        var seen = Begun(seq: 10);
        seen.Take([Event(11), Event(12)], Time(Today));
        Assert.Equal(10, seen.UnreadThrough);
        Assert.Equal(new EventPlace(Today, 12), seen.Through);
        Assert.True(seen.Contains(Key(12)));
        Assert.False(seen.Contains(Key(10)));
    }

    [Fact]
    public void Older_ones_are_read_newest_first_until_nothing_is_left_to_ask_for()
    {
        var seen = Begun(seq: 4);
        Assert.True(seen.TakeOlder([Event(4), Event(3)], upTo: 4, Time(Today), isEnd: false));
        Assert.Equal(2, seen.UnreadThrough);
        Assert.False(seen.TakeOlder([Event(2), Event(1)], upTo: 2, Time(Today), isEnd: true));
        Assert.Equal(0, seen.UnreadThrough);
        Assert.All([1L, 2, 3, 4], seq => Assert.True(seen.Contains(Key(seq))));
    }

    [Fact]
    public void Beyond_its_room_the_oldest_are_given_up_and_asked_for_again()
    {
        var seen = new SeenEvents(perPart: 2, most: 4);
        seen.Begin(Head(0));
        seen.Take([.. Enumerable.Range(1, 5).Select(seq => Event(seq))], Time(Today));
        Assert.Equal(2, seen.UnreadThrough);
        Assert.False(seen.Contains(Key(2)));
        Assert.All([3L, 4, 5], seq => Assert.True(seen.Contains(Key(seq))));
    }

    [Fact]
    public void Reading_older_ones_ends_where_there_is_no_room_for_more()
    {
        var seen = new SeenEvents(perPart: 2, most: 4);
        seen.Begin(Head(10));
        Assert.False(seen.TakeOlder([.. Enumerable.Range(0, 6).Select(back => Event(10 - back))], upTo: 10, Time(Today), isEnd: true));
        Assert.Equal(6, seen.UnreadThrough);
        Assert.True(seen.Contains(Key(7)));
        Assert.False(seen.Contains(Key(6)));
    }

    [Fact]
    public void What_is_given_up_while_older_ones_are_read_is_asked_for_still()
    {
        var seen = new SeenEvents(perPart: 2, most: 4);
        seen.Begin(Head(10));
        seen.Take([.. Enumerable.Range(11, 4).Select(seq => Event(seq))], Time(Today));
        // Read up to 10, and taken once 11 and 12 had to make room.
        SeenEvent[] read = [Event(10), Event(9)];
        seen.Take([Event(15)], Time(Today));
        Assert.True(seen.TakeOlder(read, upTo: 10, Time(Today), isEnd: true));
        Assert.False(seen.Contains(Key(12)));
        Assert.Equal(12, seen.UnreadThrough);
    }

    [Fact]
    public void Once_what_was_given_up_lies_behind_the_horizon_nothing_is_asked_for()
    {
        var seen = new SeenEvents(perPart: 2, most: 4);
        seen.Begin(Head(0));
        seen.Take([.. Enumerable.Range(1, 5).Select(seq => Event(seq))], Time(Today));
        Assert.Equal(2, seen.UnreadThrough);
        seen.Take([Event(6, Today + 7)], Time(Today + 7));
        Assert.Equal(2, seen.UnreadThrough);
        seen.Take([Event(7, Today + 8)], Time(Today + 8));
        Assert.Equal(0, seen.UnreadThrough);
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public void A_day_is_known_for_the_horizon_and_goes_as_a_whole_after_it(int days, bool isKnown)
    {
        var seen = Begun(seq: 0);
        seen.Take([Event(1)], Time(Today));
        seen.Take([Event(2, Today + days)], Time(Today + days));
        Assert.Equal(isKnown, seen.Contains(Key(1)));
        Assert.Equal(0, seen.UnreadThrough);
    }

    [Fact]
    public void What_happened_before_the_horizon_is_no_repeat_however_late_it_was_stored()
    {
        var seen = Begun(seq: 0);
        seen.Take([Event(1) with { OccurredAt = Time(Today - 8) }, Event(2) with { OccurredAt = Time(Today - 7) }], Time(Today));
        Assert.False(seen.Contains(Key(1)));
        Assert.True(seen.Contains(Key(2)));
    }

    [Fact]
    public void Taken_twice_an_event_changes_nothing()
    {
        var seen = new SeenEvents(perPart: 2, most: 2);
        seen.Begin(Head(0));
        for (var i = 0; i < 5; i++) seen.Take([Event(1), Event(2)], Time(Today));
        Assert.Equal(0, seen.UnreadThrough);
        Assert.True(seen.Contains(Key(1)));
    }

    private static SeenEvents Begun(long seq)
    {
        var seen = new SeenEvents();
        seen.Begin(Head(seq));
        return seen;
    }

    private static PgHead Head(long seq) => new(1, Time(Today), seq, Today, 0, 0, 1, 0, 0, 0, 0, 0);

    private static SeenEvent Event(long seq, int day = Today) => new(day, seq, Key(seq), Time(day));

    private static UInt128 Key(long seq) => StateKeys.Event(new KeyedHash(new byte[16]), "default"u8, System.Text.Encoding.UTF8.GetBytes($"event {seq}"));

    private static EventTime Time(int day) => new((day * 86_400_000L) + 1);
}
