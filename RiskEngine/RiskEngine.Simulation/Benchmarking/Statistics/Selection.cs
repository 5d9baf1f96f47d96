using RiskEngine.Simulation.Benchmarking.Traffic;

namespace RiskEngine.Simulation.Benchmarking.Statistics;

/// <summary>Which logins of a stream are measured together: honest ones, and those of each attacker.</summary>
public sealed class Selection
{
    private Selection(IReadOnlyList<int> honest, IReadOnlyList<int>[] attacks) => (Honest, Attacks) = (honest, attacks);

    /// <summary>Gets the places of honest logins in the stream.</summary>
    public IReadOnlyList<int> Honest { get; }

    /// <summary>Gets the places of the logins of each attacker, by family.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Attacks { get; }

    /// <param name="split">The part of the time.</param>
    /// <param name="history">Which lengths of history belong to it.</param>
    public static Selection Of(ScoredStream stream, BenchmarkSplit split, HistoryRange history)
    {
        List<int> honest = [];
        List<int>[] attacks = [.. stream.Families.Select(_ => new List<int>())];
        for (var i = 0; i < stream.Logins.Count; i++)
        {
            var login = stream.Logins[i];
            if (login.Split != split || !history.Holds(login.History)) continue;
            (login.IsHonest ? honest : attacks[login.Family]).Add(i);
        }

        return new Selection(honest, attacks);
    }

    public IEnumerable<int> All() => Honest.Concat(Attacks.SelectMany(family => family));
}

/// <summary>Lengths of history, in successful logins before, both ends included.</summary>
public readonly record struct HistoryRange(string Name, int Least, int Most)
{
    /// <summary>Gets what headline figures are told of: at a first login there is nothing to compare with, and Freeman's score is not defined.</summary>
    public static HistoryRange Known { get; } = new("1 or more", 1, int.MaxValue);

    /// <summary>Gets the ranges that are told apart, since nobody can judge by a history that is not there.</summary>
    public static IReadOnlyList<HistoryRange> ColdStart { get; } = [new("0", 0, 0), new("1 to 4", 1, 4), new("5 or more", 5, int.MaxValue), new("all", 0, int.MaxValue)];

    public bool Holds(int history) => history >= Least && history <= Most;
}
