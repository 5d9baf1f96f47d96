using RiskEngine.Core.Events;

namespace RiskEngine.Collectors.Formats;

/// <summary>Lines of the OpenSSH server in syslog, with classic or ISO 8601 times. Lines of other programs, and other lines of sshd, give nothing.</summary>
/// <remarks>
/// An attempt leaves several lines and is counted once.
/// <list type="bullet">
/// <item>"Accepted" and "Failed" lines are logins and failures, save the method "none". "message repeated N times" is N of them: of more than 10,000 so
/// many are taken and the rest is told as a bad number, as is the whole line where N is no number above 0.</item>
/// <item>"Invalid user" alone is not counted: a "Failed" line or the connection's end follows it.</item>
/// <item>A connection that ends in preauth, or by too many attempts, is a failure if its process has told of none yet: with keys alone a server
/// logs nothing else.</item>
/// <item>PAM's "authentication failure" counts only under the program name <c>sshd(pam_unix)</c> of servers before 2006, and only until the file
/// shows a "Failed" line; newer servers write both. "check pass; user unknown", session lines and other messages are not counted.</item>
/// </list>
/// A failure for an account that does not exist is of a hashed name; PAM does not say which name it was, so there the host stands in for it. A host
/// name is an unknown address: nothing is resolved. The program is the application.
/// </remarks>
public sealed class SshdFormat(FormatContext context) : IEventFormat
{
    /// <summary>The most events that one line can stand for.</summary>
    public const int RepeatLimit = 10_000;

    private const int NameLimit = 256;

    private readonly TimeRange _times = new(context);
    private readonly SyslogClock _clock = new(context);
    private readonly EventFinish _finish = new(context);
    private readonly SshdConnections _connections = new();
    private bool _hasFailedLines;

    public string Name => "sshd";

    public ParseResult Parse(ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch)
    {
        if (!RecordText.IsReadable(record, out var unreadable)) return unreadable;
        if (!SyslogLine.TryParse(record, out var line)) return ParseResult.Faulty(DefectReason.Unrecognised, 0, "not a line of syslog");

        var text = line.Message;
        var times = SshdMessage.Unfold(ref text);
        var message = Read(line.Program, text);
        if (message.Telling == SshdTelling.Nothing) return ParseResult.Nothing;
        if (!TryReadTime(line, out var time)) return ParseResult.Faulty(DefectReason.BadTime, line.TimeAt, "not a time of syslog");
        var fault = _times.Check(time, line.TimeAt);
        if (!fault.IsNone) return new ParseResult(0, fault);
        if (message.Name.Length > NameLimit) return ParseResult.Faulty(DefectReason.FieldTooLong, -1, "a user name longer than 256 bytes");
        if (times < 1) return ParseResult.Faulty(DefectReason.BadNumber, -1, "message repeated: the number of times must be above 0");
        if (IsToldAlready(message.Telling, line.Process, time)) return ParseResult.Nothing;

        var taken = Math.Min(times, RepeatLimit);
        for (var index = 0; index < taken; index++) Add(message, time, record, position, batch, index);
        return taken == times ? ParseResult.Of(taken) : new ParseResult(taken, new Defect(DefectReason.BadNumber, -1, "message repeated: only 10,000 times of so many are taken"));
    }

    private SshdMessage Read(ReadOnlySpan<byte> program, ReadOnlySpan<byte> text)
    {
        if (program.SequenceEqual("sshd"u8) || program.SequenceEqual("sshd-session"u8)) return SshdMessage.Parse(text);
        if (program.SequenceEqual("sshd(pam_unix)"u8) && !_hasFailedLines) return SshdMessage.ParsePam(text);
        return default;
    }

    private bool TryReadTime(in SyslogLine line, out EventTime time) => line.IsIso ? TimeText.TryParseIso(line.Time, out time) : _clock.TryRead(line.Time, out time);

    private bool IsToldAlready(SshdTelling telling, int process, EventTime time)
    {
        if (telling == SshdTelling.PamFailed) return false;
        if (telling == SshdTelling.Failed) _hasFailedLines = true;

        // Without a process number an end cannot be told from the failure that went before.
        if (telling == SshdTelling.Ended && (process == 0 || _connections.IsTold(process, time))) return true;
        if (process != 0) _connections.Tell(process, time);
        return false;
    }

    private void Add(in SshdMessage message, EventTime time, ReadOnlySpan<byte> record, in SourcePosition position, EventBatch batch, int index)
    {
        ref var added = ref batch.Add(position);
        added.OccurredAt = time;
        added.Kind = message.Telling == SshdTelling.Accepted ? EventKind.Login : EventKind.LoginFailed;
        added.Application = batch.Append("sshd"u8);
        added.AuthMethod = batch.Append(message.Method);
        added.SourceIp = Address(message.Host);
        if (message.Telling == SshdTelling.Ended) added.Reason = batch.Append("ended_before_login"u8);
        if (message.IsUnknownName) added.Reason = batch.Append("invalid_user"u8);

        if (message.IsUnknownName || message.Name.IsEmpty) _finish.NameUnknown(batch, ref added, message.Name.IsEmpty ? message.Host : message.Name);
        else added.SubjectName = batch.Append(message.Name);
        _finish.GiveId(batch, ref added, record, position, index);
    }

    /// <summary>Reads an address, without the zone that a link-local one has; a host name is unknown.</summary>
    private static IpAddress Address(ReadOnlySpan<byte> host)
    {
        var zone = host.IndexOf((byte)'%');
        return IpAddress.TryParse(zone < 0 ? host : host[..zone], out var address) ? address : default;
    }
}
