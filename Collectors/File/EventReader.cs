using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.File;

/// <summary>Reads a stream through a format into batches: a file, standard input, the body of a request.</summary>
/// <remarks>
/// Synchronous and pulled by its caller, who so decides the pace. A faulty record costs itself alone and is told with its line and offset. The
/// position of an event is the offset of its record in the stream. Beyond its buffer the reader allocates nothing per record. Not thread-safe.
/// </remarks>
public sealed class EventReader : IDisposable
{
    /// <summary>The most bytes that a line may have.</summary>
    public const int LineLimit = 1024 * 1024;

    private const int HeadLength = 64 * 1024;
    private const int BatchEvents = 1024;
    private const int BatchText = 256 * 1024;

    private readonly RecordWindow _window;
    private readonly IEventFormat _format;
    private readonly int _source;
    private readonly bool _isGrowing;
    private IRecordFramer? _framer;
    private long _line = 1;
    private long _index;
    private bool _isFinished;

    /// <param name="stream">Read to its end and not closed.</param>
    /// <param name="format">Made for this stream.</param>
    /// <param name="source">Number of the source for the positions.</param>
    public EventReader(Stream stream, IEventFormat format, int source = 0)
        : this(new RecordWindow(stream), format, source, isGrowing: false)
    {
    }

    /// <param name="window">The stream, of which the first bytes may have been looked at; disposed with the reader.</param>
    /// <param name="isGrowing">The end of the stream is not final, and a line without an end is not over: see <see cref="Complete"/>.</param>
    internal EventReader(RecordWindow window, IEventFormat format, int source, bool isGrowing) =>
        (_window, _format, _source, _isGrowing) = (window, format, source, isGrowing);

    /// <summary>Gets the number of bytes used so far, after decompression.</summary>
    public long Offset => _window.Offset;

    /// <summary>Gets whether all of the stream was read, so that nothing comes any more.</summary>
    public bool IsOver => _isFinished;

    /// <summary>Gets why reading ended before the end of the stream, or null.</summary>
    public string? Fault => _window.Fault;

    /// <summary>Clears the batch and fills it: up to 1,024 events or 256 KiB of text, more only where one record holds more than is left.</summary>
    /// <param name="batch">Reused by its caller.</param>
    /// <param name="rejected">Gets the faulty records added: 1,024 of them, more only where one record is a list with more than are left.</param>
    /// <returns>
    /// False where the stream is over (or has nothing more for now, see <see cref="IsOver"/>) and nothing was read. True with an empty batch is possible.
    /// </returns>
    public bool TryReadBatch(EventBatch batch, ICollection<RejectedRecord> rejected)
    {
        batch.Clear();
        var records = _index;
        var rejectedBefore = rejected.Count;
        if (_isFinished || !Begin(rejected)) return false;
        while (batch.Count < BatchEvents && batch.TextLength < BatchText && rejected.Count - rejectedBefore < BatchEvents)
        {
            if (ReadNext(batch, rejected)) continue;
            ReportFault(rejected);
            return _index > records || rejected.Count > rejectedBefore;
        }

        return true;
    }

    /// <summary>Reads what is left of a stream that was growing: its last line may lack an end.</summary>
    /// <returns>As <see cref="TryReadBatch"/>.</returns>
    internal bool Complete(EventBatch batch, ICollection<RejectedRecord> rejected)
    {
        batch.Clear();
        if (_isFinished) return false;
        _framer ??= Choose();
        var frame = _framer.Next(_window.Data, isComplete: true);
        _isFinished = true;
        if (frame.Kind != FrameKind.Record) return false;
        Use(frame, batch, rejected);
        return true;
    }

    public void Dispose() => _window.Dispose();

    private bool Begin(ICollection<RejectedRecord> rejected)
    {
        if (_framer is not null) return true;
        var head = _window.Peek(HeadLength);
        if (_isGrowing && _window.Fault is null && !head.Contains((byte)'\n')) return false;
        if (head.StartsWith(Framing.ByteOrderMark)) _window.Advance(Framing.ByteOrderMark.Length);
        _framer = Choose();
        var binary = Framing.FindBinary(_window.Data);
        if (binary < 0) return true;
        _isFinished = true;
        Reject(rejected, new Defect(DefectReason.Binary, binary, "not text but binary data (or UTF-16; give UTF-8)"));
        return true;
    }

