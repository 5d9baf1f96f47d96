using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage;

/// <summary>How stores finish blocks that rules made, and what the audit says of changes that no person asked for.</summary>
internal static class BlockAudit
{
    /// <summary>A block that a rule made, with its id, and the key it is found by.</summary>
    public static (Block Block, BlockKey Key) OfRule(NewBlock made, long id)
    {
        made.Id = id;
        return (made.Block with { Id = id }, made.Key);
    }

    public static AuditEntry Added(KeyedHash hash, Block block) =>
        new(0, block.CreatedAt, block.Owner.Length > 0 ? block.Owner : block.Origin.Name(), "block_added", Target(block), block.Reason) { Subject = SubjectHandle.Of(hash, block) };

    public static AuditEntry Ended(KeyedHash hash, BlockList list, Block block, EventTime now) =>
        new(0, now, "riskengine", list == BlockList.Block ? "block_ended" : "allow_ended", Target(block), "its time was over") { Subject = SubjectHandle.Of(hash, block) };

    /// <summary>The time by which entries have ended: the clock's, or the newest event's where that is behind, as in a replay.</summary>
    public static EventTime EndOf(EventTime watermark, TimeProvider time)
    {
        var now = EventTime.From(time.GetUtcNow());
        return watermark < now ? watermark : now;
    }

    private static string Target(Block block) => $"{block.Scope.Name()}:{block.Value}";
}
