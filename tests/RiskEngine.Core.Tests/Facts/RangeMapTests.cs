using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Tests.Facts;

public sealed class RangeMapTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void The_longest_prefix_wins_as_it_does_when_all_are_tried(int seed)
    {
        var random = new Random(seed);
        var builder = new RangeMapBuilder();
        var all = new List<(AddressPrefix Prefix, uint Value)>();
        for (var i = 0; i < 400; i++)
        {
            var prefix = RandomPrefix(random);
            var value = (uint)random.Next(1, 50);
            all.Add((prefix, value));
            builder.Add(prefix, value);
        }

        var map = builder.Build();
        for (var i = 0; i < 4000; i++)
        {
            var address = i < 1600 ? Edge(all[i % 400].Prefix, i / 400) : RandomAddress(random);
            Assert.Equal(Naive(all, address), map.Find(address));
        }
    }

    [Fact]
    public void The_first_and_the_last_address_of_all_belong_to_their_ranges()
    {
        var builder = new RangeMapBuilder();
        Assert.True(builder.TryAdd(IpAddress.FromIPv4(0), IpAddress.FromIPv4(uint.MaxValue), 7));
        Assert.True(builder.TryAdd(new IpAddress(0, 0), new IpAddress(ulong.MaxValue, ulong.MaxValue), 8));
        var map = builder.Build();

        Assert.Equal(7u, map.Find(IpAddress.FromIPv4(0)));
        Assert.Equal(7u, map.Find(IpAddress.FromIPv4(uint.MaxValue)));
        Assert.Equal(8u, map.Find(new IpAddress(ulong.MaxValue, ulong.MaxValue)));
        Assert.Equal(2, map.Count);
    }

    [Fact]
    public void Where_ranges_cross_the_later_start_wins_to_its_end()
    {
        var builder = new RangeMapBuilder();
        builder.TryAdd(IpAddress.Parse("1.0.0.0"), IpAddress.Parse("1.0.0.20"), 1);
        builder.TryAdd(IpAddress.Parse("1.0.0.10"), IpAddress.Parse("1.0.0.30"), 2);
        var map = builder.Build();

        Assert.Equal([0u, 1u, 1u, 2u, 2u, 0u], ((string[])["0.255.255.255", "1.0.0.0", "1.0.0.9", "1.0.0.10", "1.0.0.30", "1.0.0.31"]).Select(text => map.Find(IpAddress.Parse(text))));
    }

    [Fact]
    public void Ranges_in_the_wrong_order_or_of_two_versions_are_refused()
    {
        var builder = new RangeMapBuilder();

        Assert.False(builder.TryAdd(IpAddress.Parse("1.0.0.2"), IpAddress.Parse("1.0.0.1"), 1));
        Assert.False(builder.TryAdd(IpAddress.Parse("1.0.0.2"), IpAddress.Parse("2001:db8::1"), 1));
        Assert.Equal(0, builder.Build().Count);
    }

    [Fact]
    public void The_empty_map_knows_nothing() => Assert.Equal(0u, RangeMap.Empty.Find(IpAddress.Parse("1.2.3.4")) + RangeMap.Empty.Find(IpAddress.Parse("2001:db8::1")));

    private static uint Naive(List<(AddressPrefix Prefix, uint Value)> all, IpAddress address) =>
        all.Where(entry => entry.Prefix.Contains(address)).OrderBy(entry => entry.Prefix.Length).ThenBy(entry => entry.Value).LastOrDefault().Value;

    private static AddressPrefix RandomPrefix(Random random)
    {
        var address = RandomAddress(random);
        var length = address.IsIPv4 ? random.Next(96, 129) : random.Next(0, 129);
        var mask = length == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - length);
        var first = new UInt128(address.High, address.Low) & mask;
        return new AddressPrefix(new IpAddress((ulong)(first >> 64), (ulong)first), (byte)length);
    }

    /// <summary>Few distinct bits, so that prefixes nest.</summary>
    private static IpAddress RandomAddress(Random random) => random.Next(3) switch
    {
        0 => IpAddress.FromIPv4((uint)random.Next() & 0x8101_0107),
        1 => IpAddress.FromIPv4((uint)random.NextInt64(1L << 32)),
        _ => new IpAddress((ulong)random.NextInt64() & 0x4000_0100_0000_0003, (ulong)random.NextInt64() & 0x0000_FFFF_8000_0001),
    };

    private static IpAddress Edge(AddressPrefix prefix, int which)
    {
        var number = which switch { 0 => prefix.Start, 1 => prefix.End, 2 => prefix.Start - 1, _ => prefix.End + 1 };
        return new IpAddress((ulong)(number >> 64), (ulong)number);
    }
}
