using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>How much a subject's own past says about what is usual for it.</summary>
internal static class Habit
{
    /// <summary>1 for what the subject never did, falling evenly to 0 once it did it often enough to be its habit.</summary>
    public static double Unusual(int times, int habit) => times >= habit ? 0 : 1 - ((double)times / habit);

    /// <summary>How much something seen that many times vouches: half for once, in full from three times on.</summary>
    public static double Vouching(int times) => Math.Min((1 + times) / 4.0, 1);

    /// <summary>1 for a subject that stays where it is, falling to 0 for one to which something new happens at every second login.</summary>
    /// <remarks>
    /// By Good and Turing, the chance that the next value is new is about the share of values seen exactly once (I. J. Good, Biometrika 40, 1953).
    /// One such value is everybody's due: it may be a holiday.
    /// </remarks>
    public static double Steadiness(int seenOnce, int count) => count == 0 ? 1 : 1 - Math.Min(2.0 * Math.Max(seenOnce - 1, 0) / count, 1);

    /// <summary>Autonomous systems that occur exactly once; counting ends where half of the history is, which is all that steadiness can use.</summary>
    public static int AsnsSeenOnce(ReadOnlySpan<PastLogin> history)
    {
        var once = 0;
        for (var i = 0; i < history.Length && 2 * once <= history.Length; i++)
        {
            if (history[i].Asn != 0 && OccurrencesOfAsn(history, history[i].Asn) == 1) once++;
        }

        return once;
    }

    /// <summary>Countries that occur exactly once; counting ends as above.</summary>
    public static int CountriesSeenOnce(ReadOnlySpan<PastLogin> history)
    {
        var once = 0;
        for (var i = 0; i < history.Length && 2 * once <= history.Length; i++)
        {
            if (history[i].Country.IsKnown && OccurrencesOfCountry(history, history[i].Country.Value) == 1) once++;
        }

        return once;
    }

    /// <summary>Applications that occur exactly once; counting ends as above.</summary>
    public static int ApplicationsSeenOnce(ReadOnlySpan<PastLogin> history)
    {
        var once = 0;
        for (var i = 0; i < history.Length && 2 * once <= history.Length; i++)
        {
            if (history[i].Application != 0 && OccurrencesOfApplication(history, history[i].Application) == 1) once++;
        }

        return once;
    }

    private static int OccurrencesOfApplication(ReadOnlySpan<PastLogin> history, ushort application)
    {
        var count = 0;
        for (var i = 0; i < history.Length && count < 2; i++) count += history[i].Application == application ? 1 : 0;
        return count;
    }

    private static int OccurrencesOfAsn(ReadOnlySpan<PastLogin> history, uint asn)
    {
        var count = 0;
        for (var i = 0; i < history.Length && count < 2; i++) count += history[i].Asn == asn ? 1 : 0;
        return count;
    }

    private static int OccurrencesOfCountry(ReadOnlySpan<PastLogin> history, ushort country)
    {
        var count = 0;
        for (var i = 0; i < history.Length && count < 2; i++) count += history[i].Country.Value == country ? 1 : 0;
        return count;
    }
}
