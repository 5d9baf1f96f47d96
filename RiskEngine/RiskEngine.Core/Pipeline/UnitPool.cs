namespace RiskEngine.Core.Pipeline;

/// <summary>Units of work that were used and may be used again, 64 at most. Thread-safe.</summary>
internal sealed class UnitPool
{
    private const int Most = 64;

    private readonly Stack<UnitOfWork> _spare = new();

    public UnitOfWork Rent()
    {
        lock (_spare) return _spare.TryPop(out var unit) ? unit : new UnitOfWork();
    }

    public void Return(UnitOfWork unit)
    {
        unit.Submissions.Clear();
        lock (_spare)
        {
            if (_spare.Count < Most) _spare.Push(unit);
        }
    }
}
