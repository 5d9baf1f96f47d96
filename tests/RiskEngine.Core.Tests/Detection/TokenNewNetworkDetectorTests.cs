using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class TokenNewNetworkDetectorTests
{
    private readonly TokenNewNetworkSettings _settings = new();
    private readonly TokenNewNetworkDetector _detector = new(new TokenNewNetworkSettings());

    [Fact]
    public void A_token_from_where_none_was_used_speaks() =>
        Assert.Equal(_settings.Evidence, Token(Place.Lisbon).TokenUsedFrom(64500).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void The_four_latest_systems_are_known()
    {
        var token = Token(Place.Lisbon).TokenUsedFrom(Place.Lisbon.Asn).TokenUsedFrom(1).TokenUsedFrom(2).TokenUsedFrom(3);
        Assert.Null(token.Detect(_detector));
        Assert.NotNull(token.TokenUsedFrom(4).Detect(_detector));
    }

    [Fact]
    public void A_first_token_and_an_unknown_system_say_nothing()
    {
        Assert.Null(Token(Place.Lisbon).Detect(_detector));
        Assert.Null(Token(Place.Private).TokenUsedFrom(64500).Detect(_detector));
    }

    [Fact]
    public void Where_the_person_signs_in_a_token_may_be_used() => Assert.Null(Token(Place.Home).WithHistory(3).TokenUsedFrom(64999).Detect(_detector));

    [Fact]
    public void A_login_is_no_token() => Assert.Null(Token(Place.Lisbon).TokenUsedFrom(64500).OfKind(EventKind.Login).Detect(_detector));

    private static LoginBuilder Token(Place from) => Some.Login().From(from).OfKind(EventKind.TokenUsed);
}
