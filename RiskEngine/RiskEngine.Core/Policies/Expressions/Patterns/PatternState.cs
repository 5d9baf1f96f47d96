namespace RiskEngine.Core.Policies;

/// <summary>What a state of a pattern does.</summary>
internal enum PatternStep : byte
{
    /// <summary>Takes a character of its set and goes on with the state behind.</summary>
    Take,

    /// <summary>Goes on with two others at once.</summary>
    Fork,

    /// <summary>Goes on with the state behind where the text is at its place.</summary>
    Place,

    /// <summary>The pattern is found.</summary>
    Found,
}

/// <summary>A state of a pattern as <see cref="PatternProgram"/> runs it.</summary>
internal struct PatternState
{
    public PatternStep Step;
    public PatternPlace Place;
    public ushort Next, Other;
    public PatternSet? Set;
}
