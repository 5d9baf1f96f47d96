using System.Diagnostics.CodeAnalysis;
using RiskEngine.Collectors.Formats;
using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.File;

/// <summary>Reads login events from a file or standard input, plain or gzip, once or following it as it grows.</summary>
/// <remarks>
/// <para>
/// At least once: it keeps no place between runs, but a file read again gives the same event ids, so what was seen before is a duplicate downstream.
/// It is pulled by its caller; back-pressure is not calling. Nothing it meets in a file throws: a file that cannot be opened is a
/// <see cref="SourceFault"/>, a faulty record a <see cref="RejectedRecord"/>, a stream that breaks off a last rejected record.
/// </para>
/// <para>
/// Following: an unfinished last line waits for its end. When the path names another file, or the file has become shorter, the rest of the old one
/// is read, its last line too, and the new one from its beginning. Not thread-safe.
/// </para>
/// <para>
/// A pipe can be read in the same way (<see cref="FileCollectorSettings.GivesAtOnce"/>): what is there is given, and then whoever asked may wait.
/// </para>
/// </remarks>
public sealed class FileCollector : IDisposable
{
    private const int HeadLength = 64 * 1024;

    private readonly FileCollectorSettings _settings;
    private readonly TimeProvider _clock;
    private Stream _stream;
    private EventReader? _reader;
    private bool _isReplacementSeen;

    private FileCollector(FileCollectorSettings settings, FormatContext context, Stream stream, RecordWindow window, IEventFormat? format, string reason)
    {
        (_settings, _clock, _stream, Format, FormatReason) = (settings, context.Clock, stream, format, reason);
        if (format is null) window.Dispose();
        else _reader = new EventReader(window, format, settings.Source, settings.Follow);
    }

    /// <summary>Gets the format; null for an empty file whose format had to be told by its content.</summary>
    public IEventFormat? Format { get; }

    /// <summary>Gets how the format was told, for people.</summary>
    public string FormatReason { get; }

    /// <summary>Gets the bytes of the file read so far, as they lie on the disk; for showing progress. Zero for standard input.</summary>
    public long BytesRead => _stream.CanSeek ? _stream.Position : 0;

    /// <summary>Gets the file's length in bytes; null for standard input.</summary>
    public long? Length => _stream.CanSeek ? _stream.Length : null;

    /// <summary>Gets whether it is a pipe that gives at once. Told to stop it ends behind what was written by then, for what is not read of it is lost.</summary>
    public bool IsPipe => _stream is ReadAheadStream;

    /// <summary>Gets whether all was read and nothing comes any more, which never is so of a file that is followed.</summary>
    public bool IsOver => !_settings.Follow && _reader is not { IsOver: false };

    /// <summary>Opens a source and finds its format.</summary>
    /// <param name="stop">Ends a pipe that gives at once, as if its writer had closed it.</param>
    /// <returns>False with a fault in words: no such file, a folder, an unknown format, a compressed file to follow.</returns>
    public static bool TryOpen(
        FileCollectorSettings settings, FormatContext context, [NotNullWhen(true)] out FileCollector? collector, [NotNullWhen(false)] out SourceFault? fault,
        CancellationToken stop = default)
    {
        collector = null;
        var stream = FileOpening.TryOpen(settings.Path, out fault);
        if (stream is null || fault is not null) return Close(stream, fault!);

        if (settings.Follow && !stream.CanSeek) return Close(stream, fault = Refuse(settings, DefectReason.BadValue, "is no plain file and cannot be followed"));
        if (settings.GivesAtOnce && !stream.CanSeek) stream = new ReadAheadStream(stream, stop);
        var window = new RecordWindow(stream);
        var isGzip = FileOpening.IsGzip(window.Peek(2));
        if (isGzip && settings.Follow) return Close(stream, fault = Refuse(settings, DefectReason.BadValue, "is compressed and cannot be followed"), window);
        if (isGzip) window = FileOpening.Decompress(window, stream);

        context = About(settings, context);
        var (format, reason) = FindFormat(settings, context, window, out fault);
        if (fault is not null) return Close(stream, fault, window);
        if (format is not null && settings.Decorate is { } decorate) format = decorate(format);
        collector = new FileCollector(settings, context, stream, window, format, reason);
        return true;
    }

