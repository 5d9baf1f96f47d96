using RiskEngine.Core.Events;
using RiskEngine.Core.Models;

namespace RiskEngine.Host.Api;

/// <summary>Periods of attack: those that go on, and the last sixteen that ended, newest first.</summary>
/// <param name="UnderAttack">Whether an attack goes on, as policies see it; surges are none.</param>
internal sealed record AttackList(bool UnderAttack, IReadOnlyList<AttackAnswer> Items);

/// <summary>One period. Counts are names that failed, people for a surge of new addresses, guesses for brute force.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="IsAttack">False for surges, which honest people make as well.</param>
/// <param name="State">open, ended, or settled: it went on for so long that it is usual from then on.</param>
/// <param name="StartedAt">When it was found, by event time.</param>
/// <param name="LastSeen">The newest event that counted.</param>
/// <param name="Peak">The most that came within an hour.</param>
/// <param name="Usual">What the season had for that hour.</param>
/// <param name="Total">What came in all.</param>
internal sealed record AttackAnswer(long Id, string Kind, bool IsAttack, string State, DateTimeOffset StartedAt, DateTimeOffset LastSeen, double Peak, double Usual, double Total)
{
    public static AttackAnswer Of(in AttackPeriod period) => new(
        period.Number, period.Kind.Name(), period.Kind.IsAttack(), period.Phase.Name(), Time(period.Start), Time(period.LastSeen), Rounded(period.Peak), Rounded(period.Expected), Rounded(period.Total));

    private static DateTimeOffset Time(uint seconds) => EventTime.FromUnixSeconds(seconds).ToDateTimeOffset();

    private static double Rounded(float count) => Math.Round(count, 1);
}
