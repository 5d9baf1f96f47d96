namespace RiskEngine.Core.Models;

/// <summary>A time during which far more logins of one pattern came than the season has. Plain data, stored as it lies in memory.</summary>
public struct AttackPeriod
{
    /// <summary>Its number, rising by one from 1; 0 for none.</summary>
    public uint Number;

    /// <summary>Unix seconds of event time when it was found.</summary>
    public uint Start;

    /// <summary>Unix seconds of the newest event that counted.</summary>
    public uint LastSeen;

    /// <summary>The most that came within an hour: names, or guesses where names are guessed at (<see cref="AttackKind.BruteForce"/>).</summary>
    public float Peak;

    /// <summary>What the season had for that hour.</summary>
    public float Expected;

    /// <summary>What came in all since it was found.</summary>
    public float Total;

    public AttackKind Kind;

    public AttackPhase Phase;

    public readonly bool IsOpen => Phase == AttackPhase.Open;

    /// <summary>Adds what another judge noted of the same period.</summary>
    internal void Add(in AttackPeriod mine, in AttackPeriod before)
    {
        LastSeen = Math.Max(LastSeen, mine.LastSeen);
        Total = MergedCounts.Add(Total, mine.Total, before.Total);
        if (mine.Peak > Peak) (Peak, Expected) = (mine.Peak, mine.Expected);
    }

    internal readonly bool IsSound => Kind <= AttackKind.FailureSurge && Phase <= AttackPhase.Settled && Peak >= 0 && Expected >= 0 && Total >= 0
        && float.IsFinite(Peak) && float.IsFinite(Expected) && float.IsFinite(Total);
}

/// <summary>Whether a period goes on.</summary>
public enum AttackPhase : byte
{
    Open,

    /// <summary>It fell back to what is usual.</summary>
    Ended,

    /// <summary>It went on for so long that it counts as usual from then on.</summary>
    Settled,
}

/// <summary>Their names on the wire.</summary>
public static class AttackPhases
{
    public static string Name(this AttackPhase phase) => phase switch { AttackPhase.Open => "open", AttackPhase.Ended => "ended", _ => "settled" };
}
