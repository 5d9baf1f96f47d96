using System.Diagnostics;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Testing;
using Xunit.Abstractions;

namespace RiskEngine.Core.Tests.Facts;

public sealed class FeedSetTests(ITestOutputHelper output)
{
    [Fact]
    public void One_look_up_finds_every_feed_strongest_first()
    {
        var feeds = new FeedSet([Feed("a", FeedGroup.Reputation, 1, "8.8.8.0/24 3"), Feed("b", FeedGroup.List, 2.5f, "8.8.8.8"), Feed("c", FeedGroup.Reputation, 1.5f, "8.8.0.0/16\n8.8.8.8 9"), Feed("d", FeedGroup.Tor, 0, "8.8.8.8")]);

        var facts = Lookup(feeds, "8.8.8.8");

        Assert.Equal([new FeedHit(1, 2.5f, 1), new FeedHit(2, 1.5f, 9), new FeedHit(0, 1, 3)], Hits(facts));
        Assert.Equal(NetworkKinds.Tor, facts.Networks);
        Assert.Equal([new FeedHit(2, 1.5f, 1), new FeedHit(0, 1, 3)], Hits(Lookup(feeds, "8.8.8.9")));
        Assert.Equal([new FeedHit(2, 1.5f, 1)], Hits(Lookup(feeds, "8.8.9.9")));
        Assert.Empty(Hits(Lookup(feeds, "8.9.0.0")));
    }

    [Theory]
    [InlineData(FeedGroup.Tor, NetworkKinds.Tor), InlineData(FeedGroup.Vpn, NetworkKinds.Vpn), InlineData(FeedGroup.DataCentre, NetworkKinds.DataCentre)]
    [InlineData(FeedGroup.Mobile, NetworkKinds.Mobile), InlineData(FeedGroup.Relay, NetworkKinds.Relay), InlineData(FeedGroup.Reputation, NetworkKinds.None), InlineData(FeedGroup.List, NetworkKinds.None)]
    public void A_group_that_names_a_kind_of_network_sets_it_and_the_others_give_evidence(FeedGroup group, NetworkKinds kinds)
    {
        var facts = Lookup(new FeedSet([Feed("a", group, 0, "2a00::/32")]), "2a00::1");

        Assert.Equal((kinds, kinds == NetworkKinds.None ? 1 : 0), (facts.Networks, facts.FeedHitCount));
        Assert.Equal(1, Lookup(new FeedSet([Feed("a", group, 0.5f, "2a00::/32")]), "2a00::1").FeedHitCount);
        Assert.True(FeedGroups.TryParse(group.Name(), out var parsed) && parsed == group);
    }

    [Fact]
    public void A_feed_of_autonomous_systems_hits_by_number_and_once_a_feed()
    {
        var feeds = new FeedSet([Feed("a", FeedGroup.Reputation, 1, "AS64500\n8.8.8.8 5"), Feed("b", FeedGroup.DataCentre, 0, "AS64500")]);
        var facts = AddressFacts.Unknown;
        facts.Asn = 64500;

        feeds.AddTo(IpAddress.Parse("8.8.8.8"), ref facts);

        Assert.Equal([new FeedHit(0, 1, 5)], Hits(facts));
        Assert.Equal(NetworkKinds.DataCentre, facts.Networks);
    }

    [Fact]
    public void Of_more_than_four_hits_the_strongest_stay()
    {
        var feeds = new FeedSet([.. Enumerable.Range(0, 7).Select(i => Feed($"f{i}", FeedGroup.Reputation, i == 6 ? -9 : i, "8.8.8.8"))]);

        Assert.Equal([6, 5, 4, 3], Hits(Lookup(feeds, "8.8.8.8")).Select(hit => (int)hit.Feed));
    }

    [Fact]
    public void More_feeds_than_a_byte_can_name_are_refused() =>
        Assert.Throws<ArgumentException>(() => new FeedSet([.. Enumerable.Range(0, 256).Select(i => Feed($"f{i}", FeedGroup.List, 1, ""))]));

    [Fact]
    public void Several_feeds_together_say_what_each_says_alone()
    {
        var random = new Random(5);
        var feeds = Enumerable.Range(0, 4).Select(i => Feed($"f{i}", FeedGroup.Reputation, i + 1, string.Join('\n', Enumerable.Range(0, 300).Select(_ => RandomLine(random))))).ToList();
        var together = new FeedSet(feeds);
        for (var i = 0; i < 5000; i++)
        {
            var address = RandomAddress(random);
            var naive = feeds.Select((feed, index) => (index, feed.Content.Prefixes.Where(entry => entry.Prefix.Contains(address)).OrderBy(entry => entry.Prefix.Length).ThenBy(entry => entry.Lists).LastOrDefault().Lists))
                .Where(hit => hit.Lists > 0).Select(hit => new FeedHit((byte)hit.index, hit.index + 1, hit.Lists)).Reverse();
            var facts = AddressFacts.Unknown;
            together.AddTo(address, ref facts);
            Assert.Equal(naive, Hits(facts));
        }
    }

