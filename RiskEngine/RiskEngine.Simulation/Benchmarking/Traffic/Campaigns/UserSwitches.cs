using System.Runtime.InteropServices;
using RiskEngine.Simulation.Benchmarking.Traffic.Attackers;
using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Campaigns;

/// <summary>Accounts that another user takes over for one to five logins, at the times at which the owner would have logged in.</summary>
/// <remarks>The idea is that of the CLUE data set's makers: the attacker is somebody as ordinary as the victim. The intruder goes on as people do.</remarks>
internal sealed class UserSwitches
{
    private const double PerSubject = 0.025;
    private const int MostLogins = 5;

    private readonly HonestLogins _logins;
    private readonly Dictionary<int, int> _from = [];
    private readonly Dictionary<int, LoginShown> _shown = [];

    public UserSwitches(HonestLogins logins, Splits splits, SeededRandom random)
    {
        _logins = logins;
        var wanted = (int)(logins.Subjects * PerSubject);
        for (var attempt = 0; attempt < wanted * 20 && _from.Count < wanted; attempt++)
        {
            var row = random.Below(logins.Count);
            if (splits.Of(logins[row].Time) == BenchmarkSplit.WarmUp || logins.Before(row).IsEmpty) continue;
            _from.TryAdd(logins[row].Subject, row);
        }
    }

    /// <summary>Whether the row is told as it is: from the switch on nothing of that subject lends to attackers.</summary>
    public bool Precedes(int row) => !_from.TryGetValue(_logins[row].Subject, out var from) || row < from;

    /// <summary>Whether nobody ever switches into the subject's account.</summary>
    public bool Spares(int subject) => !_from.ContainsKey(subject);

    /// <summary>What is shown in place of the honest login.</summary>
    public bool TryGet(int row, out LoginShown shown) => _shown.TryGetValue(row, out shown);

    /// <summary>Lets the intruders in.</summary>
    public void Run(Habits habits, DonorIndex donors, SeededRandom random)
    {
        foreach (var first in _from.Values.Order())
        {
            var last = Math.Min(_logins.Of(_logins[first].Subject).To, first + random.Between(1, MostLogins));
            var mobility = Mobility.Draw(random);
            var chain = new List<LoginRow>();
            for (var row = first; row < last; row++)
            {
                ref readonly var replaced = ref _logins[row];
                var past = CollectionsMarshal.AsSpan(chain);
                var shown = past.IsEmpty ? First(replaced, habits, donors, random) : habits.DrawNext(past, replaced.Time, mobility, random).Shown;
                chain.Add(replaced with { Shown = shown });
                _shown[row] = shown;
            }
        }
    }

    private static LoginShown First(in LoginRow replaced, Habits habits, DonorIndex donors, SeededRandom random)
    {
        if (!donors.TryAny(replaced, random, out var shown)) shown = habits.DrawFirst(replaced.Time, random);
        return shown.WithBorrowedDevice(replaced, donors, habits, random);
    }
}
