using RiskEngine.Core.Events;

namespace RiskEngine.Core.Decisions;

/// <summary>What becomes of a block that a hint causes: minutes, until the source itself has told of the event.</summary>
public static class HintBlock
{
    /// <summary>The longest that a hint blocks: whoever holds the key of a webhook could invent events.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>The block, ended after at most five minutes of event time.</summary>
    public static Block Of(Block block)
    {
        var end = block.CreatedAt + Longest;
        return block with { IsHint = true, Until = block.Until is { } until && until < end ? until : end, Reason = $"{block.Reason} (told by a webhook, not confirmed yet)" };
    }
}
