using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class FeedHitDetectorTests
{
    private readonly FeedHitSettings _settings = new();
    private readonly FeedHitDetector _detector = new(new FeedHitSettings());

    [Fact]
    public void An_address_on_no_feed_says_nothing() => Assert.Null(Some.Login().Detect(_detector));

    [Fact]
    public void One_hit_is_worth_what_its_feed_is_configured_for()
    {
        var signal = Some.Login().OnFeed(3, 1.5f).Detect(_detector)!.Value;
        Assert.Equal((1.5, 8, 1), (signal.Evidence, signal.A, signal.B));
    }

    [Fact]
    public void More_lists_are_worth_more_by_their_logarithm() =>
        Assert.Equal(1 + (0.5 * Math.Log(5)), Some.Login().OnFeed(0, 1, 5).Detect(_detector)!.Value.Evidence, 9);

    [Fact]
    public void Further_feeds_count_half_of_the_one_before()
    {
        var signal = Some.Login().OnFeed(0, 2).OnFeed(1, 1).OnFeed(2, 1).Detect(_detector)!.Value;
        Assert.Equal(2 + 0.5 + 0.25, signal.Evidence, 9);
        Assert.Equal(7, signal.A);
    }

    [Fact]
    public void Whatever_the_feeds_say_is_bounded()
    {
        Assert.Equal(_settings.MaximumEvidence, Some.Login().OnFeed(0, 9, 60_000).Detect(_detector)!.Value.Evidence);
        Assert.Equal(-_settings.MaximumEvidence, Some.Login().OnFeed(0, -9, 60_000).Detect(_detector)!.Value.Evidence);
    }

    [Fact]
    public void A_feed_of_friends_speaks_for_the_address_and_not_louder_for_being_on_many_lists() =>
        Assert.Equal(-1, Some.Login().OnFeed(0, -1, 100).Detect(_detector)!.Value.Evidence);

    [Fact]
    public void A_feed_with_an_index_beyond_the_mask_still_counts()
    {
        var signal = Some.Login().OnFeed(200, 1).Detect(_detector)!.Value;
        Assert.Equal((1.0, 0.0), (signal.Evidence, signal.A));
    }

    [Fact]
    public void Private_addresses_say_nothing() => Assert.Null(Some.Login().From(Place.Private).OnFeed(0, 2).Detect(_detector));
}
