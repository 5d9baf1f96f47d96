namespace RiskEngine.Core.Facts;

/// <summary>Types of a field, numbered as in the MaxMind DB File Format Specification 2.0, "Output Data Section".</summary>
public enum MmdbType : byte
{
    Extended = 0,
    Pointer = 1,
    String = 2,
    Double = 3,
    Bytes = 4,
    UInt16 = 5,
    UInt32 = 6,
    Map = 7,
    Int32 = 8,
    UInt64 = 9,
    UInt128 = 10,
    Array = 11,
    DataCache = 12,
    EndMarker = 13,
    Boolean = 14,
    Float = 15,
}

/// <summary>One field, its pointer already followed.</summary>
/// <param name="Type">Never a pointer.</param>
/// <param name="Size">Bytes of a scalar, value of a boolean, entries of a map or array.</param>
/// <param name="Payload">Where bytes or entries begin, relative to the section.</param>
/// <param name="Next">Where the field after it begins; −1 for a map or array that is not behind a pointer, whose end is known only by reading it.</param>
public readonly record struct MmdbField(MmdbType Type, int Size, int Payload, int Next);
