namespace RiskEngine.Host.Composition;

/// <summary>Looks every few seconds whether one of a few small files has changed, and says so once per change.</summary>
/// <remarks>
/// Polling works on every file system, mounted ones too. A file that goes away is no change, and is told once: the old content serves on, and nothing
/// is read anew until it is back, for half of what belongs together would be something that nobody wrote. Whatever fails is told, and it looks on.
/// </remarks>
internal sealed class ConfigurationWatcher : IDisposable
{
    private readonly Func<IReadOnlyList<string?>> _files;
    private readonly Action _changed;
    private readonly Action<string> _gone;
    private readonly Action<Exception> _failed;
    private readonly TimeSpan _interval;
    private readonly Timer _timer;
    private string _seen;
    private string? _missing;

    /// <param name="failed">Told what went wrong while looking, or in <paramref name="changed"/>: it is asked again at the next change.</param>
    /// <param name="interval">The time between looks; the default is two seconds.</param>
    public ConfigurationWatcher(Func<IReadOnlyList<string?>> files, Action changed, Action<string> gone, Action<Exception> failed, TimeSpan? interval = null)
    {
        (_files, _changed, _gone, _failed, _interval) = (files, changed, gone, failed, interval ?? TimeSpan.FromSeconds(2));
        _seen = string.Join('|', Files().Select(Stamp));
        _timer = new Timer(_ => Look(), null, _interval, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        try
        {
            var files = Files();
            var stamps = files.Select(Stamp).ToList();
            var missing = stamps.IndexOf(null);
            if (missing < 0) NoteAll(string.Join('|', stamps));
            else NoteMissing(files[missing]);
        }
        catch (Exception failure)
        {
            // On a timer's thread nobody else would catch it, and the process would end.
            _failed(failure);
        }

        try
        {
            _timer.Change(_interval, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // Stopped while looking.
        }
    }

    private void NoteAll(string stamp)
    {
        _missing = null;
        if (stamp == _seen) return;
        _seen = stamp;
        _changed();
    }

    private void NoteMissing(string file)
    {
        if (file == _missing) return;
        _missing = file;
        _gone(file);
    }

    private List<string> Files() => [.. _files().OfType<string>()];

    private static string? Stamp(string file)
    {
        try
        {
            var info = new FileInfo(file);
            return $"{file}:{info.Length}:{info.LastWriteTimeUtc.Ticks}";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
