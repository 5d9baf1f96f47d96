using System.Buffers;

namespace RiskEngine.Collectors.File;

/// <summary>A pooled buffer that moves over a stream: what was read and not yet used.</summary>
/// <remarks>Never throws for what the stream does: a read that fails is the end of the stream, with <see cref="Fault"/> in words.</remarks>
internal sealed class RecordWindow(Stream stream) : IDisposable
{
    private const int FirstSize = 256 * 1024;

    /// <summary>How long a pipe has to be quiet before what came by then is all there is to tell a format by.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    private readonly ReadAheadStream? _pipe = stream as ReadAheadStream;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstSize);
    private int _start;
    private int _end;

    /// <summary>Gets where the window begins in the stream, in bytes.</summary>
    public long Offset { get; private set; }

    /// <summary>Gets whether the last read gave nothing. A file that grows can give more later.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Gets why reading ended early, or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>Gets whether reading more would wait for whoever writes to a pipe.</summary>
    public bool IsWaiting => _pipe is { IsWaiting: true };

    public ReadOnlySpan<byte> Data => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Drops bytes from the front.</summary>
    public void Advance(int count)
    {
        _start += count;
        Offset += count;
    }

    /// <summary>Reads more behind what is there; false where nothing came.</summary>
    public bool Fill()
    {
        if (Fault is not null) return false;
        MakeRoom();
        var count = Read();
        IsAtEnd = count == 0;
        _end += count;
        return count > 0;
    }

    /// <summary>Reads until that many bytes are there or the stream ends, or a pipe that gave a whole line is quiet.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        while (Data.Length < count && !IsQuiet() && Fill())
        {
            // Fill did the work.
        }

        return Data;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        (_start, _end) = (0, 0);
    }

    private bool IsQuiet() => IsWaiting && Framing.BeginsWithLine(Data) && !_pipe!.Wait(Quiet);

    private void MakeRoom()
    {
        if (_end < _buffer.Length) return;
        if (_start > 0)
        {
            Data.CopyTo(_buffer);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            Data.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        (_start, _end) = (0, _end - _start);
    }

    private int Read()
    {
        try
        {
            return stream.Read(_buffer.AsSpan(_end));
        }
        catch (InvalidDataException)
        {
            Fault = "the compressed data are damaged or end too early";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            Fault = $"reading failed ({exception.GetType().Name})";
        }

        return 0;
    }
}
