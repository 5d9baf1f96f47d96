using RiskEngine.Core.Events;

namespace RiskEngine.Storage;

/// <summary>The last word that somebody said of a stored event.</summary>
public sealed record StoredWord(string Tenant, string EventId, FeedbackLabel Label, string Who);
