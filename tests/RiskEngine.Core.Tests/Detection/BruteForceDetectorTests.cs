using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class BruteForceDetectorTests
{
    private readonly BruteForceSettings _settings = new();
    private readonly BruteForceDetector _detector = new(new BruteForceSettings());

    [Fact]
    public void The_fifth_failure_is_ordinary_and_the_sixth_is_not()
    {
        Assert.Null(Some.Login().Failed().PairFailed(4).Detect(_detector));
        Assert.Equal(_settings.Evidence / 15, Some.Login().Failed().PairFailed(5).Detect(_detector)!.Value.Evidence, 9);
    }

    [Fact]
    public void A_success_does_not_count_itself() => Assert.Null(Some.Login().PairFailed(5).Detect(_detector));

    [Fact]
    public void Twenty_failures_are_full_evidence() =>
        Assert.Equal(_settings.Evidence, Some.Login().PairFailed(20).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void A_guess_from_a_strange_place_is_judged_by_failures_elsewhere() => Assert.Equal(
        _settings.ElsewhereEvidence,
        Some.EstablishedLogin().SubjectFailed(40, 1).From(Place.Lisbon).On(Device.Strange).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void The_victim_on_its_own_device_is_not_locked_out_even_abroad()
    {
        Assert.Null(Some.EstablishedLogin().SubjectFailed(500, 100).Detect(_detector));
        Assert.Null(Some.EstablishedLogin().SubjectFailed(500, 100).From(Place.Lisbon).Detect(_detector));
        Assert.Null(Some.EstablishedLogin().PairFailed(12).Detect(_detector));
    }

    [Fact]
    public void The_victim_at_home_on_a_new_phone_is_not_charged_with_others_and_half_with_itself()
    {
        Assert.Null(Some.EstablishedLogin().On(Device.Phone).SubjectFailed(500, 100).PairFailed(10).Detect(_detector));
        Assert.NotNull(Some.EstablishedLogin().On(Device.Phone).PairFailed(11).Detect(_detector));
    }

    [Fact]
    public void Where_the_address_says_nothing_all_failures_are_from_elsewhere()
    {
        Assert.Equal(new BruteForceSettings().ElsewhereEvidence, Some.Login().From(Place.Private).SubjectFailed(500, 1).Detect(_detector)!.Value.Evidence);
        Assert.Null(Some.Login().From(Place.Private).SubjectFailed(10, 1).Detect(_detector));
        Assert.Null(Some.EstablishedLogin().From(Place.Private).SubjectFailed(500, 1).Detect(_detector));
    }
}
