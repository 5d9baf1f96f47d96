using RiskEngine.Core.State;
using RiskEngine.Host.Challenges;

namespace RiskEngine.Host.Tests.Challenges;

/// <summary>What waits to be told to other replicas is bounded, and what finds no room is counted.</summary>
public sealed class NoteQueueTests
{
    private int _dropped;

    [Fact]
    public void What_finds_no_room_is_counted_and_the_oldest_stay()
    {
        var queue = new NoteQueue(2, () => _dropped++);
        var notes = Enumerable.Range(0, 3).Select(key => new ChallengeNote(ChallengeNoteKind.Passed, (UInt128)key, default)).ToArray();
        queue.Add(notes[0]);
        queue.Add(notes[1]);
        Assert.Equal(0, _dropped);
        queue.Add(notes[2]);
        Assert.Equal(1, _dropped);
        Assert.Equal(notes[..2], queue.Waiting());
    }

    [Fact]
    public void What_was_told_makes_room()
    {
        var queue = new NoteQueue(1, () => _dropped++);
        queue.Add(default);
        queue.Remove(queue.Waiting().Length);
        queue.Add(default);
        Assert.Equal((1, 0), (queue.Waiting().Length, _dropped));
    }
}
