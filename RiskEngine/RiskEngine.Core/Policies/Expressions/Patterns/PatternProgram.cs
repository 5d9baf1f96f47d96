using System.Text;

namespace RiskEngine.Core.Policies;

/// <summary>A pattern ready to be searched for in UTF-8: a machine that follows all ways through the pattern at once. Immutable, thread-safe, allocates nothing.</summary>
/// <remarks>
/// Thompson's construction as a virtual machine (Cox, "Regular Expression Matching: the Virtual Machine Approach", 2009, after Thompson, CACM 11(6),
/// 1968), with sparse sets (Briggs and Torczon, 1993) for the states. Every character visits every state at most once, and of these only the ones that it
/// can lead to, so a search does at most <see cref="Work"/> for each of <see cref="Visited"/> characters, whatever the text.
/// </remarks>
internal sealed class PatternProgram
{
    /// <summary>States that a program may have.</summary>
    public const int MaximumStates = 2000;

    private readonly PatternState[] _states;
    private readonly PatternSet _first;
    private readonly bool _isAnchored, _hasPlaces;

    private PatternProgram(PatternState[] states, long? longest)
    {
        _states = states;
        (_first, _isAnchored) = Beginnings(states);
        Visited = _isAnchored && longest is { } characters ? (int)Math.Min(characters + 1, ExpressionLimits.MatchedLength) : ExpressionLimits.MatchedLength;
        _hasPlaces = Array.Exists(states, state => state.Step == PatternStep.Place);
        Work = PatternWork.Of(states, _isAnchored);
    }

    /// <summary>Gets how many states it has.</summary>
    public int States => _states.Length;

    /// <summary>Gets how many characters of a text it looks at, at most.</summary>
    public int Visited { get; }

    /// <summary>Gets what it does for one of them, at most.</summary>
    public PatternWork Work { get; }

    /// <summary>Gets the nanoseconds that a search takes at most, on a machine like that of docs/benchmarks.md: half as much again as the busiest searches that were measured.</summary>
    public long WorstNanoseconds => States + ((long)Visited * ((_hasPlaces ? 45 : 20) + (5 * (Work.Tests + Work.Visits))));

    /// <exception cref="FormatException">It needs too many states.</exception>
    public static PatternProgram Build(PatternSyntax syntax)
    {
        var builder = new PatternBuilder();
        builder.Add(syntax);
        builder.Emit(new PatternState { Step = PatternStep.Found });
        return new PatternProgram([.. builder.States], Longest(syntax));
    }

    /// <summary>Whether the pattern is found anywhere in a text of at most <see cref="ExpressionLimits.MatchedLength"/> bytes.</summary>
    public bool IsFoundIn(ReadOnlySpan<byte> text) => IsFoundIn(text, out _);

    /// <param name="done">What was done for all characters together.</param>
    internal bool IsFoundIn(ReadOnlySpan<byte> text, out PatternWork done)
    {
        var counted = (Tests: 0, Visits: 0);
        var isFound = Search(text, ref counted.Tests, ref counted.Visits);
        done = new PatternWork(counted.Tests, counted.Visits);
        return isFound;
    }

    private bool Search(ReadOnlySpan<byte> text, ref int tests, ref int visits)
    {
        Span<ushort> memory = stackalloc ushort[4 * _states.Length];
        var threads = new Threads(memory[.._states.Length], memory[_states.Length..(2 * _states.Length)]);
        Span<ushort> now = memory[(2 * _states.Length)..(3 * _states.Length)], next = memory[(3 * _states.Length)..];
        var (count, at, before, place) = (0, 0, -1, (ushort)1);
        var (c, length) = Decode(text);
        while (true)
        {
            if ((at == 0 || !_isAnchored) && (c < 0 || _first.Contains(c)) && Follow(0, _hasPlaces ? PlacesBetween(before, c) : PatternPlace.None, place, threads, now, ref count, ref visits)) return true;
            if (c < 0 || (count == 0 && _isAnchored)) return false;
            at += length;
            var (after, following) = Decode(text[at..]);
            var (reached, places) = (0, _hasPlaces ? PlacesBetween(c, after) : PatternPlace.None);
            place++;
            tests += count;
            foreach (var state in now[..count])
            {
                if (_states[state].Set!.Contains(c) && Follow(state + 1, places, place, threads, next, ref reached, ref visits)) return true;
            }

            var emptied = now;
            now = next;
            next = emptied;
            (count, before, c, length) = (reached, c, after, following);
        }
    }

