namespace RiskEngine.Core.Policies;

/// <summary>What a pattern is made of.</summary>
internal abstract record PatternSyntax;

/// <summary>One code point of a set.</summary>
internal sealed record OneOfSyntax(PatternSet Set) : PatternSyntax;

/// <summary>A place in the text.</summary>
internal sealed record PlaceSyntax(PatternPlace Place) : PatternSyntax;

/// <summary>One after the other; none for the empty text.</summary>
internal sealed record SequenceSyntax(IReadOnlyList<PatternSyntax> Parts) : PatternSyntax;

/// <summary>One or the other.</summary>
internal sealed record ChoiceSyntax(IReadOnlyList<PatternSyntax> Sides) : PatternSyntax;

/// <summary>Some number of times; null for as often as there is.</summary>
internal sealed record RepeatSyntax(PatternSyntax Part, int Least, int? Most) : PatternSyntax;

/// <summary>A place between two characters.</summary>
[Flags]
internal enum PatternPlace : byte
{
    None = 0,
    TextStart = 1,
    TextEnd = 2,
    LineStart = 4,
    LineEnd = 8,
    WordEdge = 16,
    NoWordEdge = 32,
}
