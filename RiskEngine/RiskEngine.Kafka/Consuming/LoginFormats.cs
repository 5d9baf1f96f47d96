using RiskEngine.Core.Events;

namespace RiskEngine.Kafka.Consuming;

/// <summary>What reads the values of records.</summary>
/// <param name="Foreign">Reads what other programs wrote: session ids and names that do not exist are in clear.</param>
/// <param name="Collected">Reads what our own collectors wrote: they are hashed by the secret that is shared already.</param>
public sealed record LoginFormats(IEventFormat Foreign, IEventFormat Collected);
