using System.Globalization;
using RiskEngine.Core.Events;
using RiskEngine.Core.Models;
using RiskEngine.Host.Replaying;

namespace RiskEngine.Host.Cli;

/// <summary>Prints periods of attack for people.</summary>
internal static class AttackTable
{
    /// <summary>What a replay found: the periods, and where events had labels how well they fit.</summary>
    public static void Tell(TextWriter to, ReplayedAttacks attacks, bool hasLabels)
    {
        to.WriteLine();
        to.WriteLine($"{"period",-26}{"found",-18}{"last seen",-18}{"state",-9}{"peak",7}{"usual",8}{"in all",9}");
        foreach (var period in attacks.Periods)
        {
            to.WriteLine($"{period.Kind.Name(),-26}{Time(period.Start),-18}{Time(period.LastSeen),-18}{period.Phase.Name(),-9}"
                + string.Create(CultureInfo.InvariantCulture, $"{period.Peak,7:0}{period.Expected,8:0.0}{period.Total,9:0}"));
        }

        to.WriteLine();
        if (!hasLabels) return;
        foreach (var line in attacks.Figures().ToTable()) to.WriteLine(line);
    }

    private static string Time(uint seconds) => EventTime.FromUnixSeconds(seconds).ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
