using RiskEngine.Core.State;

namespace RiskEngine.Storage.Audit;

/// <summary>What became of the check of an audit.</summary>
/// <param name="Records">Records looked at.</param>
/// <param name="Head">The last record of the chain that held.</param>
/// <param name="FirstBad">Number of the first record that is not as it was written, or is missing; null where the audit is whole.</param>
/// <param name="Fault">What is wrong with it, in words; null where the audit is whole.</param>
public sealed record AuditVerdict(long Records, AuditMark Head, long? FirstBad, string? Fault)
{
    public bool IsWhole => Fault is null;
}

/// <summary>Walks along the chain of an audit, oldest record first, and keeps the first fault.</summary>
/// <remarks>Not thread-safe.</remarks>
/// <param name="anchor">Where the chain begins; null where what says so was changed.</param>
/// <param name="expected">A hash that the chain has to come by, 64 hexadecimal digits: a head that was written down earlier; null for none.</param>
public sealed class AuditVerifier(AuditMark? anchor, string? expected = null)
{
    private AuditMark _at = anchor ?? AuditMark.Start;
    private bool _isMet = expected is null || IsAt(anchor ?? AuditMark.Start, expected);
    private long _records;
    private long _firstBad;
    private string? _fault = anchor is null ? "the anchor, which says where the chain begins, was changed" : null;

    /// <summary>Looks at the next record.</summary>
    public void Add(AuditRecord record)
    {
        var entry = record.Entry;
        Add(new AuditRow(entry.Id, entry.At, entry.Who, entry.What, record.KeyId, record.Content.ToArray(), Convert.FromHexString(record.Hash)));
    }

    internal void Add(AuditRow row)
    {
        _records++;
        if (_fault is not null) return;
        if (row.Number > _at.Number + 1) Fail(_at.Number + 1, "it is missing");
        else if (row.Number <= _at.Number) Fail(row.Number, "it stands there twice, or out of its order");
        else if (!row.HashAfter(Convert.FromHexString(_at.Hash)).AsSpan().SequenceEqual(row.Hash)) Fail(row.Number, "it or its place is not what was written");
        else _at = row.Mark;
        _isMet |= _fault is null && IsAt(_at, expected);
    }

    /// <summary>Compares the end with the head that was kept; null where what says so was changed.</summary>
    public AuditVerdict Finish(AuditMark? head)
    {
        if (head is null) Fail(_at.Number, "the head, which says where the chain ends, was changed");
        else if (head.Number > _at.Number) Fail(_at.Number + 1, $"the end is cut off: the head is record {head.Number}");
        else if (head != _at) Fail(head.Number + 1, "it was added behind the head");
        if (!_isMet) Fail(_at.Number, "no record up to it has the head that was given");
        return new AuditVerdict(_records, _at, _fault is null ? null : _firstBad, _fault);
    }

    private static bool IsAt(AuditMark mark, string? expected) => string.Equals(mark.Hash, expected, StringComparison.OrdinalIgnoreCase);

    private void Fail(long number, string fault)
    {
        if (_fault is not null) return;
        (_firstBad, _fault) = (number, fault);
    }
}
