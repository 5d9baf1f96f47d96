using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;

namespace RiskEngine.Host.CrowdSec;

/// <summary>What ended before this process began, out of the audit: who was away meanwhile is still to be told.</summary>
internal static class EndedBlocks
{
    private const int Records = 50_000, Page = 1000;

    private static readonly string[] Ends = ["block_ended", "block.remove"];

    /// <summary>Addresses and ranges whose blocks ended within <see cref="DecisionLedger.EndedFor"/>, out of the newest 50,000 records.</summary>
    public static async Task<IReadOnlyList<(AddressPrefix Network, EventTime EndedAt)>> ReadAsync(IRecordStore records, EventTime now, CancellationToken cancellationToken)
    {
        List<(AddressPrefix Network, EventTime EndedAt)> ended = [];
        var ends = await records.ReadAuditEndsAsync(cancellationToken);
        var after = Math.Max(ends.Anchor.Number, ends.Head.Number - Records);
        while (after < ends.Head.Number)
        {
            var page = await records.ReadAuditAsync(after, Page, cancellationToken);
            if (page.Count == 0) break;
            after = page[^1].Entry.Id;
            foreach (var record in page)
            {
                if (now - record.Entry.At <= DecisionLedger.EndedFor && NetworkOf(record.Entry) is { } network) ended.Add((network, record.Entry.At));
            }
        }

        return ended;
    }

    private static AddressPrefix? NetworkOf(AuditEntry entry)
    {
        if (!Ends.Contains(entry.What)) return null;
        return NetworkOf(entry.Target) ?? NetworkOf(entry.Detail);
    }

    /// <summary>The network in "ip:203.0.113.7" or "range:203.0.113.0/24", up to a comma.</summary>
    private static AddressPrefix? NetworkOf(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || !BlockNames.TryParse(text[..colon], out var scope) || scope is not (BlockScope.Ip or BlockScope.Range)) return null;
        return Networks.TryParse(text[(colon + 1)..].Split(',')[0], out var network, out _) ? network : null;
    }
}
