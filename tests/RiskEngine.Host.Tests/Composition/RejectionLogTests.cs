using RiskEngine.Collectors.File;
using RiskEngine.Core.Events;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Tests.Telemetry;
using RiskEngine.Testing;

namespace RiskEngine.Host.Tests.Composition;

public sealed class RejectionLogTests
{
    private readonly ManualTimeProvider _clock = new(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordingLoggerFactory _lines = new();
    private readonly RejectionLog _log;

    private int _counted;

    public RejectionLogTests() => _log = new RejectionLog("auth.log", (_, count) => _counted += count, _lines, _clock);

    [Fact]
    public void A_million_bad_lines_are_ten_with_their_places_and_then_one_count_a_minute()
    {
        Reject(DefectReason.BadTime, 1_000_000);
        Assert.Equal((1_000_000, RejectionLog.First), (_counted, _lines.Messages.Count));
        Assert.Contains("line 1 ", _lines.Messages[0], StringComparison.Ordinal);
        _log.Tell();
        Assert.Equal(RejectionLog.First, _lines.Messages.Count);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _log.Tell();
        Assert.Contains("999990 more", _lines.Messages[^1], StringComparison.Ordinal);
        Reject(DefectReason.BadTime, 1000);
        Assert.Equal(RejectionLog.First + 1, _lines.Messages.Count);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Reject(DefectReason.BadTime, 1);
        Assert.Contains("1000 more", _lines.Messages[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void One_reason_does_not_hide_another()
    {
        Reject(DefectReason.BadTime, 1000);
        Reject(DefectReason.InvalidJson, 1);
        Assert.Contains("invalid_json", _lines.Messages[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_calm_minute_the_first_are_told_again()
    {
        Reject(DefectReason.BadTime, RejectionLog.First);
        _clock.Advance(TimeSpan.FromMinutes(1));
        _log.Tell();
        Assert.Equal(RejectionLog.First, _lines.Messages.Count);
        Reject(DefectReason.BadTime, 1);
        Assert.Equal(RejectionLog.First + 1, _lines.Messages.Count);
    }

    [Fact]
    public void What_was_not_told_when_the_source_ends_is_told_then_and_once()
    {
        Reject(DefectReason.BadTime, RejectionLog.First + 5);
        _log.Finish();
        _log.Finish();
        Assert.Contains("5 more", _lines.Messages[^1], StringComparison.Ordinal);
        Assert.Equal(RejectionLog.First + 1, _lines.Messages.Count);
    }

    private void Reject(DefectReason reason, int count) =>
        _log.Note([.. Enumerable.Range(1, count).Select(i => new RejectedRecord(i, i * 100L, i, new Defect(reason, 3, "expected something else")))]);
}
