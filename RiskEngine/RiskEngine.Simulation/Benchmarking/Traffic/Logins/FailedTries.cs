using RiskEngine.Simulation.Benchmarking.Traffic.Attackers;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Logins;

/// <summary>What fails without anybody having entered: passwords mistyped, and names that do not exist.</summary>
/// <remarks>
/// In the RBA data set (Wiefling et al. 2022, CC BY 4.0) 40 of 100 tries succeed, 45 are of names that do not exist and 15 are mistyped. The last two are
/// scaled down by <see cref="BenchmarkSettings.FailureScale"/>. A mistyped password comes shortly before the login that works, from where the subject was
/// last: it tells nothing of that login which the subject's history does not. Half of the names that do not exist are tried from rented addresses.
/// </remarks>
internal static class FailedTries
{
    private const double MistypedPerLogin = 15.0 / 40;
    private const double UnknownPerLogin = 45.0 / 40;
    private const double Rented = 0.5;
    private const double Scripted = 0.3;
    private const long Day = 86_400_000;

    public static List<FailedTry> Draw(BenchmarkSettings settings, HonestLogins logins, Habits habits, InfrastructureHosts hosts)
    {
        var tries = new List<FailedTry>();
        Mistyped(settings, logins, tries);
        Unknown(settings, logins.Count, habits, hosts, tries);
        tries.Sort((left, right) => (left.Time, left.Row, left.Name).CompareTo((right.Time, right.Row, right.Name)));
        return tries;
    }

    private static void Mistyped(BenchmarkSettings settings, HonestLogins logins, List<FailedTry> tries)
    {
        var random = SeededRandom.For((ulong)settings.Seed, Purpose.BenchmarkFailures, 0);
        for (var row = 0; row < logins.Count; row++)
        {
            if (!random.Chance(MistypedPerLogin * settings.FailureScale)) continue;
            var time = logins[row].Time - random.Between(4_000, 40_000);
            var past = logins.Before(row);
            if (!past.IsEmpty && past[^1].Time < time) tries.Add(new FailedTry(time, past[^1].Shown, row, -1, false));
        }
    }

    private static void Unknown(BenchmarkSettings settings, int logins, Habits habits, InfrastructureHosts hosts, List<FailedTry> tries)
    {
        var random = SeededRandom.For((ulong)settings.Seed, Purpose.BenchmarkUnknownNames, 0);
        var hours = new double[24];
        for (var hour = 0; hour < 24; hour++) hours[hour] = DayCurve.All[hour];
        var start = settings.Start.ToUnixTimeMilliseconds();
        var count = (int)(logins * UnknownPerLogin * settings.FailureScale);
        for (var i = 0; i < count; i++)
        {
            var time = start + (random.Below(LoginTimes.Days) * Day) + (random.Weighted(hours) * (Day / 24)) + random.Below((int)(Day / 24));
            var shown = habits.DrawFirst(time, random);
            var isRented = random.Chance(Rented);
            if (isRented)
            {
                var (network, host) = hosts.Draw(random);
                shown = shown with { Network = network, Host = host };
            }

            // Programs try the same names over and over; people mistype theirs each in their own way.
            tries.Add(new FailedTry(time, shown, -1, isRented ? random.Below(1 + (count / 20)) : count + i, isRented && random.Chance(Scripted)));
        }
    }
}
