using System.Buffers;

namespace RiskEngine.Collectors.File;

/// <summary>JSON documents that may go over many lines: each object is a record, and so is each element of an array.</summary>
/// <remarks>
/// Only brackets and strings are looked at; whether a record is JSON is for its format to say. So a faulty element costs itself alone, as long as its
/// brackets match. Nothing but the record at hand is held in memory. Elements have the limit of lines, documents sixteen times as much: a page of an
/// API is one.
/// </remarks>
internal sealed class JsonFramer(int limit) : IRecordFramer
{
    private const int DocumentFactor = 16;

    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> Separators = SearchValues.Create(" \t\r\n,"u8);
    private static readonly SearchValues<byte> ScalarEnds = SearchValues.Create(",]}\n"u8);
    private static readonly SearchValues<byte> StringEnds = SearchValues.Create("\"\\"u8);

    private bool _isInArray;
    private bool _isInString;
    private bool _isSkipping;
    private int _depth;
    private int _scanned;

    /// <summary>Begins again with another text.</summary>
    public void Reset() => (_isInArray, _isInString, _isSkipping, _depth, _scanned) = (false, false, false, 0, 0);

    public Frame Next(ReadOnlySpan<byte> data, bool isComplete)
    {
        if (_scanned == 0 && _depth == 0 && !_isSkipping && SeparatorLength(data) is > 0 and var separators) return Frame.Skip(separators);
        if (data.IsEmpty) return Frame.NeedMore;

        if (data[0] == '"' && _scanned == 0 && _depth == 0 && !_isInString) (_isInString, _scanned) = (true, 1);
        var isNested = _depth > 0 || _isInString || data[0] is (byte)'{' or (byte)'[';
        var end = isNested ? FindEnd(data) : FindScalarEnd(data);
        if (end >= 0) return Ended(end);
        if (_isSkipping || data.Length > (_isInArray ? limit : limit * DocumentFactor)) return Drop(data, isNested && !isComplete);
        if (!isComplete) return Frame.NeedMore;
        (_scanned, _depth, _isInString) = (0, 0, false);
        return new Frame(FrameKind.Record, data.Length, data.Length, true);
    }

    private Frame Ended(int end)
    {
        var wasSkipping = _isSkipping;
        var isTooLong = !wasSkipping && end > (_isInArray ? limit : limit * DocumentFactor);
        (_scanned, _depth, _isInString, _isSkipping) = (0, 0, false, false);
        if (wasSkipping) return Frame.Skip(end);
        return isTooLong ? Frame.TooLong(end) : new Frame(FrameKind.Record, end, end, false);
    }

    /// <summary>Gives up the record and drops what has been looked at, which leaves out a backslash at the very end.</summary>
    private Frame Drop(ReadOnlySpan<byte> data, bool hasMore)
    {
        var count = hasMore ? _scanned : data.Length;
        if (count == 0) return Frame.NeedMore;
        var isFirst = !_isSkipping;
        (_isSkipping, _scanned) = (true, 0);
        return isFirst ? Frame.TooLong(count) : Frame.Skip(count);
    }

    /// <summary>Counts what stands between records, the brackets of the array around them included.</summary>
    private int SeparatorLength(ReadOnlySpan<byte> data)
    {
        var at = 0;
        for (; at < data.Length; at++)
        {
            if (Separators.Contains(data[at])) continue;
            if (data[at] == '[' && !_isInArray) _isInArray = true;
            else if (data[at] == ']' && _isInArray) _isInArray = false;
            else break;
        }

        return at;
    }

    /// <summary>Finds the end of an object or a nested array, going on where the last search stopped.</summary>
    private int FindEnd(ReadOnlySpan<byte> data)
    {
        while (_scanned < data.Length)
        {
            if (_isInString && !PassString(data)) return -1;
            if (_depth == 0 && _scanned > 0) return _scanned;
            var next = data[_scanned..].IndexOfAny(Structure);
            if (next < 0) break;
            _scanned += next + 1;
            var c = data[_scanned - 1];
            if (c == '"') _isInString = true;
            else if (c is (byte)'{' or (byte)'[') _depth++;
            else if (--_depth <= 0) return _scanned;
        }

        _scanned = data.Length;
        return -1;
    }

    /// <summary>Passes to behind the string's closing quote; false where that is not there yet.</summary>
    private bool PassString(ReadOnlySpan<byte> data)
    {
        while (_scanned < data.Length)
        {
            var next = data[_scanned..].IndexOfAny(StringEnds);
            if (next < 0) break;
            if (data[_scanned + next] == '"')
            {
                _scanned += next + 1;
                _isInString = false;
                return true;
            }

            // A backslash at the very end stays unread, so that what it escapes is seen together with it.
            if (_scanned + next + 1 == data.Length)
            {
                _scanned += next;
                return false;
            }

            _scanned += next + 2;
        }

        _scanned = data.Length;
        return false;
    }

    private static int FindScalarEnd(ReadOnlySpan<byte> data)
    {
        var end = data[1..].IndexOfAny(ScalarEnds);
        return end < 0 ? -1 : Math.Max(end + 1, 1);
    }
}
