using System.Diagnostics;

namespace RiskEngine.Host.Cli;

/// <summary>One line that says what is going on, rewritten in place on a terminal; nothing in a pipe.</summary>
internal sealed class StatusLine
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly bool _isShown = !Console.IsErrorRedirected;
    private long _last;

    public void Show(string text)
    {
        if (!_isShown || (_last != 0 && Stopwatch.GetElapsedTime(_last) < Interval)) return;
        _last = Stopwatch.GetTimestamp();
        Console.Error.Write($"\r\u001b[K{text}");
    }

    public void Clear()
    {
        if (_isShown) Console.Error.Write("\r\u001b[K");
    }
}
