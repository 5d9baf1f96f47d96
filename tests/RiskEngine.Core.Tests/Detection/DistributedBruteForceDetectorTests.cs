using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class DistributedBruteForceDetectorTests
{
    private readonly DistributedBruteForceSettings _settings = new();
    private readonly DistributedBruteForceDetector _detector = new(new DistributedBruteForceSettings());

    [Fact]
    public void The_fifth_address_is_ordinary_and_the_sixth_is_not()
    {
        Assert.Null(Some.Login().Failed().SubjectFailed(4, 4).Detect(_detector));
        Assert.Equal(_settings.Evidence / 15, Some.Login().Failed().SubjectFailed(5, 5).Detect(_detector)!.Value.Evidence, 9);
    }

    [Fact]
    public void An_address_that_failed_before_is_not_counted_twice() =>
        Assert.Equal(6, Some.Login().Failed().PairFailed(2).SubjectFailed(6, 6).Detect(_detector)!.Value.A);

    [Fact]
    public void Twenty_addresses_are_full_evidence() => Assert.Equal(_settings.Evidence, Some.Login().SubjectFailed(20, 20).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void Nobody_is_locked_out_at_home_or_on_the_own_device()
    {
        Assert.Null(Some.EstablishedLogin().SubjectFailed(500, 100).From(Place.Lisbon).Detect(_detector));
        Assert.Null(Some.EstablishedLogin().SubjectFailed(500, 100).On(Device.Phone).Detect(_detector));
    }

    [Fact]
    public void Without_a_usable_address_nothing_is_said() => Assert.Null(Some.Login().From(Place.Private).SubjectFailed(500, 100).Detect(_detector));
}
