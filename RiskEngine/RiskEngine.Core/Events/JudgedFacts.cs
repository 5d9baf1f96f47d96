namespace RiskEngine.Core.Events;

/// <summary>What policies ask about a login beside its event, its score and its signals, as it was when it was judged: kept so that another policy can be asked later.</summary>
/// <remarks>Plain data. All zero where the event was not judged. Kinds of networks and attacks are the bits of their enumerations, which this part of the core does not see.</remarks>
public struct JudgedFacts
{
    public JudgedTraits Traits;

    /// <summary>Bits of <c>NetworkKinds</c>.</summary>
    public byte Networks;

    /// <summary>Bits of <c>AttackKinds</c>: what went on over the fleet.</summary>
    public byte Attacks;

    /// <summary>How many feeds listed the address; which ones stands in the signal.</summary>
    public byte Feeds;

    /// <summary>Accepted logins of the subject before this one.</summary>
    public uint Logins;

    /// <summary>Unix seconds of the newest of them; zero for none.</summary>
    public uint LastLogin;

    /// <summary>Reputation as shown, −5 to 5, before this event; zero where nothing was known. <see cref="AddressReputation"/> and its likes mean nothing where the address said nothing.</summary>
    public float AddressReputation;
    public float NetworkReputation;
    public float AsnReputation;
    public float PairReputation;
}

/// <summary>Yes and no of a judged login.</summary>
[Flags]
public enum JudgedTraits : byte
{
    None = 0,
    ServiceAccount = 1,

    /// <summary>The source said that there is no such account.</summary>
    SubjectUnknown = 2,

    /// <summary>Many established subjects used the address.</summary>
    AddressShared = 4,

    /// <summary>It was told whether the device is known; <see cref="DeviceKnown"/> says what.</summary>
    DeviceTold = 8,
    DeviceKnown = 16,

    /// <summary>A session was given; <see cref="SessionKnown"/> says whether the subject had it before.</summary>
    SessionTold = 32,
    SessionKnown = 64,
}
