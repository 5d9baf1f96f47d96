using RiskEngine.Core.Models;

namespace RiskEngine.Core.Decisions;

/// <summary>Tells an address that carries most of all logins: then a proxy hides the real ones, and nothing may be held against it.</summary>
/// <remarks>
/// More than half of the fleet's logins, once there are enough to say so. A lone attacker can send that many as well, but his do not succeed:
/// the address must also be one that established subjects share, and at least half as many as the fleet has.
/// </remarks>
public static class MisreadProxy
{
    /// <summary>Logins of the fleet, fading with <see cref="ReputationRow.HalfLife"/>, below which nothing is suspected.</summary>
    public const float MinimumLogins = 100;

    /// <summary>Whether the fleet is too young to tell: more than half of the few logins so far came from here, as behind a proxy nobody configured.</summary>
    /// <remarks>Signals still speak; only a block of the address as a whole would shut everybody out.</remarks>
    public static bool CannotBeExcluded(in ReputationRow address, in ReputationRow fleet, uint now)
    {
        var all = fleet.Logins.At(now, ReputationRow.HalfLife);
        return all < MinimumLogins && all > 0 && address.Logins.At(now, ReputationRow.HalfLife) > all / 2;
    }

    /// <param name="sharedSubjects">Established subjects that make an address shared.</param>
    /// <param name="now">Event time in Unix seconds.</param>
    public static bool IsSuspected(in ReputationRow address, in ReputationRow fleet, int sharedSubjects, uint now)
    {
        var all = fleet.Logins.At(now, ReputationRow.HalfLife);
        if (all < MinimumLogins || address.Logins.At(now, ReputationRow.HalfLife) <= all / 2) return false;
        var subjects = address.Subjects.Count(now, ReputationRow.SubjectsEpoch);
        return subjects >= sharedSubjects && subjects >= fleet.Subjects.Count(now, ReputationRow.SubjectsEpoch) / 2;
    }
}
