using RiskEngine.Core.Events;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.People;

/// <summary>Somebody who was last seen months before the run: on leave and coming back, gone and coming back, or gone for good.</summary>
/// <param name="LastSeen">90 to 400 days before the run.</param>
/// <param name="Back">When they return, default for never. A return lies within the run.</param>
/// <param name="IsClosed">The account was closed when they left, and is reactivated for the return.</param>
internal sealed record Absence(EventTime LastSeen, EventTime Back, bool IsClosed)
{
    public bool IsForever => Back == default;

    /// <summary>
    /// Of a hundred people three have gone and left their account open, two left and had it closed; one in 150 comes back from leave, one in 200 is
    /// hired again. By number, so that small fleets have some too.
    /// </summary>
    public static Absence? Of(int number, EventTime start, int days, SeededRandom random)
    {
        if (number % 35 == 17) return new Absence(LastDay(), default, IsClosed: false);
        if (number % 50 == 19) return new Absence(LastDay(), default, IsClosed: true);
        if (number % 150 == 58) return new Absence(LastDay(), FirstDay(), IsClosed: false);
        return number % 200 == 99 ? new Absence(LastDay(), FirstDay(), IsClosed: true) : null;

        EventTime LastDay() => Rhythm.Work.Draw(start - TimeSpan.FromDays(random.Between(91, 400)), TimeSpan.Zero, random);
        EventTime FirstDay() => Rhythm.Work.Draw(start + TimeSpan.FromDays(random.Below(days)), TimeSpan.Zero, random);
    }

    public bool IsAway(EventTime time) => time > LastSeen && (IsForever || time < Back);
}
