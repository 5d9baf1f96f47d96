using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage;

/// <summary>How stores finish blocks that rules made, and what the audit says of changes that no person asked for.</summary>
internal static class BlockAudit
{
    /// <summary>Block <paramref name="index"/> of the effects with its id, and the key it is found by.</summary>
    /// <exception cref="ArgumentException">No key was given and none follows from its value: a fault in the rule that made it.</exception>
    public static (Block Block, BlockKey Key) OfRule(Effects effects, int index, KeyedHash hash, long id)
    {
        var block = effects.NewBlocks[index];
        if (index < effects.NewBlockKeys.Count) return (block with { Id = id }, effects.NewBlockKeys[index]);
        if (BlockKeys.TryFind(block, hash, out var key)) return (block with { Id = id }, key);
        throw new ArgumentException($"'{block.Value}' is no value for a block of scope {block.Scope.Name()}.", nameof(effects));
    }

    public static AuditEntry Added(Block block) =>
        new(0, block.CreatedAt, block.Owner.Length > 0 ? block.Owner : block.Origin.Name(), "block_added", Target(block), block.Reason);

    public static AuditEntry Ended(BlockList list, Block block, EventTime now) =>
        new(0, now, "riskengine", list == BlockList.Block ? "block_ended" : "allow_ended", Target(block), "its time was over");

    /// <summary>The time by which entries have ended: the clock's, or the newest event's where that is behind, as in a replay.</summary>
    public static EventTime EndOf(EventTime watermark, TimeProvider time)
    {
        var now = EventTime.From(time.GetUtcNow());
        return watermark < now ? watermark : now;
    }

    private static string Target(Block block) => $"{block.Scope.Name()}:{block.Value}";
}
