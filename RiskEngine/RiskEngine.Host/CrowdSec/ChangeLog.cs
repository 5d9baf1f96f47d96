namespace RiskEngine.Host.CrowdSec;

/// <summary>Decisions in the order in which they changed. What changed again since is dropped now and then.</summary>
/// <remarks>Not thread-safe: the ledger's lock holds for it.</remarks>
internal sealed class ChangeLog
{
    private const int Slack = 1024;

    private List<BouncerDecision> _changes = [];

    /// <summary>Gets the number of the newest change; 0 for none.</summary>
    public long Head { get; private set; }

    /// <param name="decision">Its change is the one behind <see cref="Head"/>.</param>
    /// <param name="current">How many things there are decisions of.</param>
    public void Add(BouncerDecision decision, int current, Predicate<BouncerDecision> isCurrent)
    {
        Head = decision.Change;
        _changes.Add(decision);
        if (_changes.Count > (2 * current) + Slack) _changes = _changes.FindAll(isCurrent);
    }

    /// <summary>What changed after that number and is still so.</summary>
    public List<BouncerDecision> After(long change, Predicate<BouncerDecision> isCurrent)
    {
        var (low, high) = (0, _changes.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_changes[middle].Change <= change) low = middle + 1;
            else high = middle;
        }

        return _changes.GetRange(low, _changes.Count - low).FindAll(isCurrent);
    }
}
