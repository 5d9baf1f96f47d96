using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>What a block list publishes: addresses and ranges under enforced blocks, less what the allow list lifts.</summary>
/// <remarks>
/// Who reads the list knows no allow list, so what is allowed is cut out here: a range that holds an allowed address becomes the ranges around it.
/// So are operators' addresses out of what rules blocked, which people's blocks do not spare.
/// Allow entries for an autonomous system or a country lift single addresses; no range is looked up address by address.
/// </remarks>
internal sealed class BlocklistEntries(ServerParts parts)
{
    /// <summary>All entries at that time, sorted by value.</summary>
    public List<BlocklistEntry> At(EventTime now)
    {
        AddressPrefix[] allowed =
        [
            .. parts.State.AllowList.All.Where(entry => entry.Scope is BlockScope.Ip or BlockScope.Range && entry.IsActive(now)).Select(entry => Networks.Parse(entry.Value)),
        ];
        AddressPrefix[] spared = [.. allowed, .. parts.Engine.Current.OperatorAddresses];
        return
        [
            .. parts.State.Blocks.All
                .Where(block => block.Scope is BlockScope.Ip or BlockScope.Range && block.Enforced && block.IsActive(now))
                .SelectMany(block => Less(Networks.Parse(block.Value), block.Origin == BlockOrigin.Policy ? spared : allowed).Where(rest => !IsLifted(rest, now)).Select(rest => Entry(rest, block)))
                .OrderBy(entry => entry.Value, StringComparer.Ordinal),
        ];
    }

    /// <summary>What is left of a network without the allowed ones: itself, nothing, or halves of halves.</summary>
    private static IEnumerable<AddressPrefix> Less(AddressPrefix network, AddressPrefix[] allowed)
    {
        AddressPrefix[] overlapping = [.. allowed.Where(entry => entry.Overlaps(network))];
        if (overlapping.Length == 0) return [network];
        if (overlapping.Any(entry => entry.Length <= network.Length)) return [];
        var length = (byte)(network.Length + 1);
        var upper = network.Start | (UInt128.One << (128 - length));
        return Less(Networks.Around(network.First, length), overlapping)
            .Concat(Less(Networks.Around(new IpAddress((ulong)(upper >> 64), (ulong)upper), length), overlapping));
    }

    private bool IsLifted(AddressPrefix rest, EventTime now)
    {
        if (rest.Length < 128 || parts.State.AllowList.IsEmpty) return false;
        var known = parts.Facts.Lookup(rest.First);
        return (known.Asn != 0 && parts.State.AllowList.Find(BlockScope.Asn, BlockTable.KeyOf(known.Asn), now) is not null)
            || (known.Country.IsKnown && parts.State.AllowList.Find(BlockScope.Country, BlockTable.KeyOf(known.Country), now) is not null);
    }

    private static BlocklistEntry Entry(AddressPrefix rest, Block block) => rest.Length == 128
        ? new BlocklistEntry(rest.First.ToString(), BlockScope.Ip.Name(), block.Until?.ToDateTimeOffset())
        : new BlocklistEntry(rest.ToString(), BlockScope.Range.Name(), block.Until?.ToDateTimeOffset());
}
