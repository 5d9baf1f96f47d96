using RiskEngine.Simulation.Benchmarking.Traffic.Logins;
using RiskEngine.Simulation.Benchmarking.Traffic.Networks;
using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.Benchmarking.Traffic.Attackers;

/// <summary>Honest logins from which attackers borrow, each within the near future of the attack.</summary>
/// <remarks>
/// Only logins with a new lease lend their address: one that its owner holds already is known to the fleet as that one person's, which no attacker's would be.
/// A new lease is drawn alike for everybody, so that an attacker's address has been seen before exactly as often as an honest new one. Immutable.
/// </remarks>
internal sealed class DonorIndex
{
    // Near enough that a browser's version has not gone by, far enough that no two attacks borrow from the same few people.
    private const int Reach = 256;
    private const int Tries = 12;

    private readonly HonestLogins _logins;
    private readonly List<int> _devices = [];
    private readonly List<int> _all = [];
    private readonly List<int>[] _ofCountry;
    private readonly List<int>[] _ofNetwork;

    /// <param name="happens">Whether a row, by its number, is told as it is.</param>
    public DonorIndex(HonestLogins logins, BenchmarkWorld world, Func<int, bool> happens)
    {
        _logins = logins;
        _ofCountry = [.. BenchmarkWorld.Countries.Select(_ => new List<int>())];
        _ofNetwork = [.. world.Networks.Select(_ => new List<int>())];
        foreach (var row in logins.InTimeOrder)
        {
            if (!happens(row)) continue;
            _devices.Add(row);
            if (!logins[row].IsFreshLease) continue;
            var network = logins[row].Shown.Network;
            _all.Add(row);
            _ofNetwork[network].Add(row);
            _ofCountry[world.Networks[network].Country].Add(row);
        }
    }

    /// <summary>What another subject will show soon after.</summary>
    /// <returns>False where nobody follows.</returns>
    public bool TryAny(in LoginRow victim, SeededRandom random, out LoginShown donor) => TryPick(_all, victim, random, out donor);

    public bool TryCountry(int country, in LoginRow victim, SeededRandom random, out LoginShown donor) => TryPick(_ofCountry[country], victim, random, out donor);

    public bool TryNetwork(int network, in LoginRow victim, SeededRandom random, out LoginShown donor) => TryPick(_ofNetwork[network], victim, random, out donor);

    /// <summary>A login of another subject soon after, whose device may be borrowed.</summary>
    public bool TryDevice(in LoginRow victim, SeededRandom random, out LoginShown owner) => TryPick(_devices, victim, random, out owner);

    private bool TryPick(List<int> rows, in LoginRow victim, SeededRandom random, out LoginShown donor)
    {
        donor = default;
        var from = FirstAfter(rows, victim.Time);
        var count = Math.Min(Reach, rows.Count - from);
        for (var attempt = 0; attempt < Tries && count > 0; attempt++)
        {
            ref readonly var row = ref _logins[rows[from + random.Below(count)]];
            if (row.Subject == victim.Subject) continue;
            donor = row.Shown;
            return true;
        }

        return false;
    }

    private int FirstAfter(List<int> rows, long time)
    {
        var (low, high) = (0, rows.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_logins[rows[middle]].Time > time) high = middle;
            else low = middle + 1;
        }

        return low;
    }
}
