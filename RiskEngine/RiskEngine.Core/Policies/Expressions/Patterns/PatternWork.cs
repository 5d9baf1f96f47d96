using System.Numerics;

namespace RiskEngine.Core.Policies;

/// <summary>What a search for a pattern does: for one character at most, or for a whole text when it is counted.</summary>
/// <param name="Tests">Questions whether a waiting state takes the character. As a bound, one in a set of many ranges counts as several.</param>
/// <param name="Visits">States that are reached.</param>
internal readonly record struct PatternWork(int Tests, int Visits)
{
    /// <summary>The most that one character can cause, whatever stands before and behind it.</summary>
    /// <param name="isAnchored">Whether a match begins only where the text does.</param>
    /// <remarks>
    /// Behind a character only those states wait that are reached from a state that takes it, or from the beginning. Characters that the same sets hold
    /// are one class, so each class is looked at once: all its ways are gone, whichever places they pass, which is at least what a text can make of them.
    /// </remarks>
    public static PatternWork Of(PatternState[] states, bool isAnchored)
    {
        var sets = states.Where(state => state.Set is not null).Select(state => state.Set!).DistinctBy(set => string.Join(',', set.Ranges)).ToArray();
        var most = Reached(states, [0]);
        HashSet<string> seen = [];
        foreach (var c in sets.SelectMany(set => set.Ranges).SelectMany(range => (int[])[range.First, range.Last + 1]).Distinct())
        {
            if (!seen.Add(string.Create(sets.Length, (sets, c), (bits, of) => Write(bits, of.sets, of.c)))) continue;
            var from = Enumerable.Range(0, states.Length).Where(i => states[i].Set?.Contains(c) == true).Select(i => i + 1);
            var work = Reached(states, isAnchored ? from : from.Prepend(0));
            most = new PatternWork(Math.Max(most.Tests, work.Tests), Math.Max(most.Visits, work.Visits));
        }

        return most;
    }

    private static void Write(Span<char> bits, PatternSet[] sets, int c)
    {
        for (var i = 0; i < sets.Length; i++) bits[i] = sets[i].Contains(c) ? '1' : '0';
    }

    /// <summary>All states that are reached without a character.</summary>
    private static PatternWork Reached(PatternState[] states, IEnumerable<int> from)
    {
        var isReached = new bool[states.Length];
        var (tests, visits) = (0, 0);
        Stack<int> open = new(from);
        while (open.TryPop(out var state))
        {
            if (isReached[state]) continue;
            isReached[state] = true;
            visits++;
            switch (states[state].Step)
            {
                case PatternStep.Take:
                    tests += TestsOf(states[state].Set!);
                    break;
                case PatternStep.Fork:
                    open.Push(states[state].Next);
                    open.Push(states[state].Other);
                    break;
                case PatternStep.Place:
                    open.Push(state + 1);
                    break;
            }
        }

        return new PatternWork(tests, visits);
    }

    /// <summary>One for a character of ASCII. Any other takes two bytes at least and is searched for among the ranges, by halves.</summary>
    private static int TestsOf(PatternSet set) => 1 + (BitOperations.Log2((uint)Math.Max(1, set.Ranges.Count)) / 4);
}
