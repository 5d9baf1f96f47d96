namespace RiskEngine.Core.Events;

/// <summary>What a person said of an event that was judged before.</summary>
/// <param name="Label">The word.</param>
/// <param name="WasAccepted">Whether the policy by itself taught the login: by its decision, by the second factor in it, or by the challenge passed after it.</param>
/// <param name="WasRejected">Whether it was ever called compromised, and taken out of the profile.</param>
/// <param name="StillCompromised">When the newest other event of the subject happened that is still called compromised, of those not after this one; null for none.</param>
public readonly record struct Correction(FeedbackLabel Label, bool WasAccepted, bool WasRejected = false, EventTime? StillCompromised = null);
