using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class AddressReputationDetectorTests
{
    private readonly AddressReputationSettings _settings = new();
    private readonly AddressReputationDetector _detector = new(new AddressReputationSettings());

    [Fact]
    public void An_address_never_seen_says_nothing() => Assert.Null(Some.Login().Detect(_detector));

    [Fact]
    public void Two_failures_are_forgiven_and_the_third_speaks()
    {
        Assert.Null(Some.Login().AddressFailed(2, secondsAgo: 0).Detect(_detector));
        Assert.InRange(Some.Login().AddressFailed(3, secondsAgo: 0).Detect(_detector)!.Value.Evidence, 0.35, 0.37);
    }

    [Fact]
    public void Seven_failures_are_the_worst() =>
        Assert.Equal(_settings.Evidence, Some.Login().AddressFailed(7, secondsAgo: 0).Detect(_detector)!.Value.Evidence, 6);

    [Fact]
    public void Failures_fade_by_half_each_day()
    {
        var signal = Some.Login().AddressFailed(8, secondsAgo: 86_400).Detect(_detector)!.Value;
        Assert.Equal(-4, signal.A, 3);
        Assert.Equal(_settings.Evidence * 2 / 5, signal.Evidence, 3);
    }

    [Fact]
    public void Successes_speak_a_little_for_it() =>
        Assert.Equal(-_settings.GoodEvidence, Some.Login().AddressSucceeded(10).Detect(_detector)!.Value.Evidence, 3);

    [Fact]
    public void Successes_of_others_do_not_hide_a_spray() =>
        Assert.Equal(_settings.Evidence, Some.Login().AddressSucceeded(100).AddressFailed(60).Detect(_detector)!.Value.Evidence, 3);

    [Fact]
    public void An_office_with_typos_keeps_its_good_name() =>
        Assert.True(Some.Login().AddressSucceeded(100).AddressFailed(15).Detect(_detector)!.Value.Evidence < 0);

    [Fact]
    public void A_subject_on_its_own_device_is_not_charged_with_its_own_typos()
    {
        Assert.Null(Some.EstablishedLogin().PairFailed(9).Detect(_detector));
        Assert.NotNull(Some.EstablishedLogin().On(Device.Strange).PairFailed(9).Detect(_detector));
    }

    [Fact]
    public void Private_addresses_and_misread_proxies_say_nothing()
    {
        Assert.Null(Some.Login().From(Place.Private).AddressFailed(20).Detect(_detector));
        Assert.Null(Some.Login().BehindMisreadProxy().AddressFailed(20).Detect(_detector));
    }
}