    private IRecordFramer Choose() => (_format.CsvSeparator, _format.CsvQuotes) switch
    {
        ({ } separator, true) => new CsvFramer(separator, LineLimit),
        ({ }, false) => new LineFramer(LineLimit),
        _ => Framing.Choose(_window.Data, LineLimit),
    };

    /// <summary>Takes one frame; false where there is nothing more.</summary>
    private bool ReadNext(EventBatch batch, ICollection<RejectedRecord> rejected)
    {
        if (_isFinished) return false;
        var frame = _framer!.Next(_window.Data, _window.IsAtEnd && !_isGrowing);
        switch (frame.Kind)
        {
            case FrameKind.Record:
                Use(frame, batch, rejected);
                return true;
            case FrameKind.TooLong:
                Reject(rejected, TooLong());
                Drop(frame);
                return true;
            case FrameKind.Skip:
                Drop(frame);
                return true;
            default:
                if (_window.IsWaiting) return false;
                if (_window.Fill() || (!_isGrowing && !_window.Data.IsEmpty)) return true;
                _isFinished = !_isGrowing || _window.Fault is not null;
                return false;
        }
    }

    private void Use(in Frame frame, EventBatch batch, ICollection<RejectedRecord> rejected)
    {
        var record = _window.Data[..frame.Length];
        var result = _format.Parse(record, new SourcePosition(_source, 0, _window.Offset), batch);
        if (result.Elements is { } elements) RejectElements(elements, result.MoreFaulty, record, rejected);
        else if (result.IsFaulty) Reject(rejected, frame.IsCutOff ? Torn(result.Defect, record) : result.Defect);
        _index++;
        Drop(frame);
    }

    private void Drop(in Frame frame)
    {
        // Nearly every frame is a line with its end, which is one line.
        _line += _framer is LineFramer ? (frame.IsCutOff ? 0 : EndsLine(frame) ? 1 : 0) : _window.Data[..frame.Consumed].Count((byte)'\n');
        _window.Advance(frame.Consumed);
    }

    private bool EndsLine(in Frame frame) => frame.Consumed > 0 && _window.Data[frame.Consumed - 1] == '\n';

    private void Reject(ICollection<RejectedRecord> rejected, in Defect defect) => rejected.Add(new RejectedRecord(_line, _window.Offset, _index, defect));

    private void RejectElements(IReadOnlyList<ElementFault> elements, int more, ReadOnlySpan<byte> record, ICollection<RejectedRecord> rejected)
    {
        var (line, from) = (_line, 0);
        for (var i = 0; i < elements.Count; i++)
        {
            var (index, offset, defect) = elements[i];
            line += record[from..offset].Count((byte)'\n');
            from = offset;
            rejected.Add(new RejectedRecord(line, _window.Offset + offset, _index + index, defect) { More = i == elements.Count - 1 ? more : 0 });
        }
    }

    private void ReportFault(ICollection<RejectedRecord> rejected)
    {
        if (_isFinished && _window.Fault is { } fault) Reject(rejected, new Defect(DefectReason.Unreadable, -1, fault));
    }

    /// <summary>A last line without an end that is broken was most likely cut off while it was written.</summary>
    private static Defect Torn(in Defect defect, ReadOnlySpan<byte> record) => defect.Reason is DefectReason.InvalidJson or DefectReason.InvalidUtf8 or DefectReason.UnknownColumns
        or DefectReason.BadValue or DefectReason.Unrecognised
        ? new Defect(DefectReason.TornLine, defect.Position, record.Contains((byte)'\n') ? "cut off, or a quote that is never closed: all from here to the end is one record" : "the last line is cut off")
        : defect;

    private Defect TooLong() => _framer is CsvFramer
        ? new Defect(DefectReason.LineTooLong, -1, "longer than 1 MiB; reading goes on behind the line on which its quotes are closed")
        : new Defect(DefectReason.LineTooLong, -1, "longer than 1 MiB (a whole document: 16 MiB)");
}
