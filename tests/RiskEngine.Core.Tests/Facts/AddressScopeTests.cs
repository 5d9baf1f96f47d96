using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Tests.Facts;

public sealed class AddressScopeTests
{
    [Theory]
    [InlineData("8.8.8.8", AddressScope.Public)]
    [InlineData("192.0.2.1", AddressScope.Public)]
    [InlineData("198.51.100.1", AddressScope.Public)]
    [InlineData("203.0.113.7", AddressScope.Public)]
    [InlineData("2001:db8::1", AddressScope.Public)]
    [InlineData("2a00:1450:4001::1", AddressScope.Public)]
    [InlineData("2002:a00:1::1", AddressScope.Public)]
    [InlineData("2001:0:4136::1", AddressScope.Public)]
    [InlineData("64:ff9b::808:808", AddressScope.Public)]
    [InlineData("64:ff9b::a00:1", AddressScope.Private)]
    [InlineData("9.255.255.255", AddressScope.Public)]
    [InlineData("10.0.0.0", AddressScope.Private)]
    [InlineData("10.255.255.255", AddressScope.Private)]
    [InlineData("11.0.0.0", AddressScope.Public)]
    [InlineData("172.15.255.255", AddressScope.Public)]
    [InlineData("172.16.0.0", AddressScope.Private)]
    [InlineData("172.31.255.255", AddressScope.Private)]
    [InlineData("172.32.0.0", AddressScope.Public)]
    [InlineData("192.168.1.1", AddressScope.Private)]
    [InlineData("192.169.0.0", AddressScope.Public)]
    [InlineData("::ffff:10.1.2.3", AddressScope.Private)]
    [InlineData("::ffff:8.8.8.8", AddressScope.Public)]
    [InlineData("fc00::1", AddressScope.Private)]
    [InlineData("fdff::1", AddressScope.Private)]
    [InlineData("100.63.255.255", AddressScope.Public)]
    [InlineData("100.64.0.0", AddressScope.CarrierNat)]
    [InlineData("100.127.255.255", AddressScope.CarrierNat)]
    [InlineData("100.128.0.0", AddressScope.Public)]
    [InlineData("127.0.0.1", AddressScope.Loopback)]
    [InlineData("::1", AddressScope.Loopback)]
    [InlineData("169.254.1.1", AddressScope.LinkLocal)]
    [InlineData("fe80::1", AddressScope.LinkLocal)]
    [InlineData("febf::1", AddressScope.LinkLocal)]
    [InlineData("fec0::1", AddressScope.Reserved)]
    [InlineData("224.0.0.1", AddressScope.Multicast)]
    [InlineData("239.255.255.255", AddressScope.Multicast)]
    [InlineData("ff02::1", AddressScope.Multicast)]
    [InlineData("240.0.0.1", AddressScope.Reserved)]
    [InlineData("0.1.2.3", AddressScope.Reserved)]
    [InlineData("192.0.0.1", AddressScope.Reserved)]
    [InlineData("198.18.0.1", AddressScope.Reserved)]
    [InlineData("198.19.255.255", AddressScope.Reserved)]
    [InlineData("100::1", AddressScope.Reserved)]
    [InlineData("4000::1", AddressScope.Reserved)]
    [InlineData("::2", AddressScope.Reserved)]
    [InlineData("::", AddressScope.Unknown)]
    [InlineData("255.255.255.255", AddressScope.Unknown)]
    public void An_address_has_its_scope(string address, AddressScope scope)
    {
        Assert.Equal(scope, AddressScopes.Of(IpAddress.Parse(address)));
        Assert.Equal(scope == AddressScope.Public, scope.IsEvaluable());
    }
}
