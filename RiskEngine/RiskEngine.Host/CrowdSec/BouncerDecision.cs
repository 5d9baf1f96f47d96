using RiskEngine.Core.Events;

namespace RiskEngine.Host.CrowdSec;

/// <summary>What a bouncer is told of one address, range, autonomous system or country: refuse it, or no longer.</summary>
/// <param name="Id">The block's. Pieces of a range that the allow list cut share it.</param>
/// <param name="Scenario">Why, in as many words as a bouncer needs: <c>riskengine/</c> and the rule, <c>manual</c> or <c>import</c>. Reasons that people gave stay here.</param>
/// <param name="Change">Where it stands in the order of changes; rises with each.</param>
/// <param name="EndedAt">When it was over; null while it stands.</param>
/// <remarks>What is told never changes, so it can be written while the ledger goes on. The mark of a round belongs to the ledger.</remarks>
internal sealed record BouncerDecision(DecisionKey Key, long Id, BlockOrigin Origin, string Scenario, EventTime? Until, long Change, EventTime? EndedAt)
{
    private static readonly string[] OriginNames = ["crowdsec", "cscli", "cscli-import"];

    /// <summary>Gets the origin in the LAPI's words: made by itself, by a person, by an import.</summary>
    public string OriginName => OriginNames[(int)Origin];

    public bool IsStanding => EndedAt is null;

    /// <summary>Gets or sets the ledger's round that saw it stand.</summary>
    public int Round { get; set; }

    public static BouncerDecision Of(in DecisionKey key, Block block, string scenario, long change) =>
        new(key, block.Id, block.Origin, scenario, block.Until, change, EndedAt: null);

    public bool IsOf(Block block) => Id == block.Id && Until == block.Until;

    /// <summary>Whether it goes on after another block of the same thing has ended.</summary>
    public bool Outlasts(Block block) => Until is not { } until || (block.Until is { } other && until >= other);
}
