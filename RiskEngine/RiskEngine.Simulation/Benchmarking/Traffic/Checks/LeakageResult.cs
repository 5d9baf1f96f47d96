namespace RiskEngine.Simulation.Benchmarking.Traffic.Checks;

/// <summary>How well one group of features alone tells a family's attacks from honest logins.</summary>
/// <param name="Family">Name of the family.</param>
/// <param name="Group"><c>rhythm</c>, <c>history</c>, <c>infrastructure</c> or <c>rarity</c>.</param>
/// <param name="IsAltered">Whether the attacker changes what the group looks at on purpose; such a group may tell.</param>
/// <param name="Auc">Area under the ROC curve, cross-fitted.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end.</param>
public sealed record LeakageResult(string Family, string Group, bool IsAltered, double Auc, double Low, double High)
{
    /// <summary>Gets whether the group is meant to tell, or does not: the whole interval lies within 0.45 and 0.55.</summary>
    public bool Ok => IsAltered || (Low >= 0.45 && High <= 0.55);
}
