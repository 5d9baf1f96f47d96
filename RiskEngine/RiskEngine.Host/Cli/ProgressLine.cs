using System.Diagnostics;
using RiskEngine.Collectors.File;
using RiskEngine.Host.Replaying;

namespace RiskEngine.Host.Cli;

/// <summary>One line of progress that rewrites itself on a terminal; nothing in a pipe.</summary>
internal sealed class ProgressLine(FileCollector collector, ReplayStatistics statistics)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly bool _isShown = !Console.IsErrorRedirected;
    private long _last = Stopwatch.GetTimestamp();

    public void Show()
    {
        if (!_isShown || Stopwatch.GetElapsedTime(_last) < Interval) return;
        _last = Stopwatch.GetTimestamp();
        var part = collector.Length is > 0 and var length ? $"{100.0 * collector.BytesRead / length:0} %, " : "";
        Console.Error.Write($"\r{part}{statistics.Events} events, {statistics.Judged} judged ");
    }

    public void Clear()
    {
        if (_isShown) Console.Error.Write("\r\u001b[K");
    }
}
