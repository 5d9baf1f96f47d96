using System.Text;
using RiskEngine.Configuration;
using RiskEngine.Core.Facts;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Benchmarking;

/// <summary>What the engine may know of the addresses of a generated stream: its blocklist as a feed of the default weight, and nothing else.</summary>
internal static class StreamFacts
{
    public static FactSnapshot Of(BenchmarkTraffic traffic)
    {
        var content = FeedParser.Parse(Encoding.UTF8.GetBytes(string.Join('\n', traffic.ListedAddresses())));
        var settings = new FeedSettings { Name = "blocklist", Path = "", Group = FeedGroup.Reputation };
        return new FactSnapshot(new FactParts { Feeds = [new Feed(settings.Name, settings.Group, (float)settings.Worth, content)] });
    }
}
