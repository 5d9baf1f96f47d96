using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Syslog;

/// <summary>Takes what came by syslog out of its envelope and has another format read it.</summary>
/// <remarks>
/// <c>sshd</c> reads lines of syslog itself; for it a header of RFC 5424 becomes one of a log file, which says the same. Every other format is given the
/// message alone. Allocates nothing per record.
/// </remarks>
public sealed class SyslogFormat(IEventFormat inner) : IEventFormat
{
    private readonly bool _readsLines = inner is SshdFormat;
    private byte[] _line = new byte[1024];

    public string Name => inner.Name;

    public byte? CsvSeparator => inner.CsvSeparator;

    public bool CsvQuotes => inner.CsvQuotes;

    public ParseResult Parse(ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch)
    {
        record = record.TrimEnd("\r\n\0"u8);
        var envelope = SyslogEnvelope.Read(record);
        if (_readsLines) return inner.Parse(envelope.IsStructured ? Rewrite(envelope, record) : record, position, batch);
        var result = inner.Parse(record[envelope.MessageAt..], position, batch);
        var defect = result.Defect;
        return defect.IsNone || defect.Position < 0 ? result : result with { Defect = defect with { Position = defect.Position + envelope.MessageAt } };
    }

    /// <summary>"TIME HOST PROGRAM[PROCESS]: MESSAGE", as a file has it.</summary>
    private ReadOnlySpan<byte> Rewrite(in SyslogEnvelope envelope, ReadOnlySpan<byte> record)
    {
        if (_line.Length < record.Length + 16) _line = new byte[record.Length * 2];
        var length = 0;
        Write(envelope.Time, ref length);
        Write(" "u8, ref length);
        Write(envelope.Host.IsEmpty ? "-"u8 : envelope.Host, ref length);
        Write(" "u8, ref length);
        Write(envelope.Program, ref length);
        if (!envelope.Process.IsEmpty)
        {
            Write("["u8, ref length);
            Write(envelope.Process, ref length);
            Write("]"u8, ref length);
        }

        Write(": "u8, ref length);
        Write(record[envelope.MessageAt..], ref length);
        return _line.AsSpan(0, length);
    }

    private void Write(ReadOnlySpan<byte> text, ref int length)
    {
        text.CopyTo(_line.AsSpan(length));
        length += text.Length;
    }
}
