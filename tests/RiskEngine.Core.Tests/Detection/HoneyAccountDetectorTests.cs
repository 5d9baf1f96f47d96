using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Detection;

public sealed class HoneyAccountDetectorTests
{
    private readonly HoneyAccountSettings _settings = new() { Subjects = ["svc-old", "backup-admin"] };
    private readonly HoneyAccountDetector _detector = new(new() { Subjects = ["svc-old", "backup-admin"] });

    [Fact]
    public void Whoever_touches_it_gives_themselves_away()
    {
        Assert.Equal(_settings.Evidence, Some.Login().Named("backup-admin").Failed().Detect(_detector)!.Value.Evidence);
        Assert.Equal(_settings.Evidence, Some.Login().Named("backup-admin").Detect(_detector)!.Value.Evidence);
    }

    [Fact]
    public void It_may_be_named_by_id() => Assert.NotNull(Some.Login().Detect(new HoneyAccountDetector(new HoneyAccountSettings { Subjects = ["42"] })));

    [Theory]
    [InlineData("backup-admi")]
    [InlineData("backup-admin2")]
    [InlineData("Backup-Admin")]
    [InlineData("")]
    public void Its_neighbours_are_left_alone(string name) => Assert.Null(Some.Login().Named(name).Detect(_detector));

    [Fact]
    public void A_name_that_does_not_exist_is_recognised_by_its_pseudonym()
    {
        var hash = new KeyedHash(new byte[16]);
        var detector = new HoneyAccountDetector(_settings.WithPseudonyms(hash));
        Assert.NotNull(Some.Login().Named(hash.UnknownName("svc-old")).Failed().Detect(detector));
        Assert.NotNull(Some.Login().Named("svc-old").Failed().Detect(detector));
        Assert.Null(Some.Login().Named(hash.UnknownName("svc-new")).Failed().Detect(detector));
    }

    [Fact]
    public void Without_names_it_is_off() => Assert.Null(Some.Login().Named("backup-admin").Detect(new HoneyAccountDetector(new HoneyAccountSettings())));
}
