namespace RiskEngine.Core.Policies;

/// <summary>How much an expression may be, so that no text, however hostile, costs more than a little time and stack to refuse or to evaluate.</summary>
/// <remarks>CEL asks for at least 32 levels, terms and elements (language definition, "Syntax"), and lets an application limit macros ("Performance Limits").</remarks>
public static class ExpressionLimits
{
    /// <summary>Characters of one expression.</summary>
    public const int TextLength = 8192;

    /// <summary>Levels of nesting, those of variables included.</summary>
    public const int Depth = 64;

    /// <summary>Entries of a list or map that is written out.</summary>
    public const int Elements = 1000;

    /// <summary>Macros within macros.</summary>
    public const int MacroDepth = 2;

    /// <summary>Steps that one condition may take at most, as counted when it is loaded.</summary>
    public const int Cost = 10_000;

    /// <summary>Steps that all conditions of a policy may take together for one event.</summary>
    public const int PolicyCost = 100_000;

    /// <summary>What a step takes at most, in nanoseconds, so that people can read a cost as a time: whatever the texts of a login, on a machine like that of docs/benchmarks.md.</summary>
    public const int StepNanoseconds = 40;

    /// <summary>Steps that deciding takes beside the conditions.</summary>
    public const int DecisionSteps = 5;

    /// <summary>Steps that a look-up in a time zone is counted as.</summary>
    public const int ZoneSteps = 25;

    /// <summary>Steps that a search in a text is counted as, beside those of what is searched for.</summary>
    public const int SearchSteps = 128;

    /// <summary>Bytes of what is searched for that are counted as one step: where its beginning and its end are everywhere, its middle is compared everywhere.</summary>
    public const int SearchedBytesAStep = 4;

    /// <summary>Bytes of an entry of a list that an event brings, when costs are counted; no format takes a longer group.</summary>
    public const int EventListText = 256;

    /// <summary>Bytes that are compared in one step.</summary>
    public const int ComparedBytesAStep = 512;

    /// <summary>Bytes that are hashed, or whose characters are counted, in one step.</summary>
    public const int ReadBytesAStep = 16;

    /// <summary>Elements of lists that all conditions may visit for one event; behind that a macro is an error, and the condition does not hold.</summary>
    /// <remarks>For lists that an event brings: groups are counted as <see cref="EventListElements"/> when a policy is loaded, and may be more.</remarks>
    public const int Steps = 100_000;

    /// <summary>Elements that a list of an event is taken to have when the cost of a condition is counted.</summary>
    public const int EventListElements = 64;

    /// <summary>Characters of a pattern for <c>matches</c>.</summary>
    public const int PatternLength = 200;

    /// <summary>The largest number of repetitions in a pattern, as in RE2.</summary>
    public const int PatternRepetitions = 1000;

    /// <summary>Bytes of a text that <c>matches</c> looks at; a longer one is an error, and the condition does not hold. No format takes a longer text.</summary>
    public const int MatchedLength = 2048;
}
