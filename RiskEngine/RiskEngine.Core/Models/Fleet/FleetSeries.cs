using System.Runtime.CompilerServices;

namespace RiskEngine.Core.Models;

/// <summary>One pattern of logins: what is usual now, what came lately, and its period where there is one. Plain data, stored as it lies in memory.</summary>
/// <remarks>
/// Two detectors, either of which begins a period. A <em>spike</em>: the last 10 to 20 minutes or the last hour lie some deviations above the season, as in
/// the surveillance of outbreaks (Farrington, Andrews, Beale, Catchpole, "A statistical algorithm for the early detection of outbreaks of infectious
/// disease", J. R. Statist. Soc. A 159, 1996). A <em>change</em>: the sum of what hours lie above the season, less an allowance, goes over a bound, as slow
/// rises make it (Page, "Continuous inspection schemes", Biometrika 41, 1954; for transformed Poisson counts Rossi, Lampugnani, Marchi, "An approximate
/// CUSUM procedure for surveillance of health events", Statist. Med. 18, 1999). Deviations are those of <see cref="CountScale"/>, taken relative to their
/// own median, which a sign a time follows (Robbins and Monro, "A stochastic approximation method", Ann. Math. Statist. 22, 1951): few great ones do not move it.
/// </remarks>
internal struct FleetSeries
{
    /// <summary>The change detector: what an hour may lie above the season, the bound, and the most that one hour counts.</summary>
    private const float Allowance = 0.75f, Bound = 9, MostAnHour = 4;

    /// <summary>Deviations below which a period calms down.</summary>
    private const float CalmDeviations = 1.5f;

    /// <summary>Buckets of ten minutes for which it has to be calm.</summary>
    private const int CalmBuckets = 3;

    /// <summary>The median of absolute deviations of a normal count, how far one hour moves ours, and the most it becomes.</summary>
    private const float NormalMedian = 0.6745f, Step = 0.02f, MostMedian = 3 * NormalMedian;

    /// <summary>What the season has for the hour under way, and for the one before.</summary>
    public float UsualOfHour, UsualBefore;

    /// <summary>The larger of the two, scaled by how many people get in.</summary>
    public float Usual;

    /// <summary>What came in the last 10 to 20 minutes, and in the last 50 to 60.</summary>
    public float Lately, InAnHour;

    /// <summary>Counts at which a period begins, and under which it calms down.</summary>
    public float SpikeLately, SpikeInAnHour, Calm;

    /// <summary>What hours lay above the season so far, and what came in them.</summary>
    public float Rise, Risen;

    /// <summary>By how much the median deviation is above the normal one.</summary>
    public float Restless;

    /// <summary>Hours that periods lasted, less a part of those between them.</summary>
    public float Lasted;

    public int CalmFor;

    /// <summary>Until when the season learns without a bound on how fast it rises, in hours since 1970: what settled needs its own week.</summary>
    public uint FreeUntil;

    /// <summary>The one that is open, or the last one.</summary>
    public AttackPeriod Period;

    public readonly bool IsSpike => Lately >= SpikeLately || InAnHour >= SpikeInAnHour;

    public readonly bool IsRise => Rise >= Bound;

    /// <summary>Sets the counts that matter until the next bucket.</summary>
    /// <param name="usual">What is usual in an hour now.</param>
    /// <param name="deviations">Deviations that make a spike.</param>
    /// <param name="minimum">The fewest that do.</param>
    public void Expect(float usual, float deviations, float minimum)
    {
        Usual = usual;
        var scale = Scale;
        SpikeLately = MathF.Max(minimum, CountScale.CountAt(deviations * scale, usual / 3));
        SpikeInAnHour = MathF.Max(minimum, CountScale.CountAt(deviations * scale, usual));
        Calm = MathF.Max(minimum / 2, CountScale.CountAt(CalmDeviations * scale, usual));
    }

    /// <summary>Notes an hour that is over.</summary>
    /// <param name="count">What came.</param>
    /// <param name="usual">What was usual.</param>
    /// <returns>Deviations above what is usual, relative to their median.</returns>
    public float Note(float count, float usual, bool learns)
    {
        var deviations = CountScale.Deviations(count, usual);
        var relative = deviations / Scale;
        Risen = Rise > 0 ? Risen + count : count;
        Rise = relative < 0 ? Rise / 2 : Math.Clamp(Rise + MathF.Min(relative, MostAnHour) - Allowance, 0, 1.5f * Bound);
        if (learns) Restless = Math.Clamp(Restless + (MathF.Abs(deviations) > NormalMedian + Restless ? Step : -Step), 0, MostMedian - NormalMedian);
        return relative;
    }

    /// <summary>Forgets what rose: it is usual now.</summary>
    public void Calmed(uint freeUntil) => (Rise, Risen, Lasted, CalmFor, FreeUntil) = (0, 0, 0, 0, freeUntil);

    public readonly bool LearnsFreely(uint hour) => hour < FreeUntil;

    /// <summary>The largest count an hour may teach.</summary>
    public readonly float MostLearnt(float usual, float deviations) => CountScale.CountAt(deviations * Scale, usual);

    /// <summary>Whether an open period is over, asked once a bucket.</summary>
    public bool IsOver()
    {
        CalmFor = InAnHour < Calm && Rise < Bound / 2 ? CalmFor + 1 : 0;
        return CalmFor >= CalmBuckets;
    }

    public readonly bool IsSound
    {
        get
        {
            ReadOnlySpan<float> numbers = [Usual, UsualOfHour, UsualBefore, Lately, InAnHour, SpikeLately, SpikeInAnHour, Calm, Rise, Risen, Restless, Lasted];
            foreach (var number in numbers)
            {
                if (!(number >= 0 && float.IsFinite(number))) return false;
            }

            return Period.IsSound;
        }
    }

    private readonly float Scale => 1 + (Restless / NormalMedian);
}

/// <summary>Series by their number: those of <see cref="AttackKind"/>, then the people who got in.</summary>
[InlineArray(Length)]
internal struct FleetSeriesList
{
    public const int Length = Successes + 1, Kinds = (int)AttackKind.FailureSurge + 1, Successes = Kinds;

    private FleetSeries _first;
}

/// <summary>Seasons by the number of their series.</summary>
[InlineArray(FleetSeriesList.Length)]
internal struct WeekSeasonList
{
    private WeekSeason _first;
}
