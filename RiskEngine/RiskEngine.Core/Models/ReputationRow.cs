namespace RiskEngine.Core.Models;

/// <summary>How an address, a network, an autonomous system, a country, a user agent or a platform behaved here. Plain data, stored as it lies in memory.</summary>
/// <remarks>
/// Fields are only ever added at the end: a stored row that is shorter reads as one whose last fields are empty.
/// Failures and successes are separate fading counts, so that order does not matter; they are clamped only when shown
/// (<see cref="Shown"/>). A success counts once per subject, address and day, so that nobody washes an address clean with his own account.
/// </remarks>
public struct ReputationRow : IMergeable<ReputationRow>
{
    /// <summary>Half-life of all counts but <see cref="Blocks"/>: a day, after the 24 hours for which authentik keeps a score.</summary>
    public const float HalfLife = 86_400;

    /// <summary>Half-life of the memory of earlier blocks, which makes the next one longer: two weeks.</summary>
    public const float BlockHalfLife = 14 * 86_400;

    /// <summary>Epoch of <see cref="FailedNames"/>: six hours, so an estimate spans six to twelve.</summary>
    public const uint FailedNamesEpoch = 6 * 3600;

    /// <summary>Epoch of <see cref="Subjects"/>: fifteen days, so an estimate spans fifteen to thirty.</summary>
    public const uint SubjectsEpoch = 15 * 86_400;

    public DecayedMass Failures;
    public DecayedMass Successes;

    /// <summary>Failures on names that do not exist.</summary>
    public DecayedMass UnknownNames;

    /// <summary>All logins, successful or not, without the daily limit: what a misread proxy is told by.</summary>
    public DecayedMass Logins;

    /// <summary>Automated blocks so far.</summary>
    public DecayedMass Blocks;

    /// <summary>Unix seconds; zero for never.</summary>
    public uint FirstSeen;
    public uint LastSeen;

    /// <summary>Different names that failed lately.</summary>
    public DistinctSketch FailedNames;

    /// <summary>Different subjects that logged in successfully lately: who would be hit by a block.</summary>
    public DistinctSketch Subjects;

    /// <summary>Accepted logins, at most one a day for each subject, fading with <see cref="FleetShares.HalfLife"/>: how usual it is in this fleet.</summary>
    public DecayedMass Usual;

    /// <summary>The reputation as authentik shows it: successes less failures, from −5 to +5.</summary>
    public readonly float Shown(uint now) => Math.Clamp(Successes.At(now, HalfLife) - Failures.At(now, HalfLife), -5, 5);

    public static ReputationRow Merge(in ReputationRow current, in ReputationRow mine, in ReputationRow before) => new()
    {
        Failures = DecayedMass.Merge(current.Failures, mine.Failures, before.Failures, HalfLife),
        Successes = DecayedMass.Merge(current.Successes, mine.Successes, before.Successes, HalfLife),
        UnknownNames = DecayedMass.Merge(current.UnknownNames, mine.UnknownNames, before.UnknownNames, HalfLife),
        Logins = DecayedMass.Merge(current.Logins, mine.Logins, before.Logins, HalfLife),
        Blocks = DecayedMass.Merge(current.Blocks, mine.Blocks, before.Blocks, BlockHalfLife),
        FirstSeen = current.FirstSeen == 0 || (mine.FirstSeen != 0 && mine.FirstSeen < current.FirstSeen) ? mine.FirstSeen : current.FirstSeen,
        LastSeen = Math.Max(current.LastSeen, mine.LastSeen),
        FailedNames = DistinctSketch.Merge(current.FailedNames, mine.FailedNames, before.FailedNames),
        Subjects = DistinctSketch.Merge(current.Subjects, mine.Subjects, before.Subjects),
        Usual = DecayedMass.Merge(current.Usual, mine.Usual, before.Usual, FleetShares.HalfLife),
    };
}

/// <summary>How one subject behaved from one address.</summary>
public struct PairRow
{
    public DecayedMass Failures;
    public DecayedMass Successes;

    /// <summary>Unix seconds.</summary>
    public uint LastSeen;

    /// <summary>Day of the last success that counted, in days since 1970.</summary>
    public ushort LastSuccessDay;

    /// <summary>Day of the last sign-in that was challenged where the address was blocked, as it brought something of its own, in days since 1970.</summary>
    public ushort SparedDay;

    public readonly float Shown(uint now) => Math.Clamp(Successes.At(now, ReputationRow.HalfLife) - Failures.At(now, ReputationRow.HalfLife), -5, 5);
}

/// <summary>A cell of the fixed-size sketch that counts failures of names without a profile. Names share cells, so counts are upper bounds.</summary>
/// <remarks>
/// A count-min sketch of two rows of fading counters (Cormode and Muthukrishnan, "An improved data stream summary", J. Algorithms 55, 2005):
/// random names, however many, fill a fixed number of cells and nothing else.
/// </remarks>
public struct NameRow : IMergeable<NameRow>
{
    public DecayedMass Failures;

    /// <summary>Different addresses that failed lately on names of this cell.</summary>
    public DistinctSketch Addresses;

    public static NameRow Merge(in NameRow current, in NameRow mine, in NameRow before) => new()
    {
        Failures = DecayedMass.Merge(current.Failures, mine.Failures, before.Failures, ReputationRow.HalfLife),
        Addresses = DistinctSketch.Merge(current.Addresses, mine.Addresses, before.Addresses),
    };
}
