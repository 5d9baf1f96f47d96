using System.Runtime.CompilerServices;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.InMemory;

/// <summary>The fixed-size sketch that counts names without a profile: a flat array, whatever the names.</summary>
/// <remarks>Not thread-safe: the owner locks.</remarks>
internal sealed class NameCells
{
    private readonly NameRow[] _rows = new NameRow[2 * StateKeys.NameCells];
    private readonly bool[] _written = new bool[2 * StateKeys.NameCells];

    /// <summary>The cell, or a null reference where nothing was ever written to it.</summary>
    public ref NameRow Find(UInt128 key) => ref _written[(int)key] ? ref _rows[(int)key] : ref Unsafe.NullRef<NameRow>();

    public void Put(UInt128 key, in NameRow row) => (_rows[(int)key], _written[(int)key]) = (row, true);
}
