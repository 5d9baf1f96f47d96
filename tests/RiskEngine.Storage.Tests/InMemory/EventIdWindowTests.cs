using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.InMemory;

namespace RiskEngine.Storage.Tests.InMemory;

public sealed class EventIdWindowTests
{
    private static readonly EventTime Start = new(DateTimeOffset.Parse("2026-11-01T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds());

    [Fact]
    public void Ids_of_many_days_are_known_as_long_as_the_watermark_has_not_left_their_day_behind()
    {
        var window = new EventIdWindow();
        var random = new Random(3);
        Dictionary<ulong, long> model = [];
        for (var day = 0; day < 40; day++)
        {
            var time = Start + TimeSpan.FromDays(day);
            for (var i = 0; i < 3000; i++)
            {
                var hash = (ulong)random.NextInt64();
                window.Add(hash, DayOf(time));
                model[hash] = DayOf(time);
            }

            window.DropBefore(time);
            var first = EventIdWindow.FirstDay(time);
            Assert.All(model, id => Assert.Equal(id.Value >= first, window.Contains(id.Key)));
        }
    }

    [Fact]
    public void What_was_never_added_is_not_known()
    {
        var window = new EventIdWindow();
        Assert.False(window.Contains(1));
        for (var i = 1UL; i <= 10_000; i++) window.Add(i * 0x9E3779B97F4A7C15UL, 20_000);
        var random = new Random(4);
        for (var i = 0; i < 100_000; i++) Assert.False(window.Contains((ulong)random.NextInt64() | 1UL << 63));
    }

    [Fact]
    public void An_id_of_zero_is_one_like_any()
    {
        var window = new EventIdWindow();
        Assert.False(window.Contains(0));
        window.Add(0, 20_000);
        Assert.True(window.Contains(0));
    }

    [Fact]
    public void An_id_that_came_on_two_days_is_known_until_the_later_one_is_left_behind()
    {
        var window = new EventIdWindow();
        window.Add(5, DayOf(Start + TimeSpan.FromDays(3)));
        window.Add(5, DayOf(Start));
        window.DropBefore(Start + TimeSpan.FromDays(10));
        Assert.True(window.Contains(5));
        window.DropBefore(Start + TimeSpan.FromDays(11));
        Assert.False(window.Contains(5));
    }

    [Fact]
    public void An_id_of_a_day_left_behind_that_comes_again_is_known_again()
    {
        var window = new EventIdWindow();
        window.Add(5, DayOf(Start));
        window.DropBefore(Start + IStateStore.Horizon + TimeSpan.FromDays(1));
        Assert.False(window.Contains(5));
        window.Add(5, DayOf(Start) + 8);
        Assert.True(window.Contains(5));
    }

    private static long DayOf(EventTime time) => EventIdWindow.DayOf(time);
}
