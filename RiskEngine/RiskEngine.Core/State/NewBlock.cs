using RiskEngine.Core.Events;

namespace RiskEngine.Core.State;

/// <summary>A block that a rule makes, without an id yet, and the key it is found by.</summary>
public sealed record NewBlock(Block Block, BlockKey Key);
