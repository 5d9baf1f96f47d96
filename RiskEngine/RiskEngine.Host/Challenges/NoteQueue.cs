using System.Collections.Concurrent;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Challenges;

/// <summary>What happened here to challenges and other replicas are not told yet: the oldest, up to a number; what comes beyond is dropped and counted.</summary>
/// <remarks>Thread-safe for whoever adds; one reads and removes.</remarks>
/// <param name="capacity">Notes that wait at most, give or take one for each thread that adds at that moment.</param>
/// <param name="dropped">Told of each that is dropped.</param>
internal sealed class NoteQueue(int capacity, Action dropped)
{
    private readonly ConcurrentQueue<ChallengeNote> _notes = new();

    public void Add(ChallengeNote note)
    {
        if (_notes.Count < capacity) _notes.Enqueue(note);
        else dropped();
    }

    /// <summary>Those that wait, oldest first.</summary>
    public ChallengeNote[] Waiting() => [.. _notes];

    /// <summary>Removes the oldest, once they have been told.</summary>
    public void Remove(int count)
    {
        for (var i = 0; i < count; i++) _notes.TryDequeue(out _);
    }
}
