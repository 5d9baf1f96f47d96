namespace RiskEngine.Core.Events;

/// <summary>One attempt to sign in, or something else that a source tells of an account, as normalised by a format.</summary>
/// <remarks>
/// A compact record that lives in an <see cref="EventBatch"/>: texts are slices of the batch's buffer. Fields are as in the canonical event
/// (design, section 4.3). <see cref="OccurredAt"/> and <see cref="Kind"/> are always there, and one of <see cref="SubjectId"/> and <see cref="SubjectName"/> is
/// unless the kind is <see cref="EventKind.Other"/>: what a system tells of itself is of nobody.
/// </remarks>
public struct LoginEvent
{
    /// <summary>The source's id, or one derived from content and position. Never empty once a format is done with it.</summary>
    public Slice Id;

    public EventTime OccurredAt;
    public EventKind Kind;

    /// <summary>The kind as the source wrote it, kept where <see cref="Kind"/> is <see cref="EventKind.Other"/>.</summary>
    public Slice KindText;

    /// <summary>Empty means "default".</summary>
    public Slice Tenant;

    /// <summary>Stable opaque id of the account at its IdP. Empty where the source knows only a name. A "~" that it was given with at its beginning is there twice.</summary>
    public Slice SubjectId;

    /// <summary>Name of the account. Where <see cref="SubjectIsUnknown"/> it is already a keyed hash, "~" and 32 hexadecimal digits; any other has a "~" at its beginning twice.</summary>
    public Slice SubjectName;

    /// <summary>The source says that no such account exists.</summary>
    public bool SubjectIsUnknown;

    public bool ServiceAccount;
    public SliceRange Groups;

    public IpAddress SourceIp;
    public Slice UserAgent;

    /// <summary>Keyed hash of the session id; zero where none was given. The id itself is never kept.</summary>
    public UInt128 Session;

    public Slice DeviceId;

    /// <summary>What the source says of the device: null where it says nothing.</summary>
    public bool? KnownDevice;

    public Slice RequestId;
    public Slice Application;
    public Slice AuthMethod;
    public SliceRange Mfa;
    public Slice Reason;

    /// <summary>Round trip of the login page in milliseconds; negative where not given.</summary>
    public int RoundTripMilliseconds;

    /// <summary>Location as the source gave it; wins over the look-up.</summary>
    public CountryCode Country;
    public Slice City;

    /// <summary>Degrees, −90 to 90; NaN where not given.</summary>
    public float Latitude;

    /// <summary>Degrees, −180 to 180; NaN where not given.</summary>
    public float Longitude;

    /// <summary>The source gave a location that cannot be one, so all of it was left out.</summary>
    public bool GeoRefused;

    /// <summary>Autonomous system as the source gave it; zero where not given.</summary>
    public uint Asn;
    public Slice AsnOrganisation;

    /// <summary>Judged like any other, but leaves no trace in state.</summary>
    public bool Probe;

    /// <summary>Word of an event that is still to come from the source itself: judged, may block for minutes, leaves no other trace. No format sets it.</summary>
    public bool Hint;

    /// <summary>What a person said of this event, which was judged before; null for an event. No format sets it.</summary>
    public Correction? Correction;

    /// <summary>What a person released, of which this names address and subject: their failures are forgotten; <see cref="BlockScope.Subject"/> for those of the subject at an address that was released before. Null for an event. No format sets it.</summary>
    public BlockScope? Released;

    /// <summary>Label that a data set gives, for measuring only: the engine never reads it.</summary>
    public bool IsAttack;

    /// <summary>Gets a record with every "not given" value in its place.</summary>
    public static LoginEvent Empty => new() { RoundTripMilliseconds = -1, Latitude = float.NaN, Longitude = float.NaN };
}
