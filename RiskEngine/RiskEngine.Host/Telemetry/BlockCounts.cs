using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Telemetry;

/// <summary>How many enforced blocks are in force, by scope and origin.</summary>
/// <remarks>
/// A few thousand are counted whenever somebody asks. A hundred thousand take milliseconds, which no scrape should wait for: beyond <see cref="MostAtOnce"/> the
/// answer is what <see cref="Recount"/> found last, unless nothing was counted yet. Thread-safe.
/// </remarks>
internal sealed class BlockCounts(BlockTable blocks, TimeProvider clock)
{
    /// <summary>Blocks that are counted while somebody waits.</summary>
    public const int MostAtOnce = 5000;

    private volatile int[,]? _last;

    /// <summary>Counts by scope and origin, in the order of <see cref="BlockNames"/>.</summary>
    public int[,] Read() => blocks.Count > MostAtOnce && _last is { } last ? last : Recount();

    /// <summary>Counts all of them, now.</summary>
    public int[,] Recount()
    {
        var now = EventTime.From(clock.GetUtcNow());
        var counts = new int[BlockNames.AllScopes.Count, BlockNames.AllOrigins.Count];
        foreach (var block in blocks.All)
        {
            if (block.Enforced && block.IsActive(now)) counts[(int)block.Scope, (int)block.Origin]++;
        }

        return _last = counts;
    }
}
