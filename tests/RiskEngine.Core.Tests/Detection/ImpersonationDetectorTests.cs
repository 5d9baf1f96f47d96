using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class ImpersonationDetectorTests
{
    private readonly ImpersonationSettings _settings = new();
    private readonly ImpersonationDetector _detector = new(new ImpersonationSettings());

    [Fact]
    public void From_an_unfamiliar_device_it_speaks() =>
        Assert.Equal(_settings.Evidence, Some.EstablishedLogin().OfKind(EventKind.ImpersonationStarted).On(Device.Strange).From(Place.Lisbon).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void From_the_desk_it_is_work() => Assert.Null(Some.EstablishedLogin().OfKind(EventKind.ImpersonationStarted).Detect(_detector));

    [Fact]
    public void Nothing_is_unfamiliar_about_a_stranger() => Assert.Null(Some.Login().OfKind(EventKind.ImpersonationStarted).From(Place.Lisbon).Detect(_detector));

    [Fact]
    public void A_login_is_no_impersonation() => Assert.Null(Some.EstablishedLogin().On(Device.Strange).From(Place.Lisbon).Detect(_detector));
}
