using RiskEngine.Core.Events;

namespace RiskEngine.Storage.Records;

/// <summary>The same form read into an object that is used again and again, for going through many.</summary>
internal sealed partial class StoredEventCodec
{
    /// <summary>Reads an event. Allocates only for a rule or version whose name has no number.</summary>
    /// <param name="judgedOnly">Whether to leave out events whose kind is not judged.</param>
    /// <returns>False where it is left out, as what is left of an erased event always is.</returns>
    /// <exception cref="FormatException">The bytes are no such record, or one of a newer version.</exception>
    public bool TryRead(ReadOnlySpan<byte> bytes, StoredLogin into, bool judgedOnly = true)
    {
        try
        {
            var from = new ByteReader(bytes);
            var version = from.Byte();
            if (version is < OldestVersion or > Version) throw new FormatException($"A stored event has version {version}, this build reads up to {Version}.");
            var flags = from.Byte();
            if ((flags & Judged) == 0 && judgedOnly) return false;
            ReadEvent(ref from, into);
            if (into.Event.Id.IsEmpty) return false;
            into.Judged = (flags & Judged) != 0;
            into.ClearAssessment();
            if (!into.Judged) return true;
            ReadAssessment(ref from, into);
            into.Enforced = (flags & Enforced) != 0;
            if (version > OldestVersion) ReadKnown(ref from, into);
            return true;
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new FormatException("A stored event is damaged.", exception);
        }
    }

    private void ReadEvent(ref ByteReader from, StoredLogin into)
    {
        var batch = into.Batch;
        ref var login = ref into.Begin();
        login.OccurredAt = new EventTime((long)from.Varint());
        login.Kind = (EventKind)from.Byte();
        login.KindText = CopyText(ref from, batch);
        login.Tenant = CopyText(ref from, batch);
        login.Id = batch.Append(from.Text());
        login.SubjectId = batch.Append(from.Text());
        login.SubjectName = batch.Append(from.Text());
        login.SourceIp = ReadAddress(ref from);
        login.UserAgent = CopyText(ref from, batch);
        login.Application = CopyText(ref from, batch);
        login.AuthMethod = CopyText(ref from, batch);
        login.RequestId = batch.Append(from.Text());
        into.Country = new CountryCode((ushort)from.Varint());
        into.Asn = (uint)from.Varint();
    }

    private void ReadAssessment(ref ByteReader from, StoredLogin into)
    {
        var verdict = from.Byte();
        (into.Level, into.Action) = ((RiskLevel)(verdict & 0xF), (DecisionAction)(verdict >> 4));
        if (into.Level > RiskLevel.High || into.Action > DecisionAction.Block) throw new FormatException("A stored event is damaged: no such level or decision.");
        into.Degraded = (DegradedFacts)from.Varint();
        into.Score = ReadNumber(ref from);
        ReadNumber(ref from);
        (into.Rule, into.Valve, into.PolicyVersion) = (ReadText(ref from), ReadText(ref from), ReadText(ref from));
        CopyText(ref from, into.Batch);
        CopyText(ref from, into.Batch);
        var signals = (int)Math.Min(from.Varint(), 256);
        for (var i = 0; i < signals; i++)
        {
            into.Add(new SignalRecord(
                (SignalCode)from.Byte(), ReadNumber(ref from), ReadNumber(ref from), ReadNumber(ref from), ReadNumber(ref from), ReadNumber(ref from), CopyText(ref from, into.Batch)));
        }
    }

    private Slice CopyText(ref ByteReader from, EventBatch batch)
    {
        var number = (int)from.Varint() - 1;
        return number < 0 ? default : batch.Append(number == 0 ? from.Text() : texts.Bytes(number).Span);
    }
}
