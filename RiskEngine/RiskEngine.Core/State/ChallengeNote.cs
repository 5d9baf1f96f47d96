using RiskEngine.Core.Events;

namespace RiskEngine.Core.State;

/// <summary>What a note on challenges is about.</summary>
public enum ChallengeNoteKind : byte
{
    /// <summary>A session is to be challenged where it is used.</summary>
    SessionChallenged,

    /// <summary>A subject passed a challenge from an address.</summary>
    Passed,

    /// <summary>A subject was challenged at an address, so others want to know when it passes.</summary>
    PersonChallenged,
}

/// <summary>What one replica tells the others of challenges, beside the challenges themselves.</summary>
/// <param name="Key">The session, or the subject with the address, as keyed hashes.</param>
/// <param name="At">When it happened, by the event.</param>
public readonly record struct ChallengeNote(ChallengeNoteKind Kind, UInt128 Key, EventTime At);
