namespace RiskEngine.Core.Models;

/// <summary>A count that fades: each addition loses half its weight every half-life.</summary>
/// <remarks>
/// Kept as (value, as of). Additions commute: a late one is discounted to the newest time seen, an early one ages the value up to it, so any
/// order of the same additions gives the same sum. Nothing is clamped when written. The default value is an empty count.
/// </remarks>
public struct DecayedMass
{
    /// <summary>What rounding may leave of a count that was taken out again.</summary>
    private const float Negligible = 0.001f;

    private const float Ln2 = 0.693147180559945f;

    /// <summary>The sum at <see cref="AsOf"/>.</summary>
    public float Value;

    /// <summary>Unix seconds of the newest addition.</summary>
    public uint AsOf;

    /// <param name="at">Event time in Unix seconds.</param>
    /// <param name="amount">Weight, usually 1.</param>
    /// <param name="halfLifeSeconds">More than 0; the same for every call on one count.</param>
    public void Add(uint at, float amount, float halfLifeSeconds)
    {
        if (Value == 0)
        {
            (Value, AsOf) = (amount, at);
        }
        else if (at >= AsOf)
        {
            Value = (Value * Decay(at - AsOf, halfLifeSeconds)) + amount;
            AsOf = at;
        }
        else
        {
            Value += amount * Decay(AsOf - at, halfLifeSeconds);
        }
    }

    /// <summary>Takes out what another count of the same half-life holds and was added here too; never below zero.</summary>
    public void Remove(in DecayedMass part, float halfLifeSeconds)
    {
        if (part.Value <= 0) return;
        Add(part.AsOf, -part.Value, halfLifeSeconds);
        if (Value < Negligible) Value = 0;
    }

    /// <summary>The sum as seen at that time; a time before <see cref="AsOf"/> sees the value undiminished.</summary>
    public readonly float At(uint now, float halfLifeSeconds) => Value == 0 || now <= AsOf ? Value : Value * Decay(now - AsOf, halfLifeSeconds);

    /// <summary>Adds what came between <paramref name="before"/> and <paramref name="mine"/> to what is there now, all of it brought to the newest time.</summary>
    /// <returns>Not less than nothing, where more was taken back than there is.</returns>
    public static DecayedMass Merge(in DecayedMass current, in DecayedMass mine, in DecayedMass before, float halfLifeSeconds)
    {
        if (mine.Value == before.Value && mine.AsOf == before.AsOf) return current;
        var asOf = Math.Max(current.AsOf, mine.AsOf);
        var sum = current.At(asOf, halfLifeSeconds) + ((double)mine.At(asOf, halfLifeSeconds) - before.At(asOf, halfLifeSeconds));
        return new DecayedMass { Value = (float)Math.Max(sum, 0), AsOf = asOf };
    }

    /// <summary>A half to the power of the half-lives gone by; written with e, which takes a third less time than the power.</summary>
    private static float Decay(uint seconds, float halfLifeSeconds) => seconds == 0 ? 1 : MathF.Exp(-Ln2 * (seconds / halfLifeSeconds));
}
