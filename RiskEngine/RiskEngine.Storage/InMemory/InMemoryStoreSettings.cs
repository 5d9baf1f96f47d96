using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Storage.InMemory;

/// <summary>What the in-memory store keeps.</summary>
public sealed record InMemoryStoreSettings
{
    /// <summary>Gets the caps of the tables.</summary>
    public TableCaps Caps { get; init; } = new();

    /// <summary>Gets how many of the newest events are kept with their assessments; 0 keeps none and costs nothing, for a replay to a file.</summary>
    /// <value>0 to 10,000,000. The default is 100,000, about 25 MB.</value>
    [Range(0, 10_000_000)]
    public int Assessments { get; init; } = 100_000;

    /// <summary>Gets how many items may wait for one responder, and how many of its dead letters are kept.</summary>
    /// <value>1 to 1,000,000. The default is 50,000.</value>
    [Range(1, 1_000_000)]
    public int OutboxCapacity { get; init; } = 50_000;

    /// <summary>Gets the key under which subjects, names and ids are hashed.</summary>
    /// <value>16 bytes. The default is a constant, so that a replay repeats itself to the byte; what is published needs a secret one.</value>
    public ReadOnlyMemory<byte> HashKey { get; init; } = "riskengine-replay"u8[..16].ToArray();
}
