using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using RiskEngine.Host.Security;

namespace RiskEngine.Host.Tests.Security;

public sealed class ForwardedAddressTests
{
    private readonly ForwardedAddress _forwarded = new([Networks.Parse("10.0.0.0/8"), Networks.Parse("2001:db8:ffff::/48")]);

    [Theory]
    [InlineData("10.0.0.1", "203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.1", "203.0.113.7, 10.0.0.2", "203.0.113.7")]
    [InlineData("10.0.0.1", "1.1.1.1, 203.0.113.7 ,10.0.0.3,10.0.0.2", "203.0.113.7")]
    [InlineData("10.0.0.1", "10.0.0.9, 10.0.0.2", "10.0.0.9")]
    [InlineData("10.0.0.1", "203.0.113.7:4711", "203.0.113.7")]
    [InlineData("10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7")]
    [InlineData("10.0.0.1", "2001:db8::7", "2001:db8::7")]
    [InlineData("2001:db8:ffff::1", "203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:10.0.0.1", "203.0.113.7", "203.0.113.7")]
    public void The_first_from_the_right_that_is_no_trusted_proxy_called(string peer, string header, string caller) => Assert.Equal(caller, Of(peer, header));

    [Theory]
    [InlineData("203.0.113.9", "198.51.100.1")]
    [InlineData("203.0.113.9", "10.0.0.1")]
    [InlineData("2001:db8:fffe::1", "198.51.100.1")]
    public void Who_is_no_trusted_proxy_says_what_he_likes_and_is_himself(string peer, string header) => Assert.Equal(peer, Of(peer, header));

    [Theory]
    [InlineData("203.0.113.7, unknown", "10.0.0.1")]
    [InlineData("203.0.113.7, _hidden", "10.0.0.1")]
    [InlineData("203.0.113.7, ", "10.0.0.1")]
    [InlineData("", "10.0.0.1")]
    [InlineData("203.0.113.7, 203.0.113.0/24", "10.0.0.1")]
    [InlineData("198.51.100.1, unknown, 10.0.0.2", "10.0.0.2")]
    [InlineData("203.0.113.7, [2001:db8::7", "10.0.0.1")]
    public void What_is_no_address_ends_the_way_at_the_proxy_that_wrote_it(string header, string caller) => Assert.Equal(caller, Of("10.0.0.1", header));

    [Fact]
    public void Several_headers_are_one_list() =>
        Assert.Equal("203.0.113.7", _forwarded.Of(IpAddress.Parse("10.0.0.1"), new(["198.51.100.1", "203.0.113.7, 10.0.0.3", "10.0.0.2"])).ToString());

    [Fact]
    public void A_way_without_end_is_not_followed_to_it() =>
        Assert.StartsWith("10.", Of("10.0.0.1", "203.0.113.7," + string.Join(',', Enumerable.Repeat("10.0.0.2", 1000))), StringComparison.Ordinal);

    [Fact]
    public void Without_trusted_proxies_nothing_is_believed() =>
        Assert.Equal("127.0.0.1", new ForwardedAddress([]).Of(IpAddress.Parse("127.0.0.1"), "203.0.113.7").ToString());

    [Theory]
    [InlineData("for=203.0.113.7", "203.0.113.7")]
    [InlineData("For=\"203.0.113.7:4711\";proto=https;by=10.0.0.1", "203.0.113.7")]
    [InlineData("proto=http; FOR=\"[2001:db8::7]:4711\"", "2001:db8::7")]
    [InlineData("for=198.51.100.1, for=203.0.113.7;host=\"a, for=192.0.2.1; b\" , for=10.0.0.3", "203.0.113.7")]
    [InlineData("for=\"10.0.0.9\", for=10.0.0.2", "10.0.0.9")]
    [InlineData("for=\", for=203.0.113.7", "203.0.113.7")]
    [InlineData("for=198.51.100.1;x=\", for=203.0.113.7;host=\"h\"", "203.0.113.7")]
    public void Of_Forwarded_the_first_from_the_right_that_is_no_trusted_proxy_called_whatever_stands_further_left(string header, string caller) =>
        Assert.Equal(caller, OfForwarded(header));

    [Theory]
    [InlineData("for=unknown")]
    [InlineData("for=_hidden")]
    [InlineData("for=\"_hidden:1\"")]
    [InlineData("proto=https")]
    [InlineData("203.0.113.7")]
    [InlineData("for=")]
    [InlineData("for=\"\"")]
    [InlineData("for=\"203.0.113.7")]
    [InlineData("for=203.0.113.7\"")]
    [InlineData("for=\"203.0.113\\.7\"")]
    [InlineData("for=198.51.100.1;for=203.0.113.7")]
    [InlineData("fort=203.0.113.7")]
    [InlineData("for=198.51.100.1, ")]
    public void Of_Forwarded_what_names_no_address_or_two_ends_the_way_at_the_proxy_that_wrote_it(string header) => Assert.Equal("10.0.0.1", OfForwarded(header));

    [Fact]
    public void A_long_header_of_quotes_and_commas_names_nobody() =>
        Assert.Equal("10.0.0.1", OfForwarded(string.Concat(Enumerable.Repeat("\",;", 10_000))));

    [Theory]
    [InlineData(ForwardedHeader.Forwarded, "203.0.113.7")]
    [InlineData(ForwardedHeader.XForwardedFor, "198.51.100.1")]
    public async Task Only_the_header_that_the_proxies_write_is_read(ForwardedHeader header, string caller)
    {
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        context.Connection.RemoteIpAddress = System.Net.IPAddress.Parse("10.0.0.1");
        context.Request.Headers["Forwarded"] = "for=203.0.113.7";
        context.Request.Headers["X-Forwarded-For"] = "198.51.100.1";
        await new ForwardedAddress([Networks.Parse("10.0.0.0/8")], header).Before(_ => Task.CompletedTask)(context);
        Assert.Equal(caller, context.Connection.RemoteIpAddress.ToString());
    }

    private static string OfForwarded(string header) =>
        new ForwardedAddress([Networks.Parse("10.0.0.0/8")], ForwardedHeader.Forwarded).Of(IpAddress.Parse("10.0.0.1"), header).ToString();

    private string Of(string peer, string header) => _forwarded.Of(IpAddress.Parse(peer), header).ToString();
}
