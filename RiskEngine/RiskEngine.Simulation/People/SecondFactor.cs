using RiskEngine.Core.Events;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.People;

/// <summary>How honest people fare at the second factor: codes mistyped, questions on the phone not seen in time, a phone in another room.</summary>
internal readonly struct SecondFactor(Account account, string factor, Journal journal, SeededRandom random)
{
    private const double Fumbled = 0.04;
    private const double PhoneElsewhere = 0.004;
    private const double GivesUp = 0.25;

    /// <summary>Fails now and then, and moves the time on to when it is passed.</summary>
    /// <returns>False where the person gave up.</returns>
    public bool Pass(ref EventTime time, in Visit visit)
    {
        var isPush = factor == "push";
        if (isPush && random.Chance(PhoneElsewhere)) return WaitForPhone(ref time, visit);
        if (!random.Chance(Fumbled)) return true;
        for (var tries = random.Weighted([75, 18, 7]); tries >= 0; tries--)
        {
            journal.FailFactor(time, account, visit, isPush ? "push_timeout" : "invalid_code");
            time += isPush ? Seconds(45, 80) : Seconds(8, 40);
        }

        return true;
    }

    /// <summary>The browser, or the program that wants mail, asks and asks; the phone lies in another room.</summary>
    private bool WaitForPhone(ref EventTime time, in Visit visit)
    {
        for (var tries = random.Between(4, 9); tries > 0; tries--)
        {
            journal.FailFactor(time, account, visit, "push_timeout");
            time += Seconds(60, 400);
        }

        return !random.Chance(GivesUp);
    }

    private TimeSpan Seconds(double from, double to) => random.Span(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to));
}
