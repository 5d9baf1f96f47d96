using RiskEngine.Core.Models;

namespace RiskEngine.Core.Tests.Models.Fleet;

public sealed class WeekSeasonTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void What_is_usual_has_the_bits_of_sums_made_one_by_one(int seed)
    {
        var random = new Random(seed);
        var (season, seen) = (new WeekSeason(), new WeekSeason());
        for (var hour = 0; hour < WeekSeason.Hours; hour++)
        {
            // From the smallest number of half precision, which is subnormal, to the largest.
            season[hour] = (float)BitConverter.UInt16BitsToHalf((ushort)random.Next(0x7C00));
            seen[hour] = random.Next(6);
        }

        for (var hour = 0; hour < WeekSeason.Hours; hour++) AssertSame(season, seen, hour, prior: 0.3f);
    }

    [Fact]
    public void A_season_in_which_nothing_came_has_the_bits_of_sums_too()
    {
        var seen = new WeekSeason();
        for (var hour = 0; hour < WeekSeason.Hours; hour++) seen[hour] = hour % 6;
        for (var hour = 0; hour < WeekSeason.Hours; hour++) AssertSame(default, seen, hour, prior: 0.7f);
    }

    private static void AssertSame(in WeekSeason season, in WeekSeason seen, int hour, float prior)
    {
        var hours = new WeekSeason.SeenHours(hour, seen, stackalloc float[WeekSeason.Hours]);
        Assert.Equal(BitConverter.SingleToUInt32Bits(OneByOne(season, seen, hour, prior)), BitConverter.SingleToUInt32Bits(season.Expected(hours, prior)));
    }

    private static float OneByOne(in WeekSeason season, in WeekSeason seen, int hour, float prior)
    {
        float all = 12 * prior, allWeight = 12, day = 0, dayWeight = 2;
        for (var i = 0; i < WeekSeason.Hours; i++) (all, allWeight) = (all + (seen[i] * season[i]), allWeight + seen[i]);
        for (var i = hour % 24; i < WeekSeason.Hours; i += 24) (day, dayWeight) = (day + (seen[i] * season[i]), dayWeight + seen[i]);
        day = (day + (2 * all / allWeight)) / dayWeight;
        return ((seen[hour] * season[hour]) + (2 * day)) / (seen[hour] + 2);
    }
}
