using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Policies;

namespace RiskEngine.Host.CrowdSec;

/// <summary>The addresses and ranges that a LAPI has decisions on, kept up by its stream.</summary>
/// <remarks>Not thread-safe.</remarks>
/// <param name="capacity">Entries that are kept; what comes beyond is left out and counted.</param>
internal sealed class LapiMirror(int capacity)
{
    private readonly Dictionary<AddressPrefix, EventTime> _ends = [];

    public int Count => _ends.Count;

    /// <summary>Gets how many decisions of the last answer were left out: not an address or range, no duration, or beyond the capacity.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Takes an answer over.</summary>
    /// <param name="isWhole">Whether it is all there is, and takes the place of what was known.</param>
    /// <returns>Whether anything is different now.</returns>
    public bool Take(LapiStream answer, bool isWhole, EventTime now)
    {
        LeftOut = 0;
        var before = isWhole ? _ends.Keys.ToHashSet() : null;
        if (isWhole) _ends.Clear();
        var isChanged = false;
        // What is in both still stands: the LAPI tells of an ended decision although another one of the same address goes on.
        foreach (var decision in isWhole ? [] : answer.Deleted ?? []) isChanged |= NetworkOf(decision) is { } network && _ends.Remove(network);
        foreach (var decision in answer.New ?? []) isChanged |= Add(decision, now);
        foreach (var ended in _ends.Where(entry => entry.Value <= now).Select(entry => entry.Key).ToList()) isChanged |= _ends.Remove(ended);
        return before is null ? isChanged : !before.SetEquals(_ends.Keys);
    }

    /// <summary>The entries as a feed's file has them: one a line, sorted.</summary>
    public byte[] ToText(string name)
    {
        var text = new StringBuilder($"# Decisions of CrowdSec for the feed {name}, written by RiskEngine.\n");
        foreach (var network in _ends.Keys.OrderBy(network => network.Start).ThenBy(network => network.Length))
        {
            text.Append(network.Length == 128 ? network.First.ToString() : network.ToString()).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private bool Add(LapiDecision decision, EventTime now)
    {
        if (NetworkOf(decision) is not { } network || !GoDuration.TryParse(decision.Duration, out var left) || (_ends.Count >= capacity && !_ends.ContainsKey(network)))
        {
            LeftOut++;
            return false;
        }

        var isNew = !_ends.TryGetValue(network, out var known);
        var end = now + left;
        // Of two decisions on one address the longer one counts.
        if (isNew || end > known) _ends[network] = end;
        return isNew && left > TimeSpan.Zero;
    }

    private static AddressPrefix? NetworkOf(LapiDecision decision) =>
        decision is { Value: not null, Scope: not null } && DecisionKey.TryParseScope(decision.Scope, out var scope) && scope <= DecisionScope.Range
        && Networks.TryParse(decision.Value, out var network, out _) ? network : null;
}
