using RiskEngine.Core.Facts;

namespace RiskEngine.Facts;

/// <summary>Looks after the files of facts while the engine runs and swaps the snapshot when they change.</summary>
/// <remarks>
/// It polls size and time of writing, which works on every file system, networked and bind-mounted ones too, where notifications do not. A changed file is
/// read only when two polls in a row found it alike, so a file still being written is left alone; and it is refused when it changed while being read.
/// Thread-safe: <see cref="Current"/> is one reference, polls do not overlap.
/// </remarks>
public sealed class FactWatcher : IDisposable
{
    private readonly FactLoader _loader;
    private readonly Lock _gate = new();
    private readonly Dictionary<FactFileKey, FileStamp?> _seen = [];
    private readonly Action<FactLoad>? _onChange;
    private readonly ITimer _timer;
    private FactFiles _files;
    private volatile FactLoad _current;

    /// <summary>Loads the files and starts to watch them.</summary>
    /// <param name="interval">From one poll to the next; a change is taken after one to two intervals.</param>
    /// <param name="onChange">Told of every load after the first, on the thread that polls: a snapshot was swapped, a file refused or missed. Must not throw.</param>
    public FactWatcher(FactFiles files, TimeProvider time, TimeSpan interval, Action<FactLoad>? onChange = null)
    {
        _onChange = onChange;
        _loader = new FactLoader(time);
        _files = files;
        _current = _loader.Load(files, FactLoad.Empty);
        _timer = time.CreateTimer(_ => Poll(), null, interval, interval);
    }

    /// <summary>Gets the last load.</summary>
    public FactLoad Current => _current;

    /// <summary>Gets the snapshot to judge by.</summary>
    public FactSnapshot Snapshot => _current.Snapshot;

    /// <summary>Looks at the files once.</summary>
    /// <returns>Whether anything was loaded, refused or found missing.</returns>
    public bool Poll()
    {
        // A poll that finds another at work leaves it to that one.
        if (!_gate.TryEnter()) return false;
        try
        {
            var changes = FactLoader.Changes(_files, _current).ToList();
            var settled = changes.Where(change => _seen.TryGetValue(change.Key, out var stamp) && stamp == change.Stamp).Select(change => change.Key).ToHashSet();
            _seen.Clear();
            foreach (var change in changes) _seen.Add(change.Key, change.Stamp);
            if (settled.Count == 0) return false;
            Swap(_loader.Load(_files, _current, settled.Contains));
            return true;
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Goes over to other files at once, as when the configuration was reloaded. What is unchanged is not read again.</summary>
    public void Use(FactFiles files)
    {
        lock (_gate)
        {
            _files = files;
            _seen.Clear();
            Swap(_loader.Load(files, _current));
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Swap(FactLoad load)
    {
        _current = load;
        _onChange?.Invoke(load);
    }
}
