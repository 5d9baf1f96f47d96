namespace RiskEngine.Core.Events;

/// <summary>What a person said of an event that was judged before.</summary>
/// <param name="Label">The word.</param>
/// <param name="WasAccepted">Whether the event was decided below a challenge, so that the policy by itself would have it taught.</param>
public readonly record struct Correction(FeedbackLabel Label, bool WasAccepted);
