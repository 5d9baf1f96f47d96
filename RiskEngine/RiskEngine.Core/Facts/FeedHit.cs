namespace RiskEngine.Core.Facts;

/// <summary>One feed that names an address.</summary>
/// <param name="Feed">Index of the feed in its <see cref="FactSnapshot"/>.</param>
/// <param name="Evidence">What the feed was configured to be worth, in nats; positive speaks against the login.</param>
/// <param name="Lists">How many lists behind the feed name the address (ipsum's second column); 1 where the feed does not say.</param>
public readonly record struct FeedHit(byte Feed, float Evidence, ushort Lists);
