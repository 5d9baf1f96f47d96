using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RiskEngine.Core.Models;

/// <summary>Fixed part of a subject's profile. Plain data, stored as it lies in memory.</summary>
public struct ProfileHeader
{
    /// <summary>Layout of what follows; <see cref="SubjectProfile.CurrentVersion"/> when written by this build.</summary>
    public byte Version;

    /// <summary>Logins in the history, 0 to <see cref="SubjectProfile.Capacity"/>.</summary>
    public byte Count;

    /// <summary>Risk score of the login at <see cref="RiskyAt"/>, in hundredths, 0 to 10000.</summary>
    public ushort RiskyScore;

    /// <summary>Unix seconds of the first accepted login; zero for none.</summary>
    public uint FirstLogin;

    /// <summary>Unix seconds of the newest accepted login.</summary>
    public uint LastLogin;

    /// <summary>Accepted logins in all, also those that the history has dropped.</summary>
    public uint Logins;

    /// <summary>Failed logins, fading with <see cref="ReputationRow.HalfLife"/>.</summary>
    public DecayedMass Failures;

    /// <summary>Different addresses that failed lately.</summary>
    public DistinctSketch FailedAddresses;

    /// <summary>Second factors that failed, fading with <see cref="SubjectProfile.FactorHalfLife"/>.</summary>
    public DecayedMass FailedFactors;

    /// <summary>Unix seconds of the newest login that was of low risk or more; zero for none, or when a challenge was passed since.</summary>
    public uint RiskyAt;

    /// <summary>Unix seconds of the newest event that a person called compromised; zero for none, or when it was settled.</summary>
    public uint CompromisedAt;

    /// <summary>Unix seconds of the newest sign-in that was blocked; zero for none.</summary>
    public uint BlockedAt;

    /// <summary>Unix seconds at which the account was made; zero where no source told.</summary>
    public uint CreatedAt;

    /// <summary>Unix seconds of the newest reactivation of the account; zero for none.</summary>
    public uint ReactivatedAt;

    /// <summary>Autonomous systems from which the subject's tokens were used, newest first; zero for none.</summary>
    public TokenSystems TokenSystems;
}

/// <summary>The last four autonomous systems, newest first.</summary>
[InlineArray(4)]
public struct TokenSystems
{
    private uint _first;

    /// <summary>Puts a system in front; the oldest gives way to the fifth.</summary>
    /// <param name="asn">Not zero.</param>
    public void Use(uint asn)
    {
        Span<uint> systems = this;
        var place = systems.IndexOf(asn);
        systems[..(place < 0 ? systems.Length - 1 : place)].CopyTo(systems[1..]);
        systems[0] = asn;
    }

    /// <summary>Takes a system out again.</summary>
    public void Forget(uint asn)
    {
        Span<uint> systems = this;
        var place = systems.IndexOf(asn);
        if (place < 0) return;
        systems[(place + 1)..].CopyTo(systems[place..]);
        systems[^1] = 0;
    }
}

