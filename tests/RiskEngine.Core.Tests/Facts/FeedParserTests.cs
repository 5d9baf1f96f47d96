using System.Text;
using RiskEngine.Core.Facts;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Facts;

public sealed class FeedParserTests
{
    [Fact]
    public void Addresses_networks_and_comments_are_told_apart()
    {
        var feed = Parse("\uFEFF# a list\r\n\r\n8.8.8.8\r\n 9.9.9.0/24 ; a network\r\n; a comment\r\n2a00::/32#too\r\n2a01::1\t\r\n");

        Assert.Equal(["8.8.8.8/32 1", "9.9.9.0/24 1", "2a00::/32 1", "2a01::1/128 1"], Texts(feed));
        Assert.Equal(0, feed.Defects);
    }

    [Fact]
    public void A_second_column_is_the_number_of_lists() => Assert.Equal(["8.8.8.8/32 10", "9.9.9.9/32 65535", "1.1.1.1/32 1"], Texts(Parse("8.8.8.8\t10\n9.9.9.9 70000\n1.1.1.1 2fast\n")));

    [Theory]
    [InlineData("fingerprint, ipaddr, port\nAB01, 8.8.8.8, 443\nAB02, 2a00::1, 80\n")]
    [InlineData("\"IP\",\"country\"\n\"8.8.8.8\",\"US\"\n\"2a00::1\",\"DE\"\n")]
    [InlineData("# made today\nname,ip_address\n\"a, b\",8.8.8.8\n\"a \"\"b\"\"\",2a00::1")]
    [InlineData("cidr\n8.8.8.8/32\n2a00::1/128")]
    public void The_address_column_of_CSV_is_found_by_its_name(string text)
    {
        var feed = Parse(text);

        Assert.Equal(["8.8.8.8/32 1", "2a00::1/128 1"], Texts(feed));
        Assert.Equal(0, feed.Defects);
    }

    [Fact]
    public void Autonomous_systems_are_listed_by_number()
    {
        var feed = Parse("AS45090 # Somebody, and others\nas13335\nAS0\nASx\n");

        Assert.Equal([45090u, 13335u], feed.AutonomousSystems);
        Assert.Equal(2, feed.Unreadable);
    }

    [Fact]
    public void Faulty_lines_are_counted_by_what_is_wrong_and_the_rest_kept()
    {
        var feed = Parse("8.8.8.8\nnonsense\n9.9.9.9/24\n10.0.0.1\n192.168.0.0/16\nfe80::/64\n127.0.0.1\n100.64.0.0/10\n0.0.0.0/0\n::/0\n2000::/3\n1.1.1.1\n");

        Assert.Equal(["8.8.8.8/32 1", "1.1.1.1/32 1"], Texts(feed));
        Assert.Equal((1, 1, 5, 3, 2), (feed.Unreadable, feed.HostBits, feed.NotPublic, feed.TooBroad, feed.FirstDefectLine));
        Assert.Equal(10, feed.Defects);
    }

    [Fact]
    public void Any_bytes_are_a_feed()
    {
        var random = new Random(3);
        var bytes = new byte[400];
        for (var i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes);
            for (var j = 0; j < bytes.Length; j += 3) bytes[j] = (byte)"0123456789./:,\"\n\r# aASip"[random.Next(24)];
            Assert.True(FeedParser.Parse(bytes).Defects >= 0);
            AsnRanges.Parse(bytes);
        }
    }

    [SharedDataTheory]
    [InlineData("ipsum.txt", 120_430, 0)]
    [InlineData("tor_exits.csv", 5_933, 0)]
    [InlineData("x4b_datacenter_ipv4.txt", 42_566, 0)]
    [InlineData("x4b_datacenter_ipv6.txt", 8_752, 0)]
    [InlineData("x4b_vpn_ipv4.txt", 10_862, 0)]
    [InlineData("x4b_vpn_ipv6.txt", 498, 0)]
    [InlineData("x4b_datacenter_asn.txt", 906, 0)]
    [InlineData("x4b_vpn_asn.txt", 15, 0)]
    public void Real_feeds_are_read_to_the_last_line(string file, int lines, int unreadable)
    {
        var feed = FeedParser.Parse(File.ReadAllBytes(SharedData.Path("ip-reputation", file)));

        Assert.Equal(unreadable, feed.Unreadable);
        Assert.Equal(lines, feed.Count + feed.Defects);
        Assert.True(feed.Count > 0.99 * lines, $"{feed.Count} kept; host bits {feed.HostBits}, not public {feed.NotPublic}, too broad {feed.TooBroad}");
    }

    private static FeedContent Parse(string text) => FeedParser.Parse(Encoding.UTF8.GetBytes(text));

    private static IEnumerable<string> Texts(FeedContent feed) => feed.Prefixes.Select(entry => $"{entry.Prefix} {entry.Lists}");
}
