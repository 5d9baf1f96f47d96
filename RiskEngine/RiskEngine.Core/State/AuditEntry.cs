using RiskEngine.Core.Events;

namespace RiskEngine.Core.State;

/// <summary>Who did what, when, and why. Values are never secrets.</summary>
/// <param name="Id">Its number, given out by the store, rising by one from 1.</param>
/// <param name="Who">A key's name, and where it was used over the network: "NAME from ADDRESS". A rule's name for what rules did.</param>
public sealed record AuditEntry(long Id, EventTime At, string Who, string What, string Target, string Detail)
{
    /// <summary>Gets the subject whom <see cref="Target"/> or <see cref="Detail"/> may name, see <see cref="SubjectHandle"/>; null for nobody.</summary>
    /// <remarks>Stores encrypt both under a key of that subject. It is not stored itself and so not read back.</remarks>
    public UInt128? Subject { get; init; }

    /// <summary>Gets what is owed to responders because of the act, stored in the same transaction. It is no part of the audit and so not read back.</summary>
    public IReadOnlyList<OutboxItem> Owed { get; init; } = [];

    /// <summary>Gets what is asked for more of that, where the act adds a block: the block with the number that the store gave it. Null for nothing. Must be pure.</summary>
    public Func<Block, IReadOnlyList<OutboxItem>>? OwedFor { get; init; }

    /// <summary>The entry with what is owed for a block that the act added.</summary>
    public AuditEntry Adding(Block added) => OwedFor is null ? this : this with { Owed = [.. Owed, .. OwedFor(added)], OwedFor = null };
}

/// <summary>A link of the audit's chain, as read back.</summary>
/// <param name="Entry">What it says. Of an erased subject the target is <see cref="Erased"/> and the detail empty.</param>
/// <param name="KeyId">Number of the subject's key that <paramref name="Content"/> is encrypted under; 0 for none.</param>
/// <param name="Content">Target and detail as they are chained: in clear, or encrypted.</param>
/// <param name="Hash">SHA-256 over the hash before and this record, 64 lower-case hexadecimal digits.</param>
public sealed record AuditRecord(AuditEntry Entry, long KeyId, ReadOnlyMemory<byte> Content, string Hash)
{
    /// <summary>What stands for a target that nobody can read any more.</summary>
    public const string Erased = "erased";

    /// <summary>Gets whether the subject whom it named was erased, and the key with it.</summary>
    public bool IsErased { get; init; }
}

/// <summary>A place in the audit's chain: the number of a record, and the chain's hash there. Number 0 is before the first record.</summary>
/// <param name="Hash">64 lower-case hexadecimal digits.</param>
public sealed record AuditMark(long Number, string Hash)
{
    /// <summary>Gets the place before the first record.</summary>
    public static AuditMark Start { get; } = new(0, new string('0', 64));
}

/// <summary>The ends of the audit's chain.</summary>
/// <param name="Anchor">The last record that was removed for its age; <see cref="AuditMark.Start"/> where none was.</param>
/// <param name="Head">The newest record.</param>
public sealed record AuditEnds(AuditMark Anchor, AuditMark Head);