    /// <summary>Adds a state, and those that are reached from it without a character.</summary>
    /// <param name="place">Which place in the text it is, counted from 1: a state is visited once there.</param>
    /// <param name="waiting">Where states that wait for a character are added.</param>
    /// <param name="visits">Counts the states visited.</param>
    /// <returns>Whether the pattern ends there.</returns>
    private bool Follow(int from, PatternPlace places, ushort place, in Threads threads, Span<ushort> waiting, ref int count, ref int visits)
    {
        var (depth, state) = (0, from);
        while (true)
        {
            if (threads.Marks[state] != place)
            {
                threads.Marks[state] = place;
                visits++;
                ref readonly var current = ref _states[state];
                switch (current.Step)
                {
                    case PatternStep.Found:
                        return true;
                    case PatternStep.Take:
                        waiting[count++] = (ushort)state;
                        break;
                    case PatternStep.Fork:
                        threads.Stack[depth++] = current.Other;
                        state = current.Next;
                        continue;
                    case PatternStep.Place when (current.Place & places) != PatternPlace.None:
                        state++;
                        continue;
                }
            }

            if (depth == 0) return false;
            state = threads.Stack[--depth];
        }
    }

    private static (int Character, int Length) Decode(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty) return (-1, 0);
        if (text[0] < 128) return (text[0], 1);
        _ = Rune.DecodeFromUtf8(text, out var rune, out var length);
        return (rune.Value, length);
    }

    private static PatternPlace PlacesBetween(int before, int after)
    {
        var isEdge = IsWord(before) != IsWord(after);
        return (before < 0 ? PatternPlace.TextStart | PatternPlace.LineStart : before == '\n' ? PatternPlace.LineStart : PatternPlace.None)
            | (after < 0 ? PatternPlace.TextEnd | PatternPlace.LineEnd : after == '\n' ? PatternPlace.LineEnd : PatternPlace.None)
            | (isEdge ? PatternPlace.WordEdge : PatternPlace.NoWordEdge);
    }

    private static bool IsWord(int c) => c >= 0 && PatternSet.Word.Contains(c);

    /// <summary>The characters that a match can begin with, and whether it begins where the text does.</summary>
    private static (PatternSet First, bool IsAnchored) Beginnings(PatternState[] states)
    {
        List<PatternSet> sets = [];
        var isAnchored = true;
        HashSet<(int State, bool IsAnchored)> seen = [];
        Stack<(int State, bool IsAnchored)> open = new([(0, false)]);
        while (open.TryPop(out var each))
        {
            if (!seen.Add(each)) continue;
            var state = states[each.State];
            switch (state.Step)
            {
                case PatternStep.Take:
                    sets.Add(state.Set!);
                    isAnchored &= each.IsAnchored;
                    break;
                case PatternStep.Found:
                    sets.Add(PatternSet.All);
                    isAnchored &= each.IsAnchored;
                    break;
                case PatternStep.Place:
                    open.Push((each.State + 1, each.IsAnchored || state.Place == PatternPlace.TextStart));
                    break;
                default:
                    open.Push((state.Next, each.IsAnchored));
                    open.Push((state.Other, each.IsAnchored));
                    break;
            }
        }

        return (PatternSet.Of(sets), isAnchored);
    }

    /// <summary>Characters of the longest text that a pattern stands for; null where there is no such, or none that matters.</summary>
    private static long? Longest(PatternSyntax syntax)
    {
        var longest = syntax switch
        {
            OneOfSyntax => 1,
            SequenceSyntax sequence => sequence.Parts.Aggregate((long?)0, (sum, part) => sum + Longest(part)),
            ChoiceSyntax choice => choice.Sides.Select(Longest).Aggregate((long?)0, (most, side) => most is { } one && side is { } other ? Math.Max(one, other) : null),
            RepeatSyntax repeat => Longest(repeat.Part) is { } part ? part == 0 ? 0 : part * repeat.Most : null,
            _ => 0,
        };
        return longest > ExpressionLimits.MatchedLength ? null : longest;
    }

    /// <param name="marks">For each state the place where it was visited last.</param>
    /// <param name="stack">States still to visit.</param>
    private readonly ref struct Threads(Span<ushort> marks, Span<ushort> stack)
    {
        public readonly Span<ushort> Marks = marks;
        public readonly Span<ushort> Stack = stack;
    }
}
