using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Tests.Decisions;

public sealed class BlockKeyReaderTests
{
    private static readonly KeyedHash Hash = new(new byte[16]);
    private readonly BlockKeyReader _keys = new(Hash);

    [Theory]
    [InlineData(BlockScope.Ip, " 203.0.113.7 ", "203.0.113.7"), InlineData(BlockScope.Ip, "2001:DB8:0::1", "2001:db8::1"), InlineData(BlockScope.Ip, "::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData(BlockScope.Range, "203.0.113.0/24", "203.0.113.0/24"), InlineData(BlockScope.Range, "2001:db8::/33", "2001:db8::/33"), InlineData(BlockScope.Range, "11.0.0.0/9", "11.0.0.0/9")]
    [InlineData(BlockScope.Asn, "as64500", "AS64500"), InlineData(BlockScope.Asn, "64500", "AS64500")]
    [InlineData(BlockScope.Country, "de", "DE"), InlineData(BlockScope.Subject, "jane@example.org", "jane@example.org")]
    [InlineData(BlockScope.Session, "0123456789ABCDEF0123456789abcdef", "0123456789abcdef0123456789abcdef")]
    [InlineData(BlockScope.Pair, "jane@example.org@203.0.113.7", "jane@example.org@203.0.113.7")]
    public void What_people_write_has_one_spelling(BlockScope scope, string text, string canonical)
    {
        Assert.True(_keys.TryParse(scope, text, "default", EntryPurpose.Block, out var entry, out var error), error);
        Assert.Equal(canonical, entry.Value);
        Assert.True(_keys.TryParse(scope, canonical, "default", EntryPurpose.Block, out var again, out _));
        Assert.Equal(entry, again);
    }

    [Theory]
    [InlineData(BlockScope.Ip, "203.0.113.0/24", "use the scope range"), InlineData(BlockScope.Ip, "203.0.113", "not an IP address"), InlineData(BlockScope.Ip, "10.0.0.1", "not a public address")]
    [InlineData(BlockScope.Ip, "::", "not an IP address"), InlineData(BlockScope.Ip, "", "printable characters"), InlineData(BlockScope.Ip, "fe80::1", "not a public address")]
    [InlineData(BlockScope.Range, "203.0.113.7/24", "the network is 203.0.113.0/24"), InlineData(BlockScope.Range, "2001:db8::1/64", "the network is 2001:db8::/64")]
    [InlineData(BlockScope.Range, "203.0.113.0/33", "not a network"), InlineData(BlockScope.Range, "11.0.0.0/8", "wider than /9"), InlineData(BlockScope.Range, "2001:db8::/32", "wider than /33")]
    [InlineData(BlockScope.Range, "192.168.4.0/24", "192.168.0.0/16"), InlineData(BlockScope.Range, "172.0.0.0/9", "172.16.0.0/12"), InlineData(BlockScope.Range, "0.0.0.0/0", "never blocked")]
    [InlineData(BlockScope.Range, "::/0", "::/0 holds ::1/128"), InlineData(BlockScope.Range, "f000::/4", "f000::/4 holds fc00::/7"), InlineData(BlockScope.Range, "::/8", "::/8 holds ::1/128")]
    [InlineData(BlockScope.Asn, "AS", "autonomous system"), InlineData(BlockScope.Asn, "0", "autonomous system"), InlineData(BlockScope.Asn, "AS4294967296", "autonomous system")]
    [InlineData(BlockScope.Country, "UK", "the United Kingdom is GB"), InlineData(BlockScope.Country, "Germany", "two letters")]
    [InlineData(BlockScope.Session, "abc", "32 hexadecimal digits"), InlineData(BlockScope.Pair, "jane", "not a pair"), InlineData(BlockScope.Pair, "jane@10.0.0.1", "not a public address")]
    [InlineData(BlockScope.Subject, "ja\u0000ne", "printable characters")]
    public void What_cannot_be_blocked_is_told_with_what_to_write_instead(BlockScope scope, string text, string words)
    {
        Assert.False(_keys.TryParse(scope, text, "default", EntryPurpose.Block, out _, out var error));
        Assert.Contains(words, error);
    }

    [Fact]
    public void Wide_ranges_need_a_word_and_private_ones_may_only_be_allowed()
    {
        Assert.True(_keys.TryParse(BlockScope.Range, "11.0.0.0/8", "default", EntryPurpose.WideBlock, out _, out _));
        Assert.False(_keys.TryParse(BlockScope.Range, "10.0.0.0/8", "default", EntryPurpose.WideBlock, out _, out _));
        Assert.True(_keys.TryParse(BlockScope.Range, "10.0.0.0/8", "default", EntryPurpose.Allow, out _, out _));
        Assert.True(_keys.TryParse(BlockScope.Ip, "192.168.0.1", "default", EntryPurpose.Allow, out _, out _));
    }

    [Fact]
    public void Keys_are_those_that_logins_are_looked_up_by()
    {
        var address = IpAddress.Parse("203.0.113.7");
        var subject = StateKeys.Subject(Hash, "acme"u8, "42"u8, default);
        Assert.Equal(subject, Key(BlockScope.Subject, "42").Key);
        Assert.Equal(StateKeys.Pair(Hash, subject, address), Key(BlockScope.Pair, "42@203.0.113.7").Key);
        Assert.Equal(new BlockKey(BlockTable.KeyOf(IpAddress.Parse("203.0.113.0")), 120), Key(BlockScope.Range, "203.0.113.0/24"));
        Assert.Equal(BlockTable.KeyOf(64500u), Key(BlockScope.Asn, "AS64500").Key);
        Assert.Equal(BlockTable.KeyOf(CountryCode.Parse("DE")), Key(BlockScope.Country, "DE").Key);
    }

    [Theory, InlineData("203.0.112.255", false), InlineData("203.0.113.0", true), InlineData("203.0.113.255", true), InlineData("203.0.114.0", false)]
    public void A_range_covers_its_addresses_and_no_other(string address, bool covered)
    {
        Assert.True(_keys.TryParse(BlockScope.Range, "203.0.113.0/24", "default", EntryPurpose.Block, out var entry, out _));
        Assert.Equal(covered, BlockKeyReader.Covers(entry, IpAddress.Parse(address)));
    }

    private BlockKey Key(BlockScope scope, string text)
    {
        Assert.True(_keys.TryParse(scope, text, "acme", EntryPurpose.Block, out var entry, out var error), error);
        return entry.Key;
    }

    [Theory]
    [InlineData("0.0.0.0/0", false), InlineData("12.0.0.0/7", false), InlineData("12.0.0.0/8", true), InlineData("::/0", false), InlineData("::/16", false), InlineData("::/80", false), InlineData("2000::/15", false), InlineData("2001::/16", true)]
    public void An_allow_entry_does_not_hold_most_of_the_world(string range, bool right)
    {
        Assert.Equal(right, _keys.TryParse(BlockScope.Range, range, "default", EntryPurpose.Allow, out _, out var error));
        if (!right) Assert.Contains("name the networks that are meant", error);
        Assert.True(_keys.TryParse(BlockScope.Range, range, "default", EntryPurpose.Stored, out _, out _));
    }
}
