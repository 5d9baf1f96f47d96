using RiskEngine.Core.Models;

namespace RiskEngine.Core.Pipeline;

/// <summary>Rows that say nothing, for events without an address. Read-only by agreement.</summary>
internal static class EmptyRows
{
    public static readonly ReputationRow Reputation;
    public static readonly PairRow Pair;
}
