using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Core.Models;

/// <summary>The shape of a <see cref="HalfSpaceForest"/>; two of equal settings cut space alike.</summary>
public sealed record HalfSpaceSettings
{
    /// <summary>Gets the number of features of a point.</summary>
    /// <value>1 to 32.</value>
    [Range(1, 32)]
    public required int Dimensions { get; init; }

    /// <summary>Gets the number of trees.</summary>
    /// <value>1 to 100. The default is 25, that of the authors.</value>
    [Range(1, 100)]
    public int Trees { get; init; } = 25;

    /// <summary>Gets how often a tree halves space.</summary>
    /// <value>1 to 14. The default is 10.</value>
    [Range(1, 14)]
    public int Depth { get; init; } = 10;

    /// <summary>Gets the points after which what was counted becomes what is judged by.</summary>
    /// <value>16 to 60,000. The default is 2,000.</value>
    [Range(16, 60_000)]
    public int Window { get; init; } = 2000;

    /// <summary>Gets what the trees are drawn from.</summary>
    public ulong Seed { get; init; } = 1;
}
