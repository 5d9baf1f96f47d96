using RiskEngine.Core.Events;

namespace RiskEngine.Core.State;

/// <summary>A block that a rule makes, without an id yet, and the key it is found by.</summary>
public sealed record NewBlock(Block Block, BlockKey Key)
{
    /// <summary>Gets or sets the id that the store gave it with the commit; 0 before.</summary>
    public long Id { get; set; }
}
