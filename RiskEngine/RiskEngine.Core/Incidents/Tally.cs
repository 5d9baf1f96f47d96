namespace RiskEngine.Core.Incidents;

/// <summary>How often each of a bounded number of things occurred, and how many different ones there were in all.</summary>
/// <remarks>
/// The first <paramref name="capacity"/> things are counted one by one; later ones only among <see cref="Distinct"/>. A campaign of more sources than that
/// has no source worth naming. Not thread-safe.
/// </remarks>
public sealed class Tally<T>(int capacity)
    where T : struct
{
    private readonly Dictionary<ulong, (T First, long Count, int Order)> _counts = [];

    /// <summary>Gets how many different things were added.</summary>
    public DistinctCount Distinct { get; } = new();

    /// <summary>Gets the things that are counted, most frequent first, of equal ones the first first.</summary>
    public IEnumerable<(T Thing, long Count)> Most => _counts.Values.OrderByDescending(each => each.Count).ThenBy(each => each.Order).Select(each => (each.First, each.Count));

    /// <summary>Gets whether every different thing is counted.</summary>
    public bool IsWhole => Distinct.IsExact && Distinct.Count == _counts.Count;

    /// <summary>Adds an occurrence of a thing.</summary>
    /// <param name="key">What makes two things the same.</param>
    /// <param name="thing">How it is shown; that of the first occurrence stays.</param>
    public void Add(ulong key, T thing, long count = 1)
    {
        Distinct.Add(key);
        if (_counts.TryGetValue(key, out var known)) _counts[key] = known with { Count = known.Count + count };
        else if (_counts.Count < capacity) _counts[key] = (thing, count, _counts.Count);
    }

    public void Add(Tally<T> other)
    {
        foreach (var (key, value) in other._counts) Add(key, value.First, value.Count);
        Distinct.Add(other.Distinct);
    }
}
