using System.Buffers.Text;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>The RBA login data set (Wiefling, Jørgensen, Thunem and Lo Iacono, 2022) as comma-separated values, one login a line.</summary>
/// <remarks>
/// Columns are found by name in the first line, in any order. Country, city and ASN are taken as given; "-" is unknown. The user
/// −4324475583306591935 stands for every account that does not exist, so its failures are of one unknown name (also in the form that a spreadsheet
/// cuts it to). <c>Is Account Takeover</c> becomes the label <see cref="LoginEvent.IsAttack"/>; <c>Is Attack IP</c> is a label too and is not read.
/// </remarks>
public sealed class RbaFormat(FormatContext context) : IEventFormat
{
    private const string ColumnsUnknown = "the first line must name the columns: Login Timestamp, User ID, Login Successful and others";
    private const int NameLimit = 256;
    private const int UserAgentLimit = 2048;

    private readonly TimeRange _times = new(context);
    private readonly EventFinish _finish = new(context);
    private readonly CsvRow _row = new();
    private readonly RbaClock _clock = new();
    private RbaColumns? _columns;

    public string Name => "rba";

    public byte? CsvSeparator => (byte)',';

    public ParseResult Parse(ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch)
    {
        if (!RecordText.IsReadable(record, out var unreadable)) return unreadable;
        var broken = _row.Split(record);
        if (broken >= 0) return ParseResult.Faulty(DefectReason.BadValue, broken, "a quoted field that does not end, or too many fields");
        if (IsHeader(record)) return ParseResult.Nothing;
        if (_columns is null) return ParseResult.Faulty(DefectReason.UnknownColumns, 0, ColumnsUnknown);
        if (_row.Count != _columns.Count) return ParseResult.Faulty(DefectReason.UnknownColumns, record.Length, "not as many fields as the header names");

        var mark = batch.Here;
        var fault = Read(record, position, batch, _columns);
        if (fault.IsNone) return ParseResult.Of(1);
        batch.Rewind(mark);
        return new ParseResult(0, fault);
    }

    /// <summary>A header may come again where files are joined or a followed file was replaced. It has no digits in its time column.</summary>
    private bool IsHeader(ReadOnlySpan<byte> record)
    {
        if (_columns is not null && (_columns.Timestamp >= _row.Count || Field(record, _columns.Timestamp).ContainsAnyInRange((byte)'0', (byte)'9'))) return false;
        if (!RbaColumns.TryRead(_row, record, out var columns)) return false;
        _columns = columns;
        return true;
    }

    private Defect Read(ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch, RbaColumns columns)
    {
        ref var added = ref batch.Add(position);
        if (!_clock.TryRead(Field(record, columns.Timestamp), out added.OccurredAt)) return At(columns.Timestamp, DefectReason.BadTime, "Login Timestamp is not a time");
        var fault = _times.Check(added.OccurredAt, _row.Start(columns.Timestamp));
        if (!fault.IsNone) return fault;
        var outcome = Field(record, columns.IsSuccessful);
        if (!TryFlag(outcome, out var isSuccessful) || outcome.IsEmpty) return At(columns.IsSuccessful, DefectReason.BadValue, "Login Successful is not true or false");
        if (!TryFlag(Field(record, columns.IsTakeover), out added.IsAttack)) return At(columns.IsTakeover, DefectReason.BadValue, "Is Account Takeover is not true or false");
        added.Kind = isSuccessful ? EventKind.Login : EventKind.LoginFailed;

        fault = ReadSource(record, batch, columns, ref added);
        if (!fault.IsNone) return fault;
        fault = ReadSubject(record, batch, columns, ref added);
        if (!fault.IsNone) return fault;
        _finish.GiveId(batch, ref added, record, position);
        return default;
    }

