using System.Net;
using System.Net.Sockets;
using RiskEngine.Collectors.File;
using RiskEngine.Collectors.Formats;
using RiskEngine.Collectors.Syslog;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Composition;

/// <summary>Takes syslog at one configured address and brings it into the judge loop for as long as the process runs.</summary>
/// <remarks>At most once: syslog knows no acknowledgement. What is lost on this side is counted by its reason.</remarks>
internal sealed partial class SyslogSource(SyslogSourceSettings settings, RunningEngine engine, ILogger logger)
{
    private const int BatchEvents = 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    private readonly string _label = LabelOf(settings);
    private readonly RejectionLog _rejections = new(settings.Name, (reason, count) => engine.Telemetry.Intake.Rejected(LabelOf(settings), reason, count), logger, TimeProvider.System);
    private readonly SourceSubmitter _submitter = new(LabelOf(settings), LabelOf(settings), engine, logger);
    private readonly List<RejectedRecord> _rejected = [];
    private int _inHand;
    private long _number = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() << 20;

    /// <summary>The label of a syslog source in metrics.</summary>
    public static string LabelOf(SyslogSourceSettings settings) => "syslog:" + settings.Name;

    public async Task RunAsync(CancellationToken cancellation)
    {
        // It outlives a listener that died: what waits is read with the next one.
        using var queue = new RecordQueue(settings.QueueBytes);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                using var listener = Open(queue);
                LogListening(logger, settings.Name, settings.Protocol, listener.Address);
                await ListenAsync(listener, queue, cancellation);
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                LogFault(logger, settings.Name, settings.Address, settings.Port, failure.Message);
                await Task.Delay(Pause, TimeProvider.System, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        Finish(queue);
    }

    /// <summary>Tells what is left at the end.</summary>
    internal void Finish(RecordQueue queue)
    {
        _rejections.Finish();
        var left = _inHand + queue.Count;
        if (left == 0) return;
        engine.Telemetry.Sources.Lost(_label, SyslogLoss.Stopped, left);
        LogStopped(logger, settings.Name, left);
    }

    /// <exception cref="SocketException">The address cannot be listened at.</exception>
    internal SyslogListener Open(RecordQueue queue) => new(
        new IPEndPoint(IPAddress.Parse(settings.Address), settings.Port), settings.Protocol == SyslogProtocol.Tcp, queue, loss => engine.Telemetry.Sources.Lost(_label, loss))
    {
        Failing = failure => LogFailing(logger, settings.Name, failure.Message),
    };

    /// <summary>Receives and reads side by side until cancelled, or until one of the two ends by itself. The reader finishes what it has in hand then.</summary>
    internal async Task ListenAsync(SyslogListener listener, RecordQueue queue, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var receiving = listener.RunAsync(stop.Token);
        var reading = ReadAsync(queue, CreateFormat(), stop.Token, cancellation);
        try
        {
            await await Task.WhenAny(receiving, reading);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(receiving, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private SyslogFormat CreateFormat()
    {
        var (choice, faults) = FormatChoice.Load(settings.Format);
        var context = engine.Formats with
        {
            Mapping = choice?.Mapping,
            SourceName = settings.Name,
            Zone = settings.UtcOffset?.ToZone() ?? engine.Formats.Clock.LocalTimeZone,
        };
        if (choice is null || !EventFormats.TryCreate(choice.Name, context, out var format)) throw new InvalidDataException(faults.Count > 0 ? string.Join("; ", faults) : $"there is no format {settings.Format}");
        return new SyslogFormat(format);
    }

    /// <param name="stop">Ends the waiting for records.</param>
    /// <param name="cancellation">Ends the submitting of those in hand as well.</param>
    private async Task ReadAsync(RecordQueue queue, SyslogFormat format, CancellationToken stop, CancellationToken cancellation)
    {
        var batch = new EventBatch();
        while (!stop.IsCancellationRequested)
        {
            var records = await queue.TakeAsync(Look, stop);
            _inHand = records.Count;
            while (records.Count > 0)
            {
                Fill(ref records, format, batch);
                if (batch.Count > 0) await _submitter.SubmitAsync(batch, null, cancellation);
                _inHand = records.Count;
            }

            _rejections.Tell();
        }
    }

    /// <summary>Reads some records into the batch.</summary>
    private void Fill(ref RecordQueue.Records records, SyslogFormat format, EventBatch batch)
    {
        batch.Clear();
        _rejected.Clear();
        while (batch.Count < BatchEvents && _rejected.Count < BatchEvents && records.TryNext(out var record))
        {
            var result = format.Parse(record, new SourcePosition(0, 0, ++_number), batch);
            if (result.IsFaulty) _rejected.Add(new RejectedRecord(_number & 0xFFFFF, 0, _number, result.Defect));
        }

        _rejections.Note(_rejected);
    }

    [LoggerMessage(1, LogLevel.Information, "Syslog source {Name}: listening for {Protocol} at {Address}.")]
    private static partial void LogListening(ILogger logger, string name, SyslogProtocol protocol, IPEndPoint address);

    [LoggerMessage(4, LogLevel.Warning, "Syslog source {Name}: {Count} messages that waited were not stored, or not known to be, when the process stopped. Syslog does not send again.")]
    private static partial void LogStopped(ILogger logger, string name, int count);

    [LoggerMessage(3, LogLevel.Error, "Syslog source {Name}: the system cannot receive ({Reason}). Tried again until it can; where descriptors ran out, raise their limit (LimitNOFILE, ulimit -n).")]
    private static partial void LogFailing(ILogger logger, string name, string reason);

    [LoggerMessage(2, LogLevel.Error, "Syslog source {Name}: {Address} port {Port} cannot be used: {Reason}. Tried again until it can.")]
    private static partial void LogFault(ILogger logger, string name, string address, int port, string reason);
}
