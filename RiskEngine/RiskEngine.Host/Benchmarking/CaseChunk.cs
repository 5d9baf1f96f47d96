using RiskEngine.Core.Events;
using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Host.Benchmarking;

/// <summary>A stretch of the stream in which nobody who logged in comes again, so that what a challenge teaches is known before it can matter.</summary>
/// <remarks>Reused: holds until the next one is pulled.</remarks>
internal sealed class CaseChunk
{
    private readonly HashSet<int> _loggedIn = [];
    private readonly List<BenchmarkCase> _cases = [];

    /// <summary>The most cases of a chunk: a unit of work as a replay has them.</summary>
    private const int Limit = 1024;

    public IReadOnlyList<BenchmarkCase> Cases => _cases;

    /// <summary>Gets the events of the cases, in the same order.</summary>
    public EventBatch Events { get; } = new();

    /// <summary>Cuts a stream into chunks.</summary>
    public static IEnumerable<CaseChunk> Cut(IEnumerable<ParsedCase> stream)
    {
        var chunk = new CaseChunk();
        foreach (var parsed in stream)
        {
            if (chunk.IsFullFor(parsed.Case))
            {
                yield return chunk;
                chunk.Clear();
            }

            chunk.Add(parsed);
        }

        if (chunk._cases.Count > 0) yield return chunk;
    }

    private bool IsFullFor(BenchmarkCase next) => _cases.Count == Limit || _loggedIn.Contains(next.Subject);

    private void Add(in ParsedCase parsed)
    {
        _cases.Add(parsed.Case);
        EventCopy.Append(parsed.Batch, parsed.Index, Events);
        if (parsed.Case is { Kind: not CaseKind.Probe, IsSuccess: true }) _loggedIn.Add(parsed.Case.Subject);
    }

    private void Clear()
    {
        _cases.Clear();
        _loggedIn.Clear();
        Events.Clear();
    }
}

/// <summary>A case with its event as a format read it; holds until the next one is pulled.</summary>
internal readonly record struct ParsedCase(BenchmarkCase Case, EventBatch Batch, int Index);
