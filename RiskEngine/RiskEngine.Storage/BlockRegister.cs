using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage;

/// <summary>Standing blocks and the allow list of a store, with the ids given out and one writer at a time.</summary>
/// <remarks>Thread-safe. Readers of the tables never wait.</remarks>
internal sealed class BlockRegister
{
    private readonly Lock _gate = new();
    private long _lastId;

    public BlockTable Blocks { get; } = new();

    public BlockTable AllowList { get; } = new();

    /// <summary>Gets every entry of both lists.</summary>
    public IReadOnlyList<(BlockList List, Block Block)> Standing =>
        [.. Blocks.All.Select(block => (BlockList.Block, block)), .. AllowList.All.Select(block => (BlockList.Allow, block))];

    /// <summary>Gives out the next id.</summary>
    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>Adds an entry in the place of the one for the same thing, unless that one is newer. What a person asked for gives way to no rule while it lasts.</summary>
    public void Put(BlockList list, Block block, BlockKey key)
    {
        lock (_gate)
        {
            if (TableOf(list).Known(block.Scope, key.Key, key.PrefixLength) is { } known && GivesWay(block, known)) return;
            TableOf(list).Put(block, key.Key, key.PrefixLength);
        }
    }

    private static bool GivesWay(Block block, Block known)
    {
        var (isRules, isKnownRules) = (block.Origin == BlockOrigin.Policy, known.Origin == BlockOrigin.Policy);
        return isRules == isKnownRules ? known.Id > block.Id : isRules && known.IsActive(block.CreatedAt);
    }

    /// <summary>Takes the entry with that id out and returns it; null where there is none.</summary>
    public Block? Remove(BlockList list, long id)
    {
        lock (_gate)
        {
            var found = TableOf(list).All.FirstOrDefault(block => block.Id == id);
            return found is not null && TableOf(list).Remove(id) ? found : null;
        }
    }

    public Block? Find(BlockList list, long id) => TableOf(list).All.FirstOrDefault(block => block.Id == id);

    /// <summary>What has ended, in both lists; it stays until it is removed.</summary>
    public IReadOnlyList<(BlockList List, Block Block)> Ended(EventTime now) =>
    [
        .. Blocks.All.Where(block => !block.IsActive(now)).Select(block => (BlockList.Block, block)),
        .. AllowList.All.Where(block => !block.IsActive(now)).Select(block => (BlockList.Allow, block)),
    ];

    /// <summary>Makes both lists hold exactly these entries.</summary>
    public void Reset(IReadOnlyList<(BlockList List, Block Block, BlockKey Key)> entries, long lastId)
    {
        lock (_gate)
        {
            var kept = entries.Select(entry => entry.Block.Id).ToHashSet();
            foreach (var table in new[] { Blocks, AllowList })
            {
                foreach (var gone in table.All.Where(block => !kept.Contains(block.Id)).ToArray()) table.Remove(gone.Id);
            }

            foreach (var (list, block, key) in entries) TableOf(list).Put(block, key.Key, key.PrefixLength);
            _lastId = Math.Max(_lastId, lastId);
        }
    }

    private BlockTable TableOf(BlockList list) => list == BlockList.Block ? Blocks : AllowList;
}

/// <summary>The two lists; stored by number.</summary>
internal enum BlockList
{
    Block = 0,
    Allow = 1,
}
