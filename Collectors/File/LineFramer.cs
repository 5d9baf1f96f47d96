namespace RiskEngine.Collectors.File;

/// <summary>One record a line, ended by LF or CRLF; the last line may lack its end. Lines beyond the limit are passed over to their end.</summary>
internal sealed class LineFramer(int limit) : IRecordFramer
{
    private int _searched;
    private bool _isSkipping;

    public Frame Next(ReadOnlySpan<byte> data, bool isComplete)
    {
        var end = data[_searched..].IndexOf((byte)'\n');
        if (end < 0) return NextWithoutEnd(data, isComplete);

        end += _searched;
        _searched = 0;
        if (_isSkipping)
        {
            _isSkipping = false;
            return Frame.Skip(end + 1);
        }

        return end > limit ? Frame.TooLong(end + 1) : new Frame(FrameKind.Record, WithoutReturn(data[..end]), end + 1, false);
    }

    private Frame NextWithoutEnd(ReadOnlySpan<byte> data, bool isComplete)
    {
        _searched = 0;
        if (data.IsEmpty) return Frame.NeedMore;
        if (_isSkipping) return Frame.Skip(data.Length);
        if (data.Length > limit)
        {
            _isSkipping = true;
            return Frame.TooLong(data.Length);
        }

        if (isComplete) return new Frame(FrameKind.Record, WithoutReturn(data), data.Length, true);
        _searched = data.Length;
        return Frame.NeedMore;
    }

    private static int WithoutReturn(ReadOnlySpan<byte> line) => line.Length > 0 && line[^1] == '\r' ? line.Length - 1 : line.Length;
}
