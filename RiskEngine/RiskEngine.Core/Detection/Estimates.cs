using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>Counts of different things as detectors use them: whole numbers, and with the login under judgement where it is not in the rows yet.</summary>
internal static class Estimates
{
    /// <summary>Names that failed in the last six to twelve hours. Rounded, so that the estimate of five is five and not a little more.</summary>
    public static double FailedNames(in ReputationRow row, uint now) => Math.Round(row.FailedNames.Count(now, ReputationRow.FailedNamesEpoch));

    /// <summary>Established subjects of the last fifteen to thirty days.</summary>
    public static double Subjects(in ReputationRow row, uint now) => Math.Round(row.Subjects.Count(now, ReputationRow.SubjectsEpoch));

    /// <summary>Addresses that failed on the subject in the last six to twelve hours.</summary>
    public static double FailedAddresses(in LoginContext context) => Math.Round(context.SubjectFailedAddresses);

    /// <summary>1 for a failure of a subject that has not failed from this address lately, so that its pair is not among those counted yet; else 0.</summary>
    public static int ThisPair(in LoginContext context) => context.IsFailure && context.PairFailures < 0.25f ? 1 : 0;
}
