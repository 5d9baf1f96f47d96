using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace RiskEngine.Core.Models;

/// <summary>Chances of every place and device in one cell of a <see cref="NoveltyTable"/>; those of known levels sum to 1.</summary>
public struct CellChances
{
    private Joint _joint;

    /// <summary>Chance of an address the subject did not use before.</summary>
    public float NewPlace;

    /// <summary>Chance of an autonomous system it did not use before.</summary>
    public float NewSystem;

    /// <summary>Chance of a user agent it did not use before.</summary>
    public float NewDevice;

    /// <summary>Gets the chance of a place and a device, neither of them unknown.</summary>
    public readonly float this[NetworkNovelty place, DeviceNovelty device] => _joint[(((int)place - 1) * 4) + (int)device - 1];

    /// <summary>Gets all of them, the four devices of each place beside each other.</summary>
    [UnscopedRef]
    internal Span<float> All => _joint;

    [InlineArray(20)]
    private struct Joint
    {
        private float _first;
    }
}
