using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Tests.Facts;

public sealed class OutboundRulesTests
{
    private static readonly OutboundRules Rules = new() { PrivateHosts = ["authentik-server", "*.internal"] };

    [Theory]
    [InlineData("https://idp.example.org/")]
    [InlineData("https://idp.example.org:9443/base")]
    [InlineData("http://127.0.0.1:34567/")]
    [InlineData("http://[::1]:34567/")]
    [InlineData("http://localhost:34567/")]
    [InlineData("https://10.0.0.5:9000/")]
    [InlineData("https://198.51.100.7/")]
    public void What_an_administrator_may_mean_is_let_through(string url) => Assert.Null(Rules.FaultOf(new Uri(url), allowInsecure: false));

    [Theory]
    [InlineData("http://idp.example.org/", "without TLS")]
    [InlineData("http://10.0.0.5:9000/", "without TLS")]
    [InlineData("https://idp.example.org:5432/", "port 5432")]
    [InlineData("https://user:word@idp.example.org/", "a name or password")]
    [InlineData("ftp://idp.example.org/", "only https")]
    [InlineData("file:///etc/passwd", "only https")]
    [InlineData("https://169.254.169.254/latest/meta-data/", "link-local")]
    [InlineData("https://[fe80::1]/", "link-local")]
    [InlineData("https://0.0.0.0/", "reserved")]
    [InlineData("https://224.0.0.1/", "multicast")]
    [InlineData("https://255.255.255.255/", "reserved")]
    [InlineData("https://[2002:7f00:1::1]/", "hides another address")]
    public void What_nobody_means_is_refused_in_words(string url, string why) => Assert.Contains(why, Rules.FaultOf(new Uri(url), allowInsecure: false)!, StringComparison.Ordinal);

    [Fact]
    public void Clear_text_beyond_this_machine_needs_its_switch() => Assert.Null(Rules.FaultOf(new Uri("http://10.0.0.5:9000/"), allowInsecure: true));

    /// <summary>Every spelling of an address that a browser or a C library understands is the same address.</summary>
    [Theory]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[64:ff9b::7f00:1]/")]
    [InlineData("https://10.1.2.3/")]
    [InlineData("https://192.168.0.1/")]
    [InlineData("https://[fd00::1]/")]
    [InlineData("https://100.64.0.1/")]
    public void A_private_number_that_somebody_else_gives_is_refused_however_it_is_spelt(string url) => Assert.NotNull(Rules.FaultOf(new Uri(url), allowInsecure: false, UrlOrigin.Remote));

    [Theory]
    [InlineData("authentik-server", "172.18.0.4", true)]
    [InlineData("AUTHENTIK-SERVER", "172.18.0.4", true)]
    [InlineData("loki.internal", "10.0.0.9", true)]
    [InlineData("internal", "10.0.0.9", false)]
    [InlineData("evilinternal", "10.0.0.9", false)]
    [InlineData("hooks.example.org", "10.0.0.9", false)]
    [InlineData("hooks.example.org", "127.0.0.1", false)]
    [InlineData("hooks.example.org", "::1", false)]
    [InlineData("hooks.example.org", "198.51.100.9", true)]
    [InlineData("hooks.example.org", "2001:db8::9", true)]
    [InlineData("localhost", "127.0.0.1", true)]
    [InlineData("localhost", "10.0.0.9", false)]
    [InlineData("loki.internal", "169.254.169.254", false)]
    public void A_name_may_lead_to_a_private_network_only_where_it_is_listed(string host, string address, bool allowed) =>
        Assert.Equal(allowed, Rules.FaultOf(host, IpAddress.Parse(address)) is null);

    [Fact]
    public void The_remedy_names_the_key() => Assert.EndsWith("add hooks.example.org to outbound.private_hosts", Rules.FaultOf("hooks.example.org", IpAddress.Parse("10.0.0.9")), StringComparison.Ordinal);

    [Fact]
    public void The_name_of_this_machine_given_by_somebody_else_is_no_way_in() => Assert.NotNull(Rules.FaultOf("localhost", IpAddress.Parse("127.0.0.1"), UrlOrigin.Remote));
}