    private Defect ReadSubject(ReadOnlySpan<byte> record, EventBatch batch, RbaColumns columns, ref LoginEvent added)
    {
        var user = Field(record, columns.UserId);
        if (user.IsEmpty) return At(columns.UserId, DefectReason.MissingField, "User ID is empty");
        if (user.Length > NameLimit) return At(columns.UserId, DefectReason.FieldTooLong, "User ID is longer than 256 bytes");
        if (added.Kind == EventKind.LoginFailed && IsNobody(user)) _finish.NameUnknown(batch, ref added, user);
        else added.SubjectId = Copy(record, batch, columns.UserId, NameLimit);
        if (Field(record, columns.Id).Length > NameLimit) return At(columns.Id, DefectReason.FieldTooLong, "id is longer than 256 bytes");
        added.Id = Copy(record, batch, columns.Id, NameLimit);
        return default;
    }

    private Defect ReadSource(ReadOnlySpan<byte> record, EventBatch batch, RbaColumns columns, ref LoginEvent added)
    {
        if (!AddressText.TryParse(Field(record, columns.Address), out added.SourceIp, out var problem)) return At(columns.Address, DefectReason.BadAddress, problem);
        var asn = Field(record, columns.Asn);
        if (!IsAbsent(asn) && !IsWhole(asn, out added.Asn)) return At(columns.Asn, DefectReason.BadNumber, "ASN is not a number");
        var roundTrip = Field(record, columns.RoundTrip);
        if (!IsAbsent(roundTrip) && !IsMilliseconds(roundTrip, out added.RoundTripMilliseconds)) return At(columns.RoundTrip, DefectReason.BadNumber, "Round-Trip Time is not a number");
        if (Field(record, columns.City).Length > NameLimit) return At(columns.City, DefectReason.FieldTooLong, "City is longer than 256 bytes");

        added.Country = CountryCode.Parse(Field(record, columns.Country));
        if (!IsAbsent(Field(record, columns.City))) added.City = Copy(record, batch, columns.City, NameLimit);
        added.UserAgent = Copy(record, batch, columns.UserAgent, UserAgentLimit);
        return default;
    }

    private ReadOnlySpan<byte> Field(ReadOnlySpan<byte> record, int column) => column < 0 ? default : _row.Raw(record, column).Trim((byte)' ');

    private Slice Copy(ReadOnlySpan<byte> record, EventBatch batch, int column, int limit)
    {
        var text = Field(record, column);
        if (column < 0 || !_row.HasQuotes(column)) return batch.Append(RecordText.Cut(text, limit));
        var room = batch.Reserve(text.Length);
        return batch.Commit(RecordText.Cut(room[..CsvRow.Unquote(text, room)], limit).Length);
    }

    private Defect At(int column, DefectReason reason, string detail) => new(reason, _row.Start(column), detail);

    private static bool IsAbsent(ReadOnlySpan<byte> text) => text.IsEmpty || text.SequenceEqual("-"u8);

    private static bool IsNobody(ReadOnlySpan<byte> user) => user.SequenceEqual("-4324475583306591935"u8) || user.SequenceEqual("-4.32E+18"u8);

    private static bool IsWhole(ReadOnlySpan<byte> text, out uint value) => Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    private static bool IsMilliseconds(ReadOnlySpan<byte> text, out int value)
    {
        var isNumber = Utf8Parser.TryParse(text, out double number, out var used) && used == text.Length && number is >= 0 and <= int.MaxValue;
        value = isNumber ? (int)number : -1;
        return isNumber;
    }

    /// <summary>Reads "True", "TRUE", "1" and their opposites; an absent column is false.</summary>
    private static bool TryFlag(ReadOnlySpan<byte> text, out bool value)
    {
        value = text.SequenceEqual("1"u8) || System.Text.Ascii.EqualsIgnoreCase(text, "true"u8);
        return value || text.IsEmpty || text.SequenceEqual("0"u8) || System.Text.Ascii.EqualsIgnoreCase(text, "false"u8);
    }
}
