using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.Audit;

/// <summary>A record of the audit as it is stored: a link of a chain of hashes.</summary>
/// <remarks>
/// <para>
/// <c>hash = SHA-256(hash of the record before ‖ number ‖ time ‖ key ‖ who ‖ what ‖ content)</c>. Number, time (Unix milliseconds) and key have 8
/// bytes each, big-endian; who, what (UTF-8) and content are each preceded by their length in 4 bytes. Before the first record stand 32 zeros. So whoever
/// knows one hash can tell whether any record up to there was changed, removed, added or moved (Haber and Stornetta, "How to time-stamp a digital
/// document", Journal of Cryptology 3, 1991).
/// </para>
/// <para>The chain runs over the ciphertext of what names a subject, so it stays whole when that subject's key is destroyed.</para>
/// </remarks>
/// <param name="KeyId">Number of the key that the content is encrypted under; 0 for none.</param>
internal sealed record AuditRow(long Number, EventTime At, string Who, string What, long KeyId, byte[] Content, byte[] Hash)
{
    public const int HashLength = SHA256.HashSizeInBytes;

    /// <summary>The next link of a chain.</summary>
    /// <param name="before">The record before, or the start.</param>
    /// <param name="key">The subject's key with its number; null where the entry names nobody.</param>
    public static AuditRow Append(AuditMark before, AuditEntry entry, (long Id, byte[] Key)? key)
    {
        var plain = AuditContent.Write(entry.Target, entry.Detail);
        var number = before.Number + 1;
        var row = new AuditRow(number, entry.At, entry.Who, entry.What, key?.Id ?? 0, key is { } sealing ? AuditContent.Seal(plain, sealing.Key, number) : plain, []);
        return row with { Hash = row.HashAfter(Convert.FromHexString(before.Hash)) };
    }

    public AuditMark Mark => new(Number, Convert.ToHexStringLower(Hash));

    /// <summary>The hash that the record has to have behind another one.</summary>
    public byte[] HashAfter(ReadOnlySpan<byte> before)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(before);
        Span<byte> numbers = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(numbers, Number);
        BinaryPrimitives.WriteInt64BigEndian(numbers[8..], At.UnixMilliseconds);
        BinaryPrimitives.WriteInt64BigEndian(numbers[16..], KeyId);
        sha.AppendData(numbers);
        AppendPart(sha, Encoding.UTF8.GetBytes(Who));
        AppendPart(sha, Encoding.UTF8.GetBytes(What));
        AppendPart(sha, Content);
        return sha.GetHashAndReset();
    }

    /// <summary>What people read.</summary>
    /// <param name="key">The subject's key; null where there is none, or it was destroyed.</param>
    public AuditRecord ToRecord(byte[]? key)
    {
        var plain = KeyId == 0 ? Content : key is null ? null : AuditContent.Open(Content, key, Number);
        var (target, detail) = plain is null ? (AuditRecord.Erased, "") : AuditContent.Read(plain);
        return new AuditRecord(new AuditEntry(Number, At, Who, What, target, detail), KeyId, Content, Convert.ToHexStringLower(Hash)) { IsErased = plain is null };
    }

    private static void AppendPart(IncrementalHash sha, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        sha.AppendData(length);
        sha.AppendData(part);
    }
}
