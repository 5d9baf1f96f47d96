namespace RiskEngine.Host.Composition;

/// <summary>Looks every few seconds whether one of a few small files has changed, and says so once per change.</summary>
/// <remarks>Polling works on every file system, mounted ones too. A file that goes away is no change: the old content serves on.</remarks>
internal sealed class ConfigurationWatcher : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Func<IReadOnlyList<string?>> _files;
    private readonly Action _changed;
    private readonly Timer _timer;
    private string _seen;

    public ConfigurationWatcher(Func<IReadOnlyList<string?>> files, Action changed)
    {
        (_files, _changed) = (files, changed);
        _seen = Stamp();
        _timer = new Timer(_ => Look(), null, Interval, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        try
        {
            var stamp = Stamp();
            if (stamp != _seen)
            {
                _seen = stamp;
                _changed();
            }

            _timer.Change(Interval, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // Stopped while looking.
        }
    }

    private string Stamp() => string.Join('|', _files().Where(File.Exists).Select(file => StampOf(file!)));

    /// <summary>A file that goes away between two looks has no stamp, as if it had been away at the first: this runs on a timer, where an exception ends the process.</summary>
    private static string StampOf(string file)
    {
        try
        {
            return $"{file}:{new FileInfo(file).Length}:{File.GetLastWriteTimeUtc(file).Ticks}";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
