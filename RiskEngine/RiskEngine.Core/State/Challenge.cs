using RiskEngine.Core.Events;

namespace RiskEngine.Core.State;

/// <summary>How it is known that somebody was to be challenged.</summary>
public enum ChallengeOrigin : byte
{
    /// <summary>Somebody asked during a login and was answered so.</summary>
    Asked,

    /// <summary>An event was judged so.</summary>
    Seen,
}

/// <summary>What became of a challenge.</summary>
public enum ChallengeOutcome : byte
{
    /// <summary>Not known yet.</summary>
    Open,

    /// <summary>A factor was given.</summary>
    Passed,

    /// <summary>A factor was tried, failed, and none was given in time.</summary>
    Failed,

    /// <summary>Nothing was tried in time.</summary>
    Abandoned,
}

/// <summary>One challenge, as it is stored: keyed hashes and an outcome, nobody's name. Immutable.</summary>
public sealed record Challenge
{
    /// <summary>Gets its number, a keyed hash of what it was issued for, so that saving it again changes the same row.</summary>
    public required long Id { get; init; }

    /// <summary>Gets when it was issued: the time of the login that was asked about, or of the event.</summary>
    public required EventTime IssuedAt { get; init; }

    public required ChallengeOrigin Origin { get; init; }

    public ChallengeOutcome Outcome { get; init; }

    /// <summary>Gets whether a factor was tried and failed.</summary>
    public bool HasFailed { get; init; }

    /// <summary>Gets whose it is, see <see cref="SubjectHandle"/>; null once that subject was erased.</summary>
    public UInt128? Subject { get; init; }

    /// <summary>Gets the key of the <c>request_id</c> that it was asked with last; 0 for none. Like the two keys below it is not kept once the outcome is known.</summary>
    public UInt128 Request { get; init; }

    /// <summary>Gets the keys of subject and address, by the subject's id and by its name; 0 for none.</summary>
    public (UInt128 ById, UInt128 ByName) Pair { get; init; }

    /// <summary>Gets the key of the event that people would label, see <see cref="StateKeys.Event"/>; 0 while there is none.</summary>
    public UInt128 Event { get; init; }
}
