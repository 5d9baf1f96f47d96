using RiskEngine.Core.Events;

namespace RiskEngine.Core.Policies;

/// <summary>Which rule holds for a login, and what it wants. Who may be hit is not yet asked.</summary>
/// <param name="Rule">Index into <see cref="CompiledPolicy.Rules"/>; <see cref="AssessmentRecord.NoRule"/> where none holds, which allows.</param>
/// <param name="Action">What the rule wants.</param>
/// <param name="Scope">What it wants blocked; meaningless unless it blocks.</param>
/// <param name="IsEnforced">Whether the rule and the policy enforce.</param>
/// <param name="Notify">Whether people are told beside.</param>
/// <param name="RestsOnFailures">Whether only failures speak for its block, no list and nobody's word, or the rule holds only for one: then the address must have failed itself, and a pair three times.</param>
/// <param name="Lifted">Whether an earlier rule would have blocked the address, had no allow entry lifted it.</param>
public readonly record struct PolicyMatch(short Rule, DecisionAction Action, BlockScope Scope, bool IsEnforced, bool Notify, bool RestsOnFailures, bool Lifted);
