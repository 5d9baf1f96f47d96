using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>What a block list publishes, see <see cref="PublishedNetworks"/>.</summary>
internal sealed class BlocklistEntries(ServerParts parts)
{
    /// <summary>All entries at that time, sorted by value.</summary>
    public List<BlocklistEntry> At(EventTime now)
    {
        var published = new PublishedNetworks(parts, now);
        return
        [
            .. parts.State.Blocks.All
                .Where(block => block.Scope is BlockScope.Ip or BlockScope.Range && published.IsObeyed(block))
                .SelectMany(block => published.Of(block).Select(rest => Entry(rest, block)))
                .OrderBy(entry => entry.Value, StringComparer.Ordinal),
        ];
    }

    private static BlocklistEntry Entry(AddressPrefix rest, Block block) => rest.Length == 128
        ? new BlocklistEntry(rest.First.ToString(), BlockScope.Ip.Name(), block.Until?.ToDateTimeOffset())
        : new BlocklistEntry(rest.ToString(), BlockScope.Range.Name(), block.Until?.ToDateTimeOffset());
}
