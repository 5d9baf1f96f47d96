using RiskEngine.Configuration;
using RiskEngine.Core.Facts;
using RiskEngine.Facts;
using RiskEngine.Host.Composition;

namespace RiskEngine.Host.Tests.Composition;

public sealed class EnginePartsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("riskengine-test-").FullName;

    [Fact]
    public void A_rule_names_the_feed_it_means_although_an_earlier_one_is_missing()
    {
        var present = Path.Combine(_folder, "present.txt");
        File.WriteAllText(present, "203.0.113.7\n");
        var settings = new RiskEngineSettings
        {
            Feeds = [Feed("missing", Path.Combine(_folder, "missing.txt")), Feed("present", present)],
        };
        using var facts = new FactWatcher(EngineParts.FilesOf(settings), TimeProvider.System, Timeout.InfiniteTimeSpan);
        Assert.Equal("present", facts.Snapshot.FeedName(0));
        Assert.Equal(["present", "missing"], EngineParts.FeedNames(settings, facts.Snapshot));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static FeedSettings Feed(string name, string path) => new() { Name = name, Path = path, Group = FeedGroup.Reputation };
}
