using System.Runtime.InteropServices;
using RiskEngine.Core.Decisions;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>The safety valve of one batch: read from the state that was loaded, written back where it changed, and so committed or lost with the rest.</summary>
/// <remarks>Not thread-safe: one stage owns it at a time.</remarks>
internal sealed class ValveState
{
    /// <summary>Form of what is stored; another one reads as a valve that has seen nothing.</summary>
    private const byte Version = 1;

    public SafetyValve Value;

    private bool _isChanged;

    private static int Length => 1 + System.Runtime.CompilerServices.Unsafe.SizeOf<SafetyValve>();

    public void NoteHit(in Decision decision, UInt128 subject, uint at)
    {
        if (decision.NewlyHit == 0) return;
        Value.NoteHit(decision, subject, at);
        _isChanged = true;
    }

    public void NoteSeen(UInt128 subject, uint at) => _isChanged |= Value.NoteSeen(subject, at);

    public void Load(CarriedState carried)
    {
        _isChanged = false;
        Value = Read(carried);
    }

    public void Save(CarriedState carried)
    {
        if (_isChanged) Write(carried, Value);
    }

    /// <summary>Puts the valve together that two judges noted at the same time, into what is there now.</summary>
    /// <returns>False where the second has to judge again.</returns>
    public static bool TryMerge(CarriedState current, CarriedState mine, CarriedState before)
    {
        if (!SafetyValve.TryMerge(Read(current), Read(mine), Read(before), out var merged)) return false;
        Write(current, merged);
        return true;
    }

    public void CopyFrom(ValveState other) => (Value, _isChanged) = (other.Value, false);

    /// <summary>Whether something is stored that is no valve of this form.</summary>
    public static bool IsLost(CarriedState carried) => !carried.Read(CarriedPart.Valve).IsEmpty && !IsOurs(carried.Read(CarriedPart.Valve));

    private static SafetyValve Read(CarriedState carried)
    {
        var stored = carried.Read(CarriedPart.Valve);
        return IsOurs(stored) ? MemoryMarshal.Read<SafetyValve>(stored[1..]) : default;
    }

    private static bool IsOurs(ReadOnlySpan<byte> stored) => stored.Length == Length && stored[0] == Version;

    private static void Write(CarriedState carried, in SafetyValve value)
    {
        var room = carried.Write(CarriedPart.Valve, Length);
        room[0] = Version;
        MemoryMarshal.Write(room[1..], value);
    }
}