    [Fact]
    public void Figures_of_half_a_million_entries_are_printed()
    {
        var random = new Random(11);
        var text = new StringBuilder();
        for (var i = 0; i < 400_000; i++) text.Append(IpAddress.FromIPv4((uint)random.NextInt64(0x0100_0000, 0xDF00_0000))).Append(' ').Append(random.Next(1, 9)).Append('\n');
        for (var i = 0; i < 100_000; i++) text.Append(new IpAddress(0x2A00_0000_0000_0000 | ((ulong)random.NextInt64() >> 8), 0)).Append("/64\n");
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        var memory = GC.GetTotalMemory(forceFullCollection: true);

        var watch = Stopwatch.StartNew();
        var content = FeedParser.Parse(bytes);
        var parsed = watch.Elapsed;
        var feeds = new FeedSet([new Feed("large", FeedGroup.Reputation, 1, content)]);
        output.WriteLine($"{content.Count} entries, {content.Defects} left out: parsed in {parsed.TotalMilliseconds:F0} ms, built in {(watch.Elapsed - parsed).TotalMilliseconds:F0} ms");
        output.WriteLine($"{(GC.GetTotalMemory(forceFullCollection: true) - memory) / 1e6:F1} MB with the parsed entries");
        foreach (var (name, addresses) in new[]
        {
            ("IPv4 misses", Enumerable.Range(0, 100_000).Select(_ => IpAddress.FromIPv4((uint)random.NextInt64(1L << 32))).ToArray()),
            ("IPv4 hits", [.. content.Prefixes.Where((entry, i) => i % 4 == 0 && entry.Prefix.IsIPv4).Select(entry => entry.Prefix.First)]),
            ("IPv6 hits", [.. content.Prefixes.Where(entry => !entry.Prefix.IsIPv4).Select(entry => entry.Prefix.First)]),
        })
        {
            var best = double.MaxValue;
            var hits = 0;
            for (var round = 0; round < 12; round++)
            {
                watch.Restart();
                foreach (var address in addresses)
                {
                    var facts = AddressFacts.Unknown;
                    feeds.AddTo(address, ref facts);
                    hits += facts.FeedHitCount;
                }

                best = Math.Min(best, watch.Elapsed.TotalNanoseconds / addresses.Length);
            }

            output.WriteLine($"{name}: {best:F0} ns, {hits / 12} hits of {addresses.Length}");
        }

        var one = AddressFacts.Unknown;
        Assert.Equal(0, Allocations.Least(() =>
        {
            one = AddressFacts.Unknown;
            feeds.AddTo(content.Prefixes[0].Prefix.First, ref one);
        }));
        Assert.Equal(1, one.FeedHitCount);
    }

    private static Feed Feed(string name, FeedGroup group, float evidence, string text) => new(name, group, evidence, FeedParser.Parse(Encoding.ASCII.GetBytes(text)));

    private static string RandomLine(Random random)
    {
        var address = RandomAddress(random);
        var length = address.IsIPv4 ? random.Next(96 + 8, 129) : random.Next(16, 129);
        var mask = UInt128.MaxValue << (128 - length);
        var first = new UInt128(address.High, address.Low) & mask;
        return $"{new AddressPrefix(new IpAddress((ulong)(first >> 64), (ulong)first), (byte)length)} {random.Next(1, 4)}";
    }

    private static IpAddress RandomAddress(Random random) => random.Next(2) == 0
        ? IpAddress.FromIPv4(0x0800_0000 | ((uint)random.Next() & 0x0301_0107))
        : new IpAddress(0x2A00_0000_0000_0000 | ((ulong)random.NextInt64() & 0x0007_0100_0000_0003), (ulong)random.NextInt64() & 0x0000_000F_8000_0001);

    private static AddressFacts Lookup(FeedSet feeds, string address)
    {
        var facts = AddressFacts.Unknown;
        feeds.AddTo(IpAddress.Parse(address), ref facts);
        return facts;
    }

    private static List<FeedHit> Hits(AddressFacts facts) => [.. Enumerable.Range(0, facts.FeedHitCount).Select(facts.GetFeedHit)];
}
