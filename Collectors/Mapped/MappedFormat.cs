using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Mapped;

/// <summary>Records of any JSON or CSV, read as a mapping file says.</summary>
/// <remarks>
/// A field has the limits and the meaning that it has in the canonical event; what is absent or empty is not given. A failed login whose <c>reason</c>
/// is <c>unknown_user</c>, <c>invalid_user</c> or <c>user_not_found</c> and that has no subject id is of a name that does not exist, which is hashed.
/// The mapping has to be one without faults (<see cref="EventMapping.Validate"/>).
/// </remarks>
public sealed class MappedFormat : IEventFormat
{
    public const string FormatName = "mapped";

    private readonly TimeRange _times;
    private readonly EventFinish _finish;
    private readonly MappedPlan _plan;
    private readonly MappedSlots _slots;
    private readonly MappedClock _clock;
    private readonly MappedKind _kind;

    /// <exception cref="ArgumentException">A path of the mapping is none.</exception>
    public MappedFormat(FormatContext context, EventMapping mapping)
    {
        CsvQuotes = mapping.Quotes;
        CsvSeparator = mapping.Container == MappedContainer.Csv ? (byte)mapping.Separator[0] : null;
        (_times, _finish) = (new TimeRange(context), new EventFinish(context));
        _plan = new MappedPlan(mapping);
        _slots = new MappedSlots(_plan.SlotCount);
        _clock = new MappedClock(mapping.Fields.OccurredAt);
        _kind = mapping.Fields.Kind;
    }

    public string Name => FormatName;

    public byte? CsvSeparator { get; }

    public bool CsvQuotes { get; }

    public ParseResult Parse(ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch)
    {
        if (!RecordText.IsReadable(record, out var unreadable)) return unreadable;
        _slots.Clear();
        if (!_plan.Reader.TryRead(record, _slots, out var fault)) return new ParseResult(0, fault);
        if (!TryFindKind(record, out var kind, out var kindText, out fault)) return new ParseResult(0, fault);

        var mark = batch.Here;
        ref var added = ref batch.Add(position);
        added.Kind = kind;
        var values = new MappedValues(record, _slots, batch);
        added.OccurredAt = Time(record, ref values);
        if (kind == EventKind.Other) added.KindText = values.Cut(kindText, RiskEngineFields.Kind.Length);
        Fill(ref values, ref added);
        if (values.Fault.IsNone)
        {
            _finish.GiveId(batch, ref added, record, position);
            return ParseResult.Of(1);
        }

        batch.Rewind(mark);
        return new ParseResult(0, values.Fault);
    }

    /// <returns>False where the record is none of our business, or faulty.</returns>
    private bool TryFindKind(ReadOnlySpan<byte> record, out EventKind kind, out ReadOnlySpan<byte> text, out Defect fault)
    {
        kind = _kind.Value ?? EventKind.Other;
        text = default;
        fault = default;
        if (_kind.Value is not null) return true;
        text = _plan.Kind.Length == 1 ? _slots.Text(record, _plan.Kind[0]) : _slots.Join(record, _plan.Kind);
        foreach (ref readonly var entry in _plan.Kinds.AsSpan())
        {
            if (!text.SequenceEqual(entry.Text)) continue;
            kind = entry.Kind;
            return true;
        }

        if (_kind.Otherwise == UnmappedKind.Ignore) return false;
        if (text.IsEmpty) fault = new Defect(DefectReason.MissingField, -1, RiskEngineFields.Kind.Missing);
        else if (_kind.Otherwise == UnmappedKind.Reject) fault = new Defect(DefectReason.BadValue, _slots.At(_plan.Kind[0]), "kind is none of those that the mapping has");
        else kind = EventKinds.Parse(text);
        return fault.IsNone;
    }

    private EventTime Time(ReadOnlySpan<byte> record, ref MappedValues values)
    {
        var at = _slots.At(_plan.Time[0]);
        var text = _plan.Time.Length == 1 ? _slots.Text(record, _plan.Time[0]) : _slots.Join(record, _plan.Time);
        if (text.IsEmpty) values.Fail(DefectReason.MissingField, -1, RiskEngineFields.OccurredAt.Missing);
        else if (!_clock.TryRead(text, out var time)) values.Fail(DefectReason.BadTime, at, _clock.Expected);
        else
        {
            values.Fail(_times.Check(time, at));
            return time;
        }

        return default;
    }

    private void Fill(ref MappedValues values, ref LoginEvent added)
    {
        added.Id = values.Text(_plan.Id);
        var tenant = values.Text(_plan.Tenant);
        if (!values.Batch.Text(tenant).SequenceEqual("default"u8)) added.Tenant = tenant;
        added.SubjectId = values.Text(_plan.SubjectId);
        added.SubjectName = values.Text(_plan.SubjectName);
        added.Groups = values.List(_plan.Groups);
        added.ServiceAccount = values.Flag(_plan.ServiceAccount) ?? false;
        added.SourceIp = values.Address(_plan.SourceIp);
        added.UserAgent = values.TextCut(_plan.UserAgent);
        added.DeviceId = values.Text(_plan.DeviceId);
        added.KnownDevice = values.Flag(_plan.KnownDevice);
        added.RequestId = values.Text(_plan.RequestId);
        added.Application = values.Text(_plan.Application);
        added.AuthMethod = values.Text(_plan.AuthMethod);
        added.Mfa = values.List(_plan.Mfa);
        added.Reason = values.Text(_plan.Reason);
        added.RoundTripMilliseconds = (int)(values.Number(_plan.RoundTrip, 0, int.MaxValue) ?? -1);
        added.Probe = values.Flag(_plan.Probe) ?? false;
        added.Country = CountryCode.Parse(values.Raw(_plan.Country));
        added.City = values.Text(_plan.City);
        var (latitude, longitude) = (values.Number(_plan.Latitude, -90, 90), values.Number(_plan.Longitude, -180, 180));
        if (latitude is not null && longitude is not null) (added.Latitude, added.Longitude) = ((float)latitude.Value, (float)longitude.Value);
        added.Asn = values.SystemNumber(_plan.Asn);
        added.AsnOrganisation = values.Text(_plan.AsnOrganisation);

        if (added.SubjectId.IsEmpty && added.SubjectName.IsEmpty) values.Fail(DefectReason.MissingField, -1, RiskEngineFields.SubjectMissing);
        else if (added.SubjectId.IsEmpty && EventFinish.SaysUnknown(values.Batch.Text(added.Reason))) _finish.HideName(values.Batch, ref added);
        _finish.KeepSession(values.Batch, ref added, values.Text(_plan.SessionId));
    }
}
