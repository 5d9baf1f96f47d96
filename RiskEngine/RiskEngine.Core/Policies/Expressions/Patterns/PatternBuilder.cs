namespace RiskEngine.Core.Policies;

/// <summary>Makes the states of a pattern from its syntax, by Thompson's construction.</summary>
internal sealed class PatternBuilder
{
    public List<PatternState> States { get; } = [];

    public int Emit(PatternState state)
    {
        if (States.Count == PatternProgram.MaximumStates) throw new FormatException($"this pattern needs more than {PatternProgram.MaximumStates} states; use * or + in place of large numbers, or split it");
        States.Add(state);
        return States.Count - 1;
    }

    public void Add(PatternSyntax syntax)
    {
        switch (syntax)
        {
            case OneOfSyntax one:
                Emit(new PatternState { Step = PatternStep.Take, Set = one.Set });
                break;
            case PlaceSyntax place:
                Emit(new PatternState { Step = PatternStep.Place, Place = place.Place });
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
            var fork = Emit(new PatternState { Step = PatternStep.Fork });
            Add(sides[i]);
            ends.Add(Emit(new PatternState { Step = PatternStep.Fork }));
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
            var again = Emit(new PatternState { Step = PatternStep.Fork });
            Lead(again, last, States.Count);
            return;
        }

        List<int> forks = [];
        for (var i = repeat.Least; i < (repeat.Most ?? repeat.Least + 1); i++)
        {
            forks.Add(Emit(new PatternState { Step = PatternStep.Fork }));
            Add(repeat.Part);
        }

        if (repeat.Most is null)
        {
            var back = Emit(new PatternState { Step = PatternStep.Fork });
            Lead(back, forks[0], forks[0]);
        }

        foreach (var fork in forks) Lead(fork, fork + 1, States.Count);
    }

    private void Lead(int state, int next, int other) => States[state] = States[state] with { Next = (ushort)next, Other = (ushort)other };
}
