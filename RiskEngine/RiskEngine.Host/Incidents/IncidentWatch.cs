using RiskEngine.Core.Incidents;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Incidents;

/// <summary>Puts what was judged together into incidents, once it is durable, and lets people read them.</summary>
/// <remarks>
/// Works beside the judge, on the thread that answers: a step costs some microseconds, and events below low risk cost a comparison. After
/// <see cref="Hold"/> events wait, up to <see cref="HeldCapacity"/>, until <see cref="Release"/> has put in those that were stored before. What is beyond
/// that is counted in <see cref="Shed"/>. Where replicas share a store all is read from there, see <see cref="IncidentFollower"/>. Thread-safe.
/// </remarks>
internal sealed class IncidentWatch(IncidentSettings settings) : IPipelineObserver
{
    /// <summary>Risky events that may wait while the stored ones are read.</summary>
    public const int HeldCapacity = 100_000;

    private readonly Lock _gate = new();
    private IncidentBook _book = new(settings);
    private List<HeldAssessment>? _held;
    private readonly HashSet<ulong> _forgotten = [];
    private long _shed;
    private volatile bool _isFed;

    public IncidentSettings Settings => settings;

    /// <summary>Gets whether incidents of before the start are in.</summary>
    public bool IsReady
    {
        get
        {
            lock (_gate) return _held is null;
        }
    }

    /// <summary>Gets how many risky events were not put into any incident for want of room.</summary>
    public long Shed => Interlocked.Read(ref _shed);

    public void Committed(Effects effects, in BatchTiming timing)
    {
        if (_isFed) return;
        for (var i = 0; i < effects.Count; i++)
        {
            if (!AssessedEvent.IsTaken(effects, i)) continue;
            lock (_gate) Take(AssessedEvent.Of(effects, i));
        }
    }

    /// <summary>Makes events wait.</summary>
    public void Hold()
    {
        lock (_gate) _held ??= [];
    }

    /// <summary>Forgets every incident, and from now on puts in only what <see cref="Restore"/> is given, which is then in the order of all replicas.</summary>
    public void BeginAnew()
    {
        lock (_gate)
        {
            _isFed = true;
            _book = new IncidentBook(settings);
            _held = [];
        }
    }

    /// <summary>Puts in an event that was stored: those of before between <see cref="Hold"/> and <see cref="Release"/>, or all after <see cref="BeginAnew"/>.</summary>
    public void Restore(in AssessedEvent e)
    {
        lock (_gate)
        {
            if (!_forgotten.Contains(e.Subject)) _book.Add(e);
        }
    }

    /// <summary>Forgets who a subject was, also in what waits and in what is still to be put in from before.</summary>
    /// <param name="keys">Its keys, see <see cref="StateKeys.Subject"/>.</param>
    public void Forget(IEnumerable<UInt128> keys)
    {
        foreach (var subject in keys.Select(key => (ulong)key))
        {
            lock (_gate)
            {
                _book.Forget(subject);
                if (_held is null) continue;
                _held.RemoveAll(held => held.Subject == subject);
                _forgotten.Add(subject);
            }
        }
    }

    /// <summary>Puts in what waits, and from then on everything at once.</summary>
    public void Release()
    {
        lock (_gate)
        {
            foreach (var held in _held ?? []) _book.Add(held.Event);
            _held = null;
            _forgotten.Clear();
        }
    }

    /// <summary>Reads the book. What is read must not be kept: it goes on.</summary>
    public T Read<T>(Func<IncidentBook, T> read)
    {
        lock (_gate) return read(_book);
    }

    private void Take(in AssessedEvent e)
    {
        if (_held is null) _book.Add(e);
        else if (_held.Count < HeldCapacity) _held.Add(new HeldAssessment(e));
        else Interlocked.Increment(ref _shed);
    }
}
