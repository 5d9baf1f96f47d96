using RiskEngine.Core.Events;

namespace RiskEngine.Core.Models;

/// <summary>Properties of a login that detectors ask about later.</summary>
[Flags]
public enum LoginTraits : ushort
{
    None = 0,
    KnownDevice = 1,
    MultiFactor = 2,
    Vpn = 4,
    DataCentre = 8,
    Mobile = 16,
    Tor = 32,
    /// <summary>It is here only because a person confirmed it as safe.</summary>
    Confirmed = 64,
    /// <summary>A privacy relay: the place says nothing.</summary>
    Relay = 128,
}

/// <summary>One accepted login in a subject's history, 48 bytes. Plain data, stored as it lies in memory.</summary>
public struct PastLogin
{
    /// <summary>Address unit (<see cref="IpAddress.Unit"/>); zero for unknown.</summary>
    public ulong AddressUnit;

    /// <summary>Low 64 bits of the keyed hash of the session; zero for unknown.</summary>
    public ulong Session;

    /// <summary>Event time in Unix seconds.</summary>
    public uint At;

    public uint Asn;

    /// <summary>Hash of the device id; zero for none.</summary>
    public uint DeviceId;

    /// <summary>Hash of the whole user agent; zero for none.</summary>
    public uint UserAgent;

    public CountryCode Country;

    /// <summary>Hundredths of a degree, about a kilometre; <see cref="NoLocation"/> for unknown.</summary>
    public short Latitude;
    public short Longitude;

    /// <summary>Kilometres.</summary>
    public ushort AccuracyRadius;

    public LoginTraits Traits;

    /// <summary>Hash of the application's name.</summary>
    public ushort Application;

    public byte Browser;
    public byte Os;
    public byte DeviceClass;
    /// <summary>How new the login was when it was accepted (<see cref="LoginNovelty.Packed"/>); zero where that is not known.</summary>
    public byte Novelty;

    public const short NoLocation = short.MinValue;

    /// <summary>A challenge is answered, and an event tells of a login again, within this time.</summary>
    public const long SameLoginSeconds = 600;

    /// <summary>Whether it is that login or what came of it within ten minutes: the same address and user agent.</summary>
    public readonly bool IsAround(in PastLogin other) =>
        (AddressUnit, UserAgent) == (other.AddressUnit, other.UserAgent) && Math.Abs((long)At - other.At) <= SameLoginSeconds;

    /// <summary>Whether it is that very login: the same second, address and user agent.</summary>
    public readonly bool IsSameAs(in PastLogin other) => (At, AddressUnit, UserAgent) == (other.At, other.AddressUnit, other.UserAgent);

    public readonly bool HasLocation => Latitude != NoLocation;
}
