using RiskEngine.Core.Detection;
using RiskEngine.Core.Facts;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class KnownAddressDetectorTests
{
    private readonly KnownAddressSettings _settings = new();
    private readonly KnownAddressDetector _detector = new(new KnownAddressSettings());

    private double Of(LoginBuilder login) => login.Detect(_detector)?.Evidence ?? 0;

    [Fact]
    public void Home_speaks_for_its_subject_within_its_bound()
    {
        Assert.InRange(Of(Some.EstablishedLogin()), -_settings.Evidence, -1);
        Assert.Equal(-0.25, Some.EstablishedLogin().Detect(new KnownAddressDetector(_settings with { Evidence = 0.25 }))!.Value.Evidence);
    }

    [Fact]
    public void Next_door_speaks_for_less_and_most_where_addresses_change()
    {
        var mover = Some.Login();
        for (var i = 1; i <= 8; i++) mover.Previously(TimeSpan.FromDays(8 * i), Place.Home with { Address = $"198.51.100.{10 + i}" });
        Assert.InRange(Of(mover.From(Place.NextDoor)), Of(Some.EstablishedLogin()) + 0.1, -0.05);
        Assert.InRange(Of(Some.EstablishedLogin().From(Place.NextDoor)), Of(Some.EstablishedLogin()) + 0.5, 0);
    }

    [Fact]
    public void Elsewhere_says_nothing() => Assert.Null(Some.EstablishedLogin().From(Place.Cafe).Detect(_detector));

    [Fact]
    public void After_a_month_another_address_of_the_same_provider_is_what_one_expects()
    {
        var month = Some.Login();
        for (var day = 40; day < 45; day++) month.Previously(TimeSpan.FromDays(day));
        Assert.True(Of(month.From(Place.Renumbered)) < 0);
        Assert.Equal(0, Of(Some.EstablishedLogin().Previously(TimeSpan.FromSeconds(30)).From(Place.Renumbered)));
    }

    [Fact]
    public void Seen_once_vouches_for_at_most_half() => Assert.InRange(Of(Some.Login().WithHistory(1)), -_settings.Evidence / 2, -0.1);

    /// <summary>Nearer never speaks for less: an address that was seen once is at least one of the provider that its subject always comes from.</summary>
    [Theory, InlineData(30, 0.003f), InlineData(30, 0.005f), InlineData(60, 0.005f), InlineData(60, 0.008f)]
    public void An_address_seen_once_vouches_for_no_less_than_a_new_one_of_the_same_provider(int daysAway, float share)
    {
        LoginBuilder Mover()
        {
            var login = Some.Login();
            for (var week = 30; week > 0; week--) login.Previously(TimeSpan.FromDays(daysAway + (7 * week)), Place.Home with { Address = $"198.51.{100 + week}.10" });
            return login.Previously(TimeSpan.FromDays(daysAway), Place.Home);
        }

        var again = Of(Mover().FromAddressWithShare(share));
        var anew = Of(Mover().From(Place.Renumbered));
        Assert.True(anew < -0.1 && again <= anew, $"{again} at the same address, {anew} at another");
    }

    [Fact]
    public void What_many_share_vouches_for_less()
    {
        Assert.Equal(Of(Some.EstablishedLogin()) / 2, Of(Some.EstablishedLogin().FromSharedAddress()), 9);
        Assert.InRange(Of(Some.Login().WithHistory(5, Place.Carrier).From(Place.Carrier)), -_settings.Evidence / 2, -0.1);
    }

    [Fact]
    public void Tor_vouches_for_nobody() => Assert.Null(Some.Login().WithHistory(5, Place.Tor).From(Place.Tor).Detect(_detector));

    [Fact]
    public void Private_addresses_say_nothing() => Assert.Null(Some.Login().WithHistory(5, Place.Private).From(Place.Private).Detect(_detector));

    [Fact]
    public void An_IPv6_subscriber_is_known_by_its_64()
    {
        var here = Place.Home with { Address = "2001:db8:1:2::1", Networks = NetworkKinds.None };
        var same = Of(Some.Login().WithHistory(5, here).From(here with { Address = "2001:db8:1:2:ffff::9" }));
        var neighbour = Of(Some.Login().WithHistory(5, here).From(here with { Address = "2001:db8:1:3::1" }));
        var other = Of(Some.Login().WithHistory(5, here).From(here with { Address = "2001:db8:2:2::1" }));
        Assert.Equal(Of(Some.Login().WithHistory(5, here).From(here)), same);
        Assert.True(same < neighbour && neighbour < other, $"{same} {neighbour} {other}");
    }
}
