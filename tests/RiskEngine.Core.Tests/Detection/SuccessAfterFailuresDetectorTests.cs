using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class SuccessAfterFailuresDetectorTests
{
    private readonly SuccessAfterFailuresSettings _settings = new();
    private readonly SuccessAfterFailuresDetector _detector = new(new SuccessAfterFailuresSettings());

    [Fact]
    public void Five_failures_before_a_success_are_ordinary_and_six_are_not()
    {
        Assert.Null(Some.Login().PairFailed(5).Detect(_detector));
        Assert.Equal(_settings.Evidence / 10, Some.Login().PairFailed(6).Detect(_detector)!.Value.Evidence, 9);
    }

    [Fact]
    public void An_attempt_is_judged_like_a_success_and_a_failure_not_at_all()
    {
        Assert.Equal(_settings.Evidence, Some.Login().OfKind(EventKind.LoginAttempt).PairFailed(15).Detect(_detector)!.Value.Evidence);
        Assert.Null(Some.Login().Failed().PairFailed(15).Detect(_detector));
    }

    [Fact]
    public void The_hit_of_a_spray_is_seen()
    {
        var signal = Some.Login().AddressFailed(30).Detect(_detector)!.Value;
        Assert.Equal((_settings.Evidence, 2.0), (signal.Evidence, signal.B));
    }

    [Fact]
    public void Guessing_from_elsewhere_speaks_against_a_strange_place_only()
    {
        Assert.Equal(3, Some.EstablishedLogin().SubjectFailed(30, 10).From(Place.Lisbon).On(Device.Strange).Detect(_detector)!.Value.B);
        Assert.Null(Some.EstablishedLogin().SubjectFailed(30, 10).On(Device.Strange).Detect(_detector));
    }

    [Fact]
    public void A_subject_on_its_own_device_may_fumble() => Assert.Null(Some.EstablishedLogin().PairFailed(15).Detect(_detector));

    [Theory, InlineData(3600, true), InlineData(3601, false)]
    public void Only_recent_failures_matter(uint secondsAgo, bool speaks) =>
        Assert.Equal(speaks, Some.Login().PairFailed(15, secondsAgo).Detect(_detector) is not null);

    [Fact]
    public void An_office_with_typos_is_quiet() => Assert.Null(Some.Login().AddressSucceeded(100).AddressFailed(20).Detect(_detector));

    [Fact]
    public void Where_the_address_says_nothing_failures_on_the_subject_still_do()
    {
        Assert.Null(Some.Login().From(Place.Private).PairFailed(10).Detect(_detector));
        Assert.Equal((15.0, 3.0), Some.Login().From(Place.Private).PairFailed(15).Detect(_detector) is { } signal ? (signal.A, signal.B) : default);
    }
}
