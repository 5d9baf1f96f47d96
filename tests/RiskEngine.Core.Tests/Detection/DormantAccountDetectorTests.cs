using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class DormantAccountDetectorTests
{
    private readonly DormantAccountSettings _settings = new();
    private readonly DormantAccountDetector _detector = new(new DormantAccountSettings());

    [Theory]
    [InlineData(90, 0)]
    [InlineData(180, 0.5)]
    [InlineData(270, 1)]
    [InlineData(900, 1)]
    public void The_longer_it_rested_the_more_it_says(int days, double share)
    {
        Assert.Equal(_settings.Evidence * share, Evidence(days, every: 1), 6);
    }

    [Fact]
    public void Whoever_logs_in_twice_a_year_is_not_dormant_after_ninety_days()
    {
        Assert.Equal(0, Evidence(270, every: 180));
        Assert.True(Evidence(270, every: 30) > 0);
    }

    [Fact]
    public void Of_one_login_one_cannot_tell_how_often_somebody_comes()
    {
        Assert.Null(Some.Login().Previously(TimeSpan.FromDays(120)).From(Place.Lisbon).On(Device.Strange).Detect(_detector));
        Assert.NotNull(Some.Login().Previously(TimeSpan.FromDays(150)).From(Place.Lisbon).On(Device.Strange).Detect(_detector));
    }

    private double Evidence(int days, int every)
    {
        var login = Some.Login();
        for (var i = 0; i < 20; i++) login.Previously(TimeSpan.FromDays(days + (every * i)));
        return login.From(Place.Lisbon).On(Device.Strange).Detect(_detector)?.Evidence ?? 0;
    }

    [Fact]
    public void Somebody_back_from_leave_on_their_own_machine_says_nothing() => Assert.Null(Some.Login().Previously(TimeSpan.FromDays(400)).Detect(_detector));

    [Fact]
    public void An_account_of_which_nothing_is_known_is_not_dormant() => Assert.Null(Some.Login().From(Place.Lisbon).Detect(_detector));

    [Theory]
    [InlineData(30, false)]
    [InlineData(400, true)]
    public void An_account_never_used_is_new_at_first_and_dormant_later(int days, bool speaks) =>
        Assert.Equal(speaks, Some.Login().Created(TimeSpan.FromDays(days)).From(Place.Lisbon).Detect(_detector) is not null);

    [Fact]
    public void A_guess_at_it_is_not_its_use() => Assert.Null(Some.Login().Previously(TimeSpan.FromDays(400)).From(Place.Lisbon).On(Device.Strange).Failed().Detect(_detector));
}