/// <summary>What is known of one subject: a header and up to 50 accepted logins in order of event time, in one span of bytes.</summary>
/// <remarks>
/// Works in place on bytes that belong to somebody else: nothing is decoded or allocated. The stored form is the used part of the span
/// (<see cref="UsedLength"/>), little-endian. Not thread-safe.
/// </remarks>
public readonly ref struct SubjectProfile
{
    /// <summary>Logins that a history holds at most; the oldest give way.</summary>
    public const int Capacity = 50;

    public const byte CurrentVersion = 2;

    /// <summary>Half-life of failed second factors: ten minutes, for people answer a telephone or they do not.</summary>
    public const float FactorHalfLife = 600;

    /// <summary>Length of the header of version 1, which ended before the failed factors.</summary>
    private const int HeaderLength1 = 64;

    private readonly Span<byte> _bytes;

    /// <param name="bytes">Exactly <see cref="MaxLength"/> bytes, all zero for a subject never seen.</param>
    public SubjectProfile(Span<byte> bytes)
    {
        if (bytes.Length < MaxLength) throw new ArgumentException("A profile needs its full room.", nameof(bytes));
        _bytes = bytes;
    }

    public static int HeaderLength => Unsafe.SizeOf<ProfileHeader>();

    public static int EntryLength => Unsafe.SizeOf<PastLogin>();

    /// <summary>Gets the room that a profile needs in memory while it is worked on.</summary>
    public static int MaxLength => HeaderLength + (Capacity * EntryLength);

    public ref ProfileHeader Header => ref MemoryMarshal.AsRef<ProfileHeader>(_bytes);

    /// <summary>Gets whether the subject has ever logged in successfully here.</summary>
    public bool IsEstablished => Header.Count > 0;

    /// <summary>Gets the accepted logins, oldest first.</summary>
    public Span<PastLogin> Logins => MemoryMarshal.Cast<byte, PastLogin>(_bytes[HeaderLength..])[..Header.Count];

    /// <summary>Gets the bytes that need storing.</summary>
    public int UsedLength => HeaderLength + (Header.Count * EntryLength);

    /// <summary>Copies a stored profile, of this version or an earlier one, into the room it is worked on in.</summary>
    /// <param name="stored">Bytes as they were kept.</param>
    /// <param name="room">At least <see cref="MaxLength"/> bytes; unchanged where the result is false.</param>
    /// <returns>False for bytes that are no profile this build understands.</returns>
    public static bool TryRestore(ReadOnlySpan<byte> stored, Span<byte> room)
    {
        if (stored.Length < 2) return false;
        var (version, count) = (stored[0], stored[1]);
        var header = version switch { CurrentVersion => HeaderLength, 1 => HeaderLength1, _ => int.MaxValue };
        if (count > Capacity || header > stored.Length || stored.Length - header < count * EntryLength) return false;

        room[..HeaderLength].Clear();
        stored[..header].CopyTo(room);
        stored.Slice(header, count * EntryLength).CopyTo(room[HeaderLength..]);
        room[0] = CurrentVersion;
        return true;
    }

    /// <summary>Seconds by which two records of one source may be out of order.</summary>
    private const uint ClockSkew = 300;

    /// <summary>Lets a session belong to the login that began it, where the source of logins does not name sessions.</summary>
    /// <param name="seen">The session where it was seen.</param>
    /// <returns>Whether it was given to the newest login before it from the same address with the same user agent that names no session. Not where a login names it already.</returns>
    /// <remarks>Several sessions from one place may be given to each other's logins: these are alike in all that a session is compared by.</remarks>
    public bool Join(in PastLogin seen)
    {
        if (seen.Session == 0 || seen.AddressUnit == 0 || seen.UserAgent == 0) return false;
        var logins = Logins;
        var found = -1;
        for (var i = 0; i < logins.Length; i++)
        {
            if (logins[i].Session == seen.Session) return false;
            if (logins[i].Session == 0 && logins[i].At <= seen.At + ClockSkew && (logins[i].AddressUnit, logins[i].UserAgent) == (seen.AddressUnit, seen.UserAgent)) found = i;
        }

        if (found >= 0) logins[found].Session = seen.Session;
        return found >= 0;
    }

    /// <summary>Takes a login out of the history again, as if it had not been accepted.</summary>
    /// <returns>How many were taken out: with it goes a passed challenge that belongs to it (<see cref="PastLogin.IsAround"/>).</returns>
    /// <remarks>The first login of all is moved only as far as the history still tells.</remarks>
    public int Remove(in PastLogin login)
    {
        ref var header = ref Header;
        var kept = 0;
        var logins = Logins;
        for (var i = 0; i < logins.Length; i++)
        {
            if (logins[i].IsAround(login)) continue;
            logins[kept++] = logins[i];
        }

        var removed = header.Count - kept;
        if (removed == 0) return 0;
        header.Count = (byte)kept;
        header.Logins -= Math.Min(header.Logins, (uint)removed);
        header.LastLogin = kept == 0 ? 0 : logins[kept - 1].At;
        if (kept == 0) header.FirstLogin = 0;
        else if (Math.Abs((long)header.FirstLogin - login.At) <= PastLogin.SameLoginSeconds) header.FirstLogin = logins[0].At;
        return removed;
    }

    /// <summary>Adds an accepted login at its place in time; a late one is put where it belongs. The oldest gives way to the fifty-first.</summary>
    public void Add(in PastLogin login)
    {
        ref var header = ref Header;
        header.Version = CurrentVersion;
        header.Logins++;
        if (header.FirstLogin == 0 || login.At < header.FirstLogin) header.FirstLogin = login.At;
        header.LastLogin = Math.Max(header.LastLogin, login.At);

        var room = MemoryMarshal.Cast<byte, PastLogin>(_bytes[HeaderLength..])[..Capacity];
        int count = header.Count;
        var place = count;
        while (place > 0 && room[place - 1].At > login.At) place--;
        if (count == Capacity)
        {
            if (place == 0) return;
            room[1..place].CopyTo(room);
            room[place - 1] = login;
            return;
        }

        room[place..count].CopyTo(room[(place + 1)..]);
        room[place] = login;
        header.Count++;
    }
}
