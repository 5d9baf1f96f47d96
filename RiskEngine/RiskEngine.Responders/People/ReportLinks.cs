using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Responders.People;

/// <summary>What a link says that a person was given to report one event by: "this wasn't me".</summary>
/// <param name="Subject">Whose event it was, see <c>SubjectHandle</c>: a keyed hash.</param>
/// <param name="Until">The time from which on it is good for nothing.</param>
public sealed record ReportClaim(string Tenant, string EventId, UInt128 Subject, EventTime Until);

/// <summary>Signs and reads the tokens of such links: HMAC-SHA256 (RFC 2104) over purpose, tenant, event, subject and end.</summary>
/// <remarks>
/// The key is made from the secret of the store's hashes, by the hash itself as a pseudorandom function in counter mode (NIST SP 800-108r1, section 4.1):
/// it lies nowhere, lives as long as the store, and <c>keys rotate-hashes</c> ends all links at once. A token is not secret in itself: who has it may report
/// this one event, and nothing else. Immutable and thread-safe.
/// </remarks>
public sealed class ReportLinks
{
    /// <summary>The longest token that is read, and made.</summary>
    public const int LongestToken = 1536;

    private const byte Version = 1;
    private const ulong KeyTweak = 0x7265706f7274;
    private const int SubjectLength = 16, TimeLength = 8, HeadLength = 1 + TimeLength + SubjectLength + 2;

    private readonly byte[] _key = new byte[32];

    public ReportLinks(KeyedHash hash)
    {
        BinaryPrimitives.WriteUInt128BigEndian(_key, hash.Hash("riskengine report link 1"u8, KeyTweak));
        BinaryPrimitives.WriteUInt128BigEndian(_key.AsSpan(16), hash.Hash("riskengine report link 2"u8, KeyTweak));
    }

    /// <summary>The path that links have below the public address, before the token.</summary>
    public const string Path = "/not-me/";

    /// <summary>A link below that address; null where the event's id is too long for one.</summary>
    public Uri? Link(Uri publicUrl, ReportClaim claim) => Sign(claim) is { } token ? new Uri(publicUrl.AbsoluteUri.TrimEnd('/') + Path + token) : null;

    /// <summary>A token in the letters of base64url (RFC 4648, section 5); null where it would be longer than <see cref="LongestToken"/>.</summary>
    public string? Sign(ReportClaim claim)
    {
        var (tenant, id) = (Encoding.UTF8.GetBytes(claim.Tenant), Encoding.UTF8.GetBytes(claim.EventId));
        var length = HeadLength + tenant.Length + id.Length;
        if (Base64Url.GetEncodedLength(length + HMACSHA256.HashSizeInBytes) > LongestToken) return null;
        var token = new byte[length + HMACSHA256.HashSizeInBytes];
        token[0] = Version;
        BinaryPrimitives.WriteInt64BigEndian(token.AsSpan(1), claim.Until.UnixMilliseconds);
        BinaryPrimitives.WriteUInt128BigEndian(token.AsSpan(1 + TimeLength), claim.Subject);
        BinaryPrimitives.WriteUInt16BigEndian(token.AsSpan(1 + TimeLength + SubjectLength), (ushort)tenant.Length);
        tenant.CopyTo(token, HeadLength);
        id.CopyTo(token, HeadLength + tenant.Length);
        HMACSHA256.HashData(_key, token.AsSpan(0, length), token.AsSpan(length));
        return Base64Url.EncodeToString(token);
    }

    /// <summary>What a token says; null where it was not signed here, whatever is wrong with it. Whether it has ended is the caller's to see.</summary>
    public ReportClaim? Read(string token)
    {
        if (token.Length > LongestToken || !Base64Url.IsValid(token)) return null;
        ReadOnlySpan<byte> bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length < HeadLength + HMACSHA256.HashSizeInBytes || bytes[0] != Version) return null;
        var said = bytes[..^HMACSHA256.HashSizeInBytes];
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, said, expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, bytes[said.Length..])) return null;

        var tenantLength = BinaryPrimitives.ReadUInt16BigEndian(said[(1 + TimeLength + SubjectLength)..]);
        if (tenantLength > said.Length - HeadLength) return null;
        return new ReportClaim(
            Encoding.UTF8.GetString(said.Slice(HeadLength, tenantLength)), Encoding.UTF8.GetString(said[(HeadLength + tenantLength)..]),
            BinaryPrimitives.ReadUInt128BigEndian(said[(1 + TimeLength)..]), new EventTime(BinaryPrimitives.ReadInt64BigEndian(said[1..])));
    }
}