    /// <summary>Clears the batch and fills it, see <see cref="EventReader.TryReadBatch"/>.</summary>
    /// <returns>False at the end (<see cref="IsOver"/>), and where there is nothing more for now: wait with <see cref="WaitForMoreAsync"/>.</returns>
    public bool TryReadBatch(EventBatch batch, ICollection<RejectedRecord> rejected)
    {
        batch.Clear();
        if (_reader is null) return false;
        if (_reader.TryReadBatch(batch, rejected)) return true;
        return _settings.Follow && IsReplaced() && MoveOn(batch, rejected);
    }

    /// <summary>Waits before the next look at a file that is followed, or until a pipe has more.</summary>
    public Task WaitForMoreAsync(CancellationToken cancellation) =>
        _stream is ReadAheadStream pipe ? pipe.WaitAsync().WaitAsync(cancellation) : Task.Delay(_settings.PollInterval, _clock, cancellation);

    public void Dispose()
    {
        _reader?.Dispose();
        _stream.Dispose();
    }

    private static FormatContext About(FileCollectorSettings settings, FormatContext context)
    {
        if (settings.Path == FileOpening.StandardInput) return context;
        if (context.SourceName.Length == 0) context = context with { SourceName = FileOpening.NameOf(settings.Path) };
        if (context.NotAfter is not null || settings.Follow) return context;
        return context with { NotAfter = new DateTimeOffset(System.IO.File.GetLastWriteTimeUtc(settings.Path)) };
    }

    private static (IEventFormat? Format, string Reason) FindFormat(FileCollectorSettings settings, FormatContext context, RecordWindow window, out SourceFault? fault)
    {
        fault = null;
        if (EventFormats.TryCreate(settings.Format, context, out var named)) return (named, "as asked for");
        if (settings.Format != "auto")
        {
            fault = Refuse(settings, DefectReason.BadValue, $"has no format that is known; there are auto, {string.Join(", ", EventFormats.Names)}");
            return default;
        }

        var head = window.Peek(HeadLength);
        if (head.StartsWith(Framing.ByteOrderMark)) head = head[Framing.ByteOrderMark.Length..];
        if (head.IsEmpty && window.Fault is null && !settings.Follow) return (null, "the file is empty");
        if (Framing.FindBinary(head) >= 0) fault = Refuse(settings, DefectReason.Binary, "holds binary data and not text (or UTF-16; give UTF-8)");
        else if (head.IsEmpty && window.Fault is { } broken) fault = Refuse(settings, DefectReason.Unreadable, broken);
        if (fault is not null) return default;

        var guess = FormatDetector.Detect(head);
        if (guess.Name is not null && EventFormats.TryCreate(guess.Name, context, out var told)) return (told, guess.Reason);
        fault = Refuse(settings, DefectReason.Unrecognised, guess.Reason);
        return default;
    }

    private static SourceFault Refuse(FileCollectorSettings settings, DefectReason reason, string detail) => new(settings.Path, reason, detail);

    private static bool Close(Stream? stream, SourceFault? fault, RecordWindow? window = null)
    {
        window?.Dispose();
        stream?.Dispose();
        return fault is null;
    }

    /// <summary>Whether the path names another file by now, or the same one made shorter. Asked when everything there was has been read.</summary>
    /// <remarks>
    /// Another file is told by its length and by when it was made: ours has not grown between two looks at it and the path has another one. Seen twice
    /// before it counts, so that what is still written to the old file after it was renamed has a poll's time to arrive. One that is cut and filled
    /// to the same length between two looks is not told from one that nobody touched.
    /// </remarks>
    private bool IsReplaced()
    {
        var length = _stream.Length;
        if (length < _stream.Position) return true;
        var named = new FileInfo(_settings.Path);
        var isOther = named.Exists && (named.Length != length || named.CreationTimeUtc != MadeAt(_stream)) && _stream.Length == length && length == _stream.Position;
        var isCertain = isOther && _isReplacementSeen;
        _isReplacementSeen = isOther && !isCertain;
        return isCertain;
    }

    private static DateTime? MadeAt(Stream stream) => stream is FileStream file ? System.IO.File.GetCreationTimeUtc(file.SafeFileHandle) : null;

    private bool MoveOn(EventBatch batch, ICollection<RejectedRecord> rejected)
    {
        var next = FileOpening.TryOpen(_settings.Path, out _);
        if (next is null) return false;
        var hasRest = _reader!.Complete(batch, rejected);
        _reader.Dispose();
        _stream.Dispose();
        _stream = next;
        _reader = new EventReader(new RecordWindow(next), Format!, _settings.Source, isGrowing: true);
        return hasRest || _reader.TryReadBatch(batch, rejected);
    }
}
