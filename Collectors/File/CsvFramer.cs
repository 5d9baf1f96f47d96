using RiskEngine.Collectors.Formats;

namespace RiskEngine.Collectors.File;

/// <summary>Comma-separated values (RFC 4180): a record ends with its line, unless a quote is open there; then it goes on in the next line.</summary>
/// <remarks>
/// A quote opens a field where it stands first in it and nowhere else, as <see cref="CsvRow"/> has it. Records beyond the limit are passed over to their
/// end, which is the end of the line on which their last quote closes; a quote that is never closed takes all that follows with it.
/// </remarks>
internal sealed class CsvFramer(byte separator, int limit) : IRecordFramer
{
    private readonly byte _separator = separator;

    /// <summary>The byte before those that are given: a field begins where a record does.</summary>
    private byte _before = separator;
    private int _searched;
    private bool _isQuoted;
    private bool _isSkipping;

    public Frame Next(ReadOnlySpan<byte> data, bool isComplete)
    {
        if (data.IsEmpty) return Frame.NeedMore;
        var end = FindEnd(data, isComplete);
        if (end >= 0) return Ended(data, end, end + 1, isCutOff: false);
        if (isComplete) return Ended(data, data.Length, data.Length, isCutOff: true);
        return _isSkipping || data.Length > limit ? Drop(data) : Frame.NeedMore;
    }

    private Frame Ended(ReadOnlySpan<byte> data, int end, int consumed, bool isCutOff)
    {
        var wasSkipping = _isSkipping;
        (_before, _searched, _isQuoted, _isSkipping) = (_separator, 0, false, false);
        if (wasSkipping) return Frame.Skip(consumed);
        if (end > limit) return Frame.TooLong(consumed);
        return new Frame(FrameKind.Record, end > 0 && data[end - 1] == '\r' ? end - 1 : end, consumed, isCutOff);
    }

    /// <summary>Gives up the record and drops what has been looked at, which leaves out a quote at the very end.</summary>
    private Frame Drop(ReadOnlySpan<byte> data)
    {
        var count = _searched;
        if (count == 0) return Frame.NeedMore;
        var isFirst = !_isSkipping;
        (_before, _searched, _isSkipping) = (data[count - 1], 0, true);
        return isFirst ? Frame.TooLong(count) : Frame.Skip(count);
    }

    /// <summary>Finds the line end that ends the record, going on where the last search stopped.</summary>
    private int FindEnd(ReadOnlySpan<byte> data, bool isComplete)
    {
        while (_searched < data.Length)
        {
            var next = _isQuoted ? data[_searched..].IndexOf((byte)'"') : data[_searched..].IndexOfAny((byte)'\n', (byte)'"');
            if (next < 0) break;
            next += _searched;
            if (data[next] == '\n') return next;
            if (_isQuoted && next + 1 == data.Length && !isComplete)
            {
                // Whether it closes or is one of two is told by the byte behind it.
                _searched = next;
                return -1;
            }

            var isDoubled = _isQuoted && next + 1 < data.Length && data[next + 1] == '"';
            if (_isQuoted) _isQuoted = isDoubled;
            else _isQuoted = (next == 0 ? _before : data[next - 1]) == _separator;
            _searched = next + (isDoubled ? 2 : 1);
        }

        _searched = data.Length;
        return -1;
    }
}
