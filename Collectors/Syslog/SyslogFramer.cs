using RiskEngine.Collectors.File;
using RiskEngine.Collectors.Formats;

namespace RiskEngine.Collectors.Syslog;

/// <summary>Cuts a TCP stream of syslog into messages: by octet counting, or by line ends, whichever each message begins with (RFC 6587, section 3.4).</summary>
/// <remarks>Messages beyond the limit are passed over: to the end that they count, or to their line end.</remarks>
internal sealed class SyslogFramer(int limit) : IRecordFramer
{
    private const int CountDigits = 9;

    private readonly LineFramer _lines = new(limit);
    private int _skip;
    private bool _isInLine;

    public Frame Next(ReadOnlySpan<byte> data, bool isComplete)
    {
        if (data.IsEmpty) return Frame.NeedMore;
        if (_skip > 0)
        {
            var count = Math.Min(_skip, data.Length);
            _skip -= count;
            return Frame.Skip(count);
        }

        return !_isInLine && data[0] is >= (byte)'1' and <= (byte)'9' ? Counted(data, isComplete) : Line(data, isComplete);
    }

    /// <summary>Takes "LENGTH SP MESSAGE"; the record is the message, so the count is dropped by itself first.</summary>
    private Frame Counted(ReadOnlySpan<byte> data, bool isComplete)
    {
        var space = data[..Math.Min(data.Length, CountDigits + 1)].IndexOf((byte)' ');
        if (space < 0 && data.Length <= CountDigits && !data.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return isComplete ? Frame.Skip(data.Length) : Frame.NeedMore;
        if (space < 0 || !TimeText.TryDigits(data[..space], out var length)) return Line(data, isComplete);
        if (length > limit)
        {
            _skip = length;
            return Frame.TooLong(space + 1);
        }

        if (data.Length < space + 1 + length) return isComplete ? Frame.Skip(data.Length) : Frame.NeedMore;
        return new Frame(FrameKind.Record, space + 1 + length, space + 1 + length, false);
    }

    private Frame Line(ReadOnlySpan<byte> data, bool isComplete)
    {
        var frame = _lines.Next(data, isComplete);
        // What is left of a line that is too long may begin with a digit.
        _isInLine = frame.Kind is FrameKind.TooLong or FrameKind.Skip && data[frame.Consumed - 1] != '\n';
        return frame;
    }

    /// <summary>The message of a frame, without the count before it.</summary>
    public static ReadOnlySpan<byte> Message(ReadOnlySpan<byte> record)
    {
        if (record.IsEmpty || record[0] is < (byte)'1' or > (byte)'9') return record;
        var space = record[..Math.Min(record.Length, CountDigits + 1)].IndexOf((byte)' ');
        return space > 0 && TimeText.TryDigits(record[..space], out var length) && length == record.Length - space - 1 ? record[(space + 1)..] : record;
    }
}
