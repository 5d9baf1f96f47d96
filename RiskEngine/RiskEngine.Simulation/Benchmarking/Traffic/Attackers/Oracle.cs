using RiskEngine.Simulation.Benchmarking.Traffic.Logins;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>Who knows the generator: the logarithm of p(login | attacker) / p(login | the subject), for each family.</summary>
/// <remarks>
/// By the Neyman-Pearson lemma nothing that sees the same subject's history can do better against a family. It knows of a subject what its logins showed,
/// and of the fleet the laws that all logins are drawn from, not what others showed lately. A campaign whose logins betray each other has none.
/// </remarks>
internal sealed class Oracle(IReadOnlyList<IAttacker?> attackers)
{
    /// <summary>Gets the bound of what it says, in nats: what is impossible on one side is told as certain.</summary>
    public const float Limit = 60;

    private static readonly float[] Nothing = [.. AttackFamilies.Names.Select(_ => float.NaN)];

    /// <summary>Gets what is told where there is nothing to judge.</summary>
    public static ReadOnlyMemory<float> Silent => Nothing;

    public float[] Judge(in Victim victim, in LoginShown shown)
    {
        var result = new float[attackers.Count];
        var honest = victim.Expected.Of(shown);
        for (var family = 0; family < result.Length; family++)
        {
            var attacker = attackers[family];
            result[family] = attacker is null || !attacker.Attacks(victim) ? float.NaN : Evidence(attacker.Density(victim, shown, honest), honest.Login);
        }

        return result;
    }

    private static float Evidence(double attack, double honest) => attack == honest ? 0 : Math.Clamp((float)Math.Log(attack / honest), -Limit, Limit);
}
