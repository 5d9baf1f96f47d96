using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;

namespace RiskEngine.Core.Tests.Incidents;

public sealed class WaveTests
{
    [Theory]
    [InlineData(20, 100, true)]
    [InlineData(21, 100, false)]
    [InlineData(5, 12, true)]
    [InlineData(6, 12, false)]
    public void Waves_whose_beginnings_are_a_quarter_of_what_they_have_in_common_apart_or_five_minutes_go_together(double later, double end, bool together) =>
        Assert.Equal(together, Of(0, end).GoesWith(Of(later, end)));

    [Theory, InlineData(80, true), InlineData(79, false)]
    public void So_do_their_latest_steps(double end, bool together) => Assert.Equal(together, Of(0, 100).GoesWith(Of(0, end)));

    [Theory, InlineData(8, true), InlineData(7, false)]
    public void Fewer_than_eight_steps_are_not_compared(int steps, bool together) => Assert.Equal(together, Of(0, 10).GoesWith(Of(0, 10, steps)));

    [Theory, InlineData(32, true), InlineData(33, false)]
    public void Who_guesses_more_than_four_times_as_fast_is_somebody_else(int steps, bool together) => Assert.Equal(together, Of(0, 100).GoesWith(Of(0, 100, steps)));

    [Fact]
    public void Waves_one_after_the_other_do_not_go_together() => Assert.False(Of(0, 2).GoesWith(Of(3, 5)));

    [Theory, InlineData(240, 8), InlineData(241, 1)]
    public void After_four_hours_without_a_step_another_wave_begins(double pause, int steps)
    {
        var wave = Of(0, 10, 7);
        wave.Add(At(10 + pause));
        Assert.Equal(steps == 8, wave.GoesWith(Of(0, 10 + pause, 8)));
    }

    [Fact]
    public void A_step_from_before_the_wave_is_left_out_and_a_late_one_moves_its_beginning()
    {
        var wave = Of(600, 700);
        wave.Add(At(0));
        Assert.True(wave.GoesWith(Of(600, 700)));
        wave.Add(At(500));
        Assert.False(wave.GoesWith(Of(600, 700)));
    }

    [Fact]
    public void It_is_time_to_compare_at_eight_steps_and_whenever_there_are_a_quarter_more()
    {
        var wave = new Wave();
        Assert.Equal([8, 10, 12, 15, 18, 22, 27, 33], Enumerable.Range(1, 40).Where(i => wave.Add(At(i))));
    }

    [Fact]
    public void Two_waves_put_together_last_from_the_first_step_to_the_last_and_of_two_far_apart_the_later_one_goes_on()
    {
        var wave = Of(0, 60);
        wave.Add(Of(30, 100));
        Assert.True(wave.GoesWith(Of(0, 100)));
        var later = Of(1000, 1100);
        wave.Add(later);
        Assert.True(wave.GoesWith(later));
        wave.Add(Of(0, 60));
        Assert.True(wave.GoesWith(later));
    }

    private static EventTime At(double minutes) => Told.Start + TimeSpan.FromMinutes(minutes);

    /// <summary>A wave with steps at even distances.</summary>
    private static Wave Of(double begin, double end, int steps = 8)
    {
        var wave = new Wave();
        for (var i = 0; i < steps; i++) wave.Add(At(begin + ((end - begin) * i / (steps - 1))));
        return wave;
    }
}
