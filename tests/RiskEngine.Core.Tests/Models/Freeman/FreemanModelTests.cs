using RiskEngine.Core.Models;

namespace RiskEngine.Core.Tests.Models;

/// <summary>Held against sums worked out by hand from the published formula.</summary>
public sealed class FreemanModelTests
{
    private const int Jane = 1, John = 2;

    private static readonly FreemanLogin Home = new("192.0.2.1", "64500", "DE", "Firefox/140 Linux", "Firefox 140", "Linux 6", "desktop");

    private readonly FreemanModel _model = new();

    [Fact]
    public void A_first_login_is_not_scored()
    {
        _model.Learn(John, Home);
        Assert.Null(_model.Score(Jane, Home));
        _model.Learn(Jane, Home);
        Assert.NotNull(_model.Score(Jane, Home));
    }

    /// <summary>
    /// One login, shown again. Address: M = 1 + 3 distinct values, p(x) = 0.6 · 1/(1+4) + 0.3 · 1 + 0.1 · 1; p(x|u) = 0.6 + 0.3 · (1 − 2/3) + 0.1 · (1 − 3/4).
    /// User agent: M = 1 + 4, p(x) = w0/(1+5) + w1 + w2 + w3; p(x|u) = w0 + w1 · 1/3 + w2 · 1/4 + w3 · 1/5.
    /// </summary>
    [Fact]
    public void What_was_seen_before_scores_as_by_hand()
    {
        _model.Learn(Jane, Home);
        var address = ((0.6 / 5) + 0.3 + 0.1) / (0.6 + (0.3 / 3) + (0.1 / 4));
        const double W0 = 0.5386653840551359, W1 = 0.2680451498625666, W2 = 0.18818295100109536, W3 = 0.0051065150812021525;
        var agent = ((W0 / 6) + W1 + W2 + W3) / (W0 + (W1 / 3) + (W2 / 4) + (W3 / 5));
        Assert.Equal(Math.Log(address * agent), _model.Score(Jane, Home)!.Value, 12);
    }

    /// <summary>Both features at their most, 4 · 4, times (1/1) / (1/1) for the only subject there is.</summary>
    [Fact]
    public void What_was_never_seen_at_any_level_scores_sixteen_and_no_more()
    {
        _model.Learn(Jane, Home);
        var elsewhere = new FreemanLogin("203.0.113.9", "64600", "BR", "Safari/18 macOS", "Safari 18", "macOS 15", "mobile");
        Assert.Equal(Math.Log(16), _model.Score(Jane, elsewhere)!.Value, 12);
    }

    /// <summary>
    /// Two logins from two addresses of one network. A third address: p(x) = 0.6 / (2 + 1 + 4); in the network 2 logins with 2 addresses, in the country 2 with 3
    /// values below: p(x|u) = 0.3 / (2 + 3) + 0.1 / (2 + 4).
    /// </summary>
    [Fact]
    public void A_new_address_in_a_known_network_scores_as_by_hand()
    {
        _model.Learn(Jane, Home);
        _model.Learn(Jane, Home with { Address = "192.0.2.2" });
        var known = _model.Score(Jane, Home)!.Value - _model.Score(Jane, Home with { Address = "192.0.2.3" })!.Value;
        var seen = ((0.6 / 2 * (1 - (5.0 / 7))) + (0.3 / 2) + (0.1 / 2)) / ((0.6 / 2) + (0.3 / 2 * (1 - (3.0 / 5))) + (0.1 / 2 * (1 - (4.0 / 6))));
        var unseen = 0.6 / 7 / ((0.3 / 5) + (0.1 / 6));
        Assert.Equal(Math.Log(seen / unseen), known, 12);
    }

    [Fact]
    public void A_new_address_is_the_stranger_the_coarser_the_level_that_is_new()
    {
        _model.Learn(Jane, Home);
        for (var i = 0; i < 20; i++) _model.Learn(John, Home with { Address = $"203.0.113.{i}", Asn = "64600", Country = "BR" });
        Assert.True(_model.Score(Jane, Home with { Address = "192.0.2.3" }) < _model.Score(Jane, Home with { Address = "198.51.100.1", Asn = "64501" }));
        Assert.True(_model.Score(Jane, Home with { Address = "198.51.100.1", Asn = "64501" }) < _model.Score(Jane, Home with { Address = "203.0.113.1", Asn = "64600", Country = "BR" }));
    }

    /// <summary>Twice the share of all logins halves the ratio; what is said of the login itself stays.</summary>
    [Fact]
    public void The_score_falls_with_the_length_of_the_history()
    {
        _model.Learn(John, Home);
        _model.Learn(Jane, Home);
        var once = _model.Score(Jane, Home)!.Value;
        _model.Learn(Jane, Home);
        _model.Learn(John, Home);
        _model.Learn(Jane, Home);
        _model.Learn(Jane, Home);
        Assert.True(_model.Score(Jane, Home) < once);
        Assert.Equal(Math.Log(2), _model.Score(John, Home)!.Value - _model.Score(Jane, Home)!.Value, 12);
    }

    [Fact]
    public void Reputation_multiplies()
    {
        _model.Learn(Jane, Home);
        Assert.Equal(Math.Log(10), _model.Score(Jane, Home, 1)!.Value - _model.Score(Jane, Home, 0.1)!.Value, 12);
    }

    [Fact]
    public void Scoring_teaches_nothing()
    {
        _model.Learn(Jane, Home);
        var first = _model.Score(Jane, Home with { Country = "BR" });
        Assert.Equal(first, _model.Score(Jane, Home with { Country = "BR" }));
        Assert.Null(_model.Score(John, Home));
    }
}
