using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Tests.Facts;

public sealed class AddressPrefixTests
{
    [Theory]
    [InlineData("1.2.3.4", "1.2.3.4/32", false)]
    [InlineData("1.2.3.0/24", "1.2.3.0/24", false)]
    [InlineData("1.2.3.4/24", "1.2.3.0/24", true)]
    [InlineData("0.0.0.0/0", "0.0.0.0/0", false)]
    [InlineData("255.255.255.255", "255.255.255.255/32", false)]
    [InlineData("2001:db8::/32", "2001:db8::/32", false)]
    [InlineData("2001:db8::1/32", "2001:db8::/32", true)]
    [InlineData("2001:db8::1", "2001:db8::1/128", false)]
    [InlineData("::ffff:1.2.3.0/120", "1.2.3.0/24", false)]
    [InlineData("64:ff9b::1.2.3.4", "1.2.3.4/32", false)]
    [InlineData("64:ff9b::1.2.3.0/120", "1.2.3.0/24", false)]
    [InlineData("64:ff9b::1.2.3.4/120", "1.2.3.0/24", true)]
    [InlineData("64:ff9b::/96", "64:ff9b::/96", false)]
    [InlineData("64:ff9b:1::/48", "64:ff9b:1::/48", false)]
    public void Text_names_a_network(string text, string network, bool hasHostBits)
    {
        Assert.True(AddressPrefix.TryParse(Encoding.ASCII.GetBytes(text), out var prefix, out var hostBits));
        Assert.Equal((network, hasHostBits), (prefix.ToString(), hostBits));
    }

    [Theory, InlineData(""), InlineData("/24"), InlineData("1.2.3.0/"), InlineData("1.2.3.0/33"), InlineData("1.2.3.0/-1"), InlineData("1.2.3.0/24/1"), InlineData("2001:db8::/129"), InlineData("1.2.3/24"), InlineData("1.2.3.0/2 4")]
    public void Other_text_names_none(string text) => Assert.False(AddressPrefix.TryParse(Encoding.ASCII.GetBytes(text), out _, out _));

    /// <summary>Were it read as IPv4 like what is longer, one line of a feed or one block would hold every IPv4 address.</summary>
    [Fact]
    public void The_prefix_of_translators_as_a_whole_holds_nobody_and_no_person_can_name_it()
    {
        Assert.True(AddressPrefix.TryParse("64:ff9b::/96"u8, out var translators, out _));
        Assert.False(translators.Contains(IpAddress.Parse("192.0.2.33")));
        Assert.False(translators.Contains(IpAddress.Parse("64:ff9b::192.0.2.33")));
        Assert.False(RiskEngine.Core.Policies.Networks.TryParse("64:ff9b::/96", out _, out var error));
        Assert.Contains("IPv4", error, StringComparison.Ordinal);
    }

    [Fact]
    public void IPv6_networks_around_the_mapped_range_do_not_hold_IPv4()
    {
        Assert.True(AddressPrefix.TryParse("::/0"u8, out var everything, out _));

        Assert.False(everything.Contains(IpAddress.Parse("1.2.3.4")));
        Assert.True(everything.Contains(IpAddress.Parse("2001:db8::1")));
    }
}
