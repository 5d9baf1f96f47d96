using RiskEngine.Core.Detection;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class LookAlikeDetectorTests
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    private readonly LookAlikeSettings _settings = new();
    private readonly LookAlikeDetector _detector = new(new LookAlikeSettings());

    [Theory]
    [InlineData(0, 1)]
    [InlineData(7, 0.5)]
    [InlineData(14, 0)]
    [InlineData(100, 0)]
    public void The_newer_the_account_the_more_it_says(int days, double share) =>
        Assert.Equal(_settings.Evidence * share, Login(days).NamedLikeAnother(Year, isService: true).Detect(_detector)?.Evidence ?? 0, 6);

    [Fact]
    public void People_do_have_similar_names() =>
        Assert.Equal(_settings.Evidence * _settings.PersonShare, Login(0).NamedLikeAnother(Year).Detect(_detector)!.Value.Evidence, 6);

    [Fact]
    public void Nobody_is_called_a_copy_of_who_came_later() => Assert.Null(Login(3).NamedLikeAnother(TimeSpan.FromDays(3)).Detect(_detector));

    [Fact]
    public void A_name_of_its_own_says_nothing() => Assert.Null(Login(0).Detect(_detector));

    [Fact]
    public void A_guess_at_it_is_not_its_use() => Assert.Null(Login(0).NamedLikeAnother(Year).Failed().Detect(_detector));

    [Theory]
    [InlineData(13.9, false)]
    [InlineData(14.1, true)]
    public void Where_its_making_was_not_seen_the_other_must_have_been_known_for_long(double days, bool speaks) =>
        Assert.Equal(speaks, Some.Login().NamedLikeAnother(TimeSpan.FromDays(days)).Detect(_detector) is not null);

    [Fact]
    public void What_happened_before_it_was_made_is_no_use_of_it() => Assert.Null(Login(-1).NamedLikeAnother(Year).Detect(_detector));

    private static LoginBuilder Login(int createdDaysAgo) => Some.Login().Created(TimeSpan.FromDays(createdDaysAgo));
}
