using System.Buffers.Binary;

namespace RiskEngine.Collectors.Syslog;

/// <summary>Records on their way from a socket to who reads them, in two buffers that change places: bounded in bytes, and nothing is allocated per record.</summary>
/// <remarks>Any number of writers; one reader.</remarks>
public sealed class RecordQueue(int capacity) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _filled = new(0, 1);
    private readonly SemaphoreSlim _drained = new(0, 1);
    private byte[] _writing = new byte[capacity];
    private byte[] _reading = new byte[capacity];
    private int _length;
    private int _count;

    /// <summary>Gets the records that wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _count;
        }
    }

    /// <summary>Gets the bytes that wait.</summary>
    public int Length
    {
        get
        {
            lock (_gate) return _length;
        }
    }

    /// <summary>Adds a record; false where there is no room.</summary>
    public bool TryAdd(ReadOnlySpan<byte> record)
    {
        lock (_gate)
        {
            if (_writing.Length - _length < record.Length + sizeof(int)) return false;
            BinaryPrimitives.WriteInt32LittleEndian(_writing.AsSpan(_length), record.Length);
            record.CopyTo(_writing.AsSpan(_length + sizeof(int)));
            _length += record.Length + sizeof(int);
            _count++;
            if (_filled.CurrentCount == 0) _filled.Release();
            return true;
        }
    }

    /// <summary>Waits until there may be room again.</summary>
    public Task WaitForRoomAsync(TimeSpan atMost, CancellationToken cancellation) => _drained.WaitAsync(atMost, cancellation);

    /// <summary>Waits for records and takes all there are; empty where none came in time. Good until the next call.</summary>
    public async Task<Records> TakeAsync(TimeSpan atMost, CancellationToken cancellation)
    {
        await _filled.WaitAsync(atMost, cancellation).ConfigureAwait(false);
        lock (_gate)
        {
            (_writing, _reading) = (_reading, _writing);
            var taken = new Records(_reading.AsMemory(0, _length), _count);
            (_length, _count) = (0, 0);
            if (_drained.CurrentCount == 0) _drained.Release();
            return taken;
        }
    }

    public void Dispose()
    {
        _filled.Dispose();
        _drained.Dispose();
    }

    /// <summary>Records one after the other.</summary>
    /// <param name="Count">How many are left.</param>
    public record struct Records(ReadOnlyMemory<byte> Data, int Count)
    {
        public bool TryNext(out ReadOnlySpan<byte> record)
        {
            record = default;
            if (Data.IsEmpty) return false;
            var length = BinaryPrimitives.ReadInt32LittleEndian(Data.Span);
            record = Data.Span.Slice(sizeof(int), length);
            Data = Data[(sizeof(int) + length)..];
            Count--;
            return true;
        }
    }
}
