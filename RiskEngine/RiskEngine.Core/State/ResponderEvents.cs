namespace RiskEngine.Core.State;

/// <summary>What a responder may want to hear of.</summary>
[Flags]
public enum ResponderEvents
{
    None = 0,

    /// <summary>What was decided about logins.</summary>
    Decisions = 1,

    /// <summary>Blocks that rules or people made.</summary>
    Blocks = 2,

    /// <summary>Blocks that people ended.</summary>
    Releases = 4,

    /// <summary>What people said of events.</summary>
    Feedback = 8,

    /// <summary>Incidents that open, grow and end.</summary>
    Incidents = 16,
}
