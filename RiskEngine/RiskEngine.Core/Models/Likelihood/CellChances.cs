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

    /// <summary>Gets or sets the chance of a place and a device, neither of them unknown.</summary>
    public float this[NetworkNovelty place, DeviceNovelty device]
    {
        readonly get => _joint[(((int)place - 1) * 4) + (int)device - 1];
        set => _joint[(((int)place - 1) * 4) + (int)device - 1] = value;
    }

    [InlineArray(20)]
    private struct Joint
    {
        private float _first;
    }
}
