using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Tests.Facts;

public sealed class GeoPointTests
{
    private static readonly GeoPoint Lisbon = new(38.7223, -9.1393);
    private static readonly GeoPoint Tokyo = new(35.6762, 139.6503);

    [Fact]
    public void Lisbon_to_Tokyo_is_eleven_thousand_kilometres() => Assert.Equal(11_140, Lisbon.KilometresTo(Tokyo), tolerance: 20);

    [Fact]
    public void A_degree_along_the_equator_is_111_kilometres() => Assert.Equal(111.195, new GeoPoint(0, 0).KilometresTo(new GeoPoint(0, 1)), 3);

    [Fact]
    public void There_is_as_far_as_back() => Assert.Equal(Lisbon.KilometresTo(Tokyo), Tokyo.KilometresTo(Lisbon), 9);

    [Fact]
    public void Here_is_no_distance() => Assert.Equal(0, Lisbon.KilometresTo(Lisbon));

    [Theory, InlineData(0, 0), InlineData(38.7223, -9.1393), InlineData(90, 0), InlineData(12.345678, 98.7654321)]
    public void The_other_side_of_the_globe_is_half_its_circumference(double latitude, double longitude) =>
        Assert.Equal(20_015.1, new GeoPoint(latitude, longitude).KilometresTo(new GeoPoint(-latitude, longitude > 0 ? longitude - 180 : longitude + 180)), 0.1);

    [Fact]
    public void The_date_line_is_no_obstacle() => Assert.Equal(222.39, new GeoPoint(0, 179).KilometresTo(new GeoPoint(0, -179)), 2);

    [Theory, InlineData(double.NaN, 0), InlineData(0, double.NaN), InlineData(91, 0), InlineData(0, 181), InlineData(double.PositiveInfinity, 0)]
    public void An_unknown_place_is_at_no_distance(double latitude, double longitude)
    {
        Assert.Equal(double.NaN, Lisbon.KilometresTo(new GeoPoint(latitude, longitude)));
        Assert.Equal(double.NaN, new GeoPoint(latitude, longitude).KilometresTo(Lisbon));
    }
}
