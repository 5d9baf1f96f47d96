using System.Text;

namespace RiskEngine.Core.Policies;

/// <summary>A pattern ready to be searched for in UTF-8: a machine that follows all ways through the pattern at once. Immutable, thread-safe, allocates nothing.</summary>
/// <remarks>
/// Thompson's construction as a virtual machine (Cox, "Regular Expression Matching: the Virtual Machine Approach", 2009, after Thompson, CACM 11(6),
/// 1968), with sparse sets (Briggs and Torczon, 1993) for the states. Every character visits every state at most once, so time is at most
/// <see cref="States"/> times the length of the text, whatever the text.
/// </remarks>
internal sealed class PatternProgram
{
    /// <summary>States that a program may have.</summary>
    public const int MaximumStates = 2000;

    private readonly State[] _states;
    private readonly PatternSet _first;
    private readonly bool _isAnchored;

    private PatternProgram(State[] states, long? longest)
    {
        _states = states;
        (_first, _isAnchored) = Beginnings(states);
        Visited = _isAnchored && longest is { } characters ? (int)Math.Min(characters + 1, ExpressionLimits.MatchedLength) : ExpressionLimits.MatchedLength;
    }

    private enum Step : byte
    {
        Take,
        Fork,
        Place,
        Found,
    }

    /// <summary>Gets how many states it has.</summary>
    public int States => _states.Length;

    /// <summary>Gets how many characters of a text it looks at, at most.</summary>
    public int Visited { get; }

    /// <exception cref="FormatException">It needs too many states.</exception>
    public static PatternProgram Build(PatternSyntax syntax)
    {
        var builder = new Builder();
        builder.Add(syntax);
        builder.Emit(new State { Step = Step.Found });
        return new PatternProgram([.. builder.States], Longest(syntax));
    }

    /// <summary>Whether the pattern is found anywhere in a text of at most <see cref="ExpressionLimits.MatchedLength"/> bytes.</summary>
    public bool IsFoundIn(ReadOnlySpan<byte> text)
    {
        Span<ushort> memory = stackalloc ushort[4 * _states.Length];
        var threads = new Threads(memory[.._states.Length], memory[_states.Length..(2 * _states.Length)]);
        Span<ushort> now = memory[(2 * _states.Length)..(3 * _states.Length)], next = memory[(3 * _states.Length)..];
        var (count, at, before, place) = (0, 0, -1, (ushort)1);
        var (c, length) = Decode(text);
        while (true)
        {
            if ((at == 0 || !_isAnchored) && (c < 0 || _first.Contains(c)) && Follow(0, PlacesBetween(before, c), place, threads, now, ref count)) return true;
            if (c < 0 || (count == 0 && _isAnchored)) return false;
            at += length;
            var (after, following) = Decode(text[at..]);
            var (reached, places) = (0, PlacesBetween(c, after));
            place++;
            foreach (var state in now[..count])
            {
                if (_states[state].Set!.Contains(c) && Follow(state + 1, places, place, threads, next, ref reached)) return true;
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
    /// <returns>Whether the pattern ends there.</returns>
    private bool Follow(int from, PatternPlace places, ushort place, in Threads threads, Span<ushort> waiting, ref int count)
    {
        var (depth, state) = (0, from);
        while (true)
        {
            if (threads.Marks[state] != place)
            {
                threads.Marks[state] = place;
                ref readonly var current = ref _states[state];
                switch (current.Step)
                {
                    case Step.Found:
                        return true;
                    case Step.Take:
                        waiting[count++] = (ushort)state;
                        break;
                    case Step.Fork:
                        threads.Stack[depth++] = current.Other;
                        state = current.Next;
                        continue;
                    case Step.Place when (current.Place & places) != PatternPlace.None:
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
    private static (PatternSet First, bool IsAnchored) Beginnings(State[] states)
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
                case Step.Take:
                    sets.Add(state.Set!);
                    isAnchored &= each.IsAnchored;
                    break;
                case Step.Found:
                    sets.Add(PatternSet.All);
                    isAnchored &= each.IsAnchored;
                    break;
                case Step.Place:
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

    private struct State
    {
        public Step Step;
        public PatternPlace Place;
        public ushort Next, Other;
        public PatternSet? Set;
    }

    /// <param name="marks">For each state the place where it was visited last.</param>
    /// <param name="stack">States still to visit.</param>
    private readonly ref struct Threads(Span<ushort> marks, Span<ushort> stack)
    {
        public readonly Span<ushort> Marks = marks;
        public readonly Span<ushort> Stack = stack;
    }

    private sealed class Builder
    {
        public List<State> States { get; } = [];

        public int Emit(State state)
        {
            if (States.Count == MaximumStates) throw new FormatException($"this pattern needs more than {MaximumStates} states; use * or + in place of large numbers, or split it");
            States.Add(state);
            return States.Count - 1;
        }

        public void Add(PatternSyntax syntax)
        {
            switch (syntax)
            {
                case OneOfSyntax one:
                    Emit(new State { Step = Step.Take, Set = one.Set });
                    break;
                case PlaceSyntax place:
                    Emit(new State { Step = Step.Place, Place = place.Place });
                    break;
                case SequenceSyntax sequence:
                    foreach (var part in sequence.Parts) Add(part);
                    break;
                case ChoiceSyntax choice:
                    AddChoice(choice.Sides);
                    break;
                case RepeatSyntax repeat:
                    AddRepeated(repeat);
                    break;
            }
        }

        private void AddChoice(IReadOnlyList<PatternSyntax> sides)
        {
            List<int> ends = [];
            for (var i = 0; i < sides.Count - 1; i++)
            {
                var fork = Emit(new State { Step = Step.Fork });
                Add(sides[i]);
                ends.Add(Emit(new State { Step = Step.Fork }));
                Lead(fork, fork + 1, States.Count);
            }

            Add(sides[^1]);
            foreach (var end in ends) Lead(end, States.Count, States.Count);
        }

        private void AddRepeated(RepeatSyntax repeat)
        {
            var last = States.Count;
            for (var i = 0; i < repeat.Least; i++)
            {
                last = States.Count;
                Add(repeat.Part);
                // What is empty once is empty however often.
                if (States.Count == last) return;
            }

            if (repeat.Most is null && repeat.Least > 0)
            {
                var again = Emit(new State { Step = Step.Fork });
                Lead(again, last, States.Count);
                return;
            }

            List<int> forks = [];
            for (var i = repeat.Least; i < (repeat.Most ?? repeat.Least + 1); i++)
            {
                forks.Add(Emit(new State { Step = Step.Fork }));
                Add(repeat.Part);
            }

            if (repeat.Most is null)
            {
                var back = Emit(new State { Step = Step.Fork });
                Lead(back, forks[0], forks[0]);
            }

            foreach (var fork in forks) Lead(fork, fork + 1, States.Count);
        }

        private void Lead(int state, int next, int other) => States[state] = States[state] with { Next = (ushort)next, Other = (ushort)other };
    }
}
