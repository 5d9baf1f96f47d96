using RiskEngine.Core.Events;
using RiskEngine.Testing;

namespace RiskEngine.Core.Tests.Events;

public sealed class IpAddressTests
{
    [Theory]
    [InlineData("0.0.0.1", "0.0.0.1")]
    [InlineData("255.255.255.254", "255.255.255.254")]
    [InlineData("192.0.2.10", "192.0.2.10")]
    [InlineData("::1", "::1")]
    [InlineData("2001:DB8:0:0:0:0:0:1", "2001:db8::1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("::FFFF:c000:201", "192.0.2.1")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void An_address_is_read_and_written(string text, string expected) => Assert.Equal(expected, IpAddress.Parse(text).ToString());

    /// <summary>A translator's prefix of its own (64:ff9b:1::/48), 6to4 and Teredo embed what the sender says.</summary>
    [Theory]
    [InlineData("64:ff9b::192.0.2.33", "192.0.2.33")]
    [InlineData("64:FF9B:0:0:0:0:C000:0221", "192.0.2.33")]
    [InlineData("64:ff9b::10.0.0.1", "10.0.0.1")]
    [InlineData("64:ff9b::", "0.0.0.0")]
    [InlineData("64:ff9b::1:c000:221", "64:ff9b::1:c000:221")]
    [InlineData("64:ff9b:1::c000:221", "64:ff9b:1::c000:221")]
    [InlineData("64:ff9a::c000:221", "64:ff9a::c000:221")]
    [InlineData("2002:c000:221::1", "2002:c000:221::1")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:0:4136:e378:8000:63bf:3fff:fdd2")]
    public void What_a_translator_made_of_an_ipv4_address_is_that_address(string text, string expected)
    {
        Assert.Equal(expected, IpAddress.Parse(text).ToString());
        Assert.Equal(expected, IpAddress.FromBytes(System.Net.IPAddress.Parse(text).GetAddressBytes()).ToString());
    }

    [Fact]
    public void Two_clients_of_one_translator_are_two_units() =>
        Assert.NotEqual(IpAddress.Parse("64:ff9b::192.0.2.33").Unit, IpAddress.Parse("64:ff9b::192.0.2.34").Unit);

    [Theory, InlineData("255.255.255.255"), InlineData("64:ff9b::255.255.255.255"), InlineData("::"), InlineData("::ffff:255.255.255.255"), InlineData("0:0:0:0:0:0:0:0")]
    public void Spellings_of_unknown_are_unknown(string text)
    {
        Assert.True(IpAddress.TryParse(text, out var address));
        Assert.True(address.IsUnknown);
        Assert.Equal("", address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 192.0.2.1")]
    [InlineData("192.0.2.1 ")]
    [InlineData("192.0.2")]
    [InlineData("192.0.2.1.")]
    [InlineData("192.0.2.1.5")]
    [InlineData("192.0..1")]
    [InlineData("192.0.2.256")]
    [InlineData("192.0.2.01")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("3221225985")]
    [InlineData("192.0.2.1:80")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("2001:db8::1::2")]
    [InlineData("2001:db8")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("12345::")]
    [InlineData("192.0.2.0/24")]
    [InlineData("192.0.2.1, 192.0.2.2")]
    [InlineData("localhost")]
    public void Anything_else_is_refused(string text) => Assert.False(IpAddress.TryParse(text, out _));

    /// <summary>The framework's own address is the reference for every spelling.</summary>
    [Fact]
    public void Ipv6_is_read_and_written_as_the_framework_does()
    {
        var random = new Random(6);
        var bytes = new byte[16];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            for (var zero = random.Next(8); zero > 0; zero--) bytes.AsSpan(2 * random.Next(8), 2).Clear();
            bytes[0] |= 0x10;
            var expected = new System.Net.IPAddress(bytes);
            Assert.Equal(IpAddress.FromBytes(bytes), IpAddress.Parse(expected.ToString()));
            Assert.Equal(expected.ToString(), IpAddress.FromBytes(bytes).ToString());
        }
    }

    [Theory]
    [InlineData("1::", "1::")]
    [InlineData("::1:2", "::1:2")]
    [InlineData("1:0:0:2:0:0:0:3", "1:0:0:2::3")]
    [InlineData("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("64:ff9b:1::192.0.2.33", "64:ff9b:1::c000:221")]
    public void Ipv6_is_written_in_its_shortest_form(string text, string expected) => Assert.Equal(expected, IpAddress.Parse(text).ToString());

    [Theory, InlineData(":"), InlineData(":::"), InlineData("1:"), InlineData(":1"), InlineData("1:::2"), InlineData("1:2:3:4:5:6:7:8::"), InlineData("::1.2.3"), InlineData("1.2.3.4::"), InlineData("::ffff:010.0.0.1"), InlineData("+1::"), InlineData("::g")]
    public void Broken_ipv6_is_refused(string text) => Assert.False(IpAddress.TryParse(text, out _));

    [Fact]
    public void Reading_and_writing_cost_no_byte()
    {
        var text = new byte[45];
        Assert.True(IpAddress.TryParse("2001:db8::7"u8, out var warm) && warm.Format(text) > 0);
        var isRead = false;
        Assert.Equal(0, Allocations.Least(() => isRead = IpAddress.TryParse("2001:db8::7"u8, out var address) && address.Format(text) == 11));
        Assert.True(isRead);
    }

    [Fact]
    public void The_unspecified_ipv4_address_is_an_address() => Assert.False(IpAddress.Parse("0.0.0.0").IsUnknown);

    [Fact]
    public void A_unit_is_an_ipv4_address_or_a_64_of_ipv6()
    {
        Assert.NotEqual(IpAddress.Parse("192.0.2.1").Unit, IpAddress.Parse("192.0.2.2").Unit);
        Assert.Equal(IpAddress.Parse("2001:db8::1").Unit, IpAddress.Parse("2001:db8::ffff:1").Unit);
        Assert.NotEqual(IpAddress.Parse("2001:db8:0:1::1").Unit, IpAddress.Parse("2001:db8::1").Unit);
    }

    [Fact]
    public void A_network_is_a_24_or_a_48()
    {
        Assert.Equal(IpAddress.Parse("192.0.2.1").Network, IpAddress.Parse("192.0.2.254").Network);
        Assert.NotEqual(IpAddress.Parse("192.0.2.1").Network, IpAddress.Parse("192.0.3.1").Network);
        Assert.Equal(IpAddress.Parse("2001:db8:1:2::").Network, IpAddress.Parse("2001:db8:1:ffff::").Network);
        Assert.NotEqual(IpAddress.Parse("2001:db8:1::1").Network, IpAddress.Parse("2001:db8:2::1").Network);
    }

    [Fact]
    public void Bytes_go_there_and_back()
    {
        var bytes = new byte[16];
        IpAddress.Parse("2001:db8::7").WriteBytes(bytes);
        Assert.Equal(IpAddress.Parse("2001:db8::7"), IpAddress.FromBytes(bytes));
        Assert.Equal(IpAddress.Parse("192.0.2.1"), IpAddress.FromBytes([192, 0, 2, 1]));
    }
}
