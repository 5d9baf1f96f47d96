namespace RiskEngine.Core.Facts;

/// <summary>A feed as configured, with its content.</summary>
/// <param name="Name">For people, metrics and reasons.</param>
/// <param name="Group">What its entries mean.</param>
/// <param name="Evidence">What a hit is worth, in nats; 0 for a feed that only sets a kind of network.</param>
public sealed record Feed(string Name, FeedGroup Group, float Evidence, FeedContent Content);
