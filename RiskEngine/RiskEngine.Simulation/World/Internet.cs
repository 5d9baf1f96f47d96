using RiskEngine.Simulation.Randomness;

namespace RiskEngine.Simulation.World;

/// <summary>All network operators of the simulated world. Built from the seed; immutable.</summary>
internal sealed class Internet
{
    internal const uint FirstNumber = 4_200_000_000;
    private const int SitesPerOperator = 384;

    // First octets of the blocks described at NetworkOperator.
    internal static readonly byte[] FirstOctets = [11, 22, 26, 28, 29, 30, 33, 55];
    private static readonly string[] Trunks =
    [
        "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper", "Larch", "Maple", "Oak", "Pine", "Rowan", "Sorrel",
        "Thorn", "Willow",
    ];


    private readonly List<NetworkOperator> _all = [];
    private readonly uint[] _freeBlocks;
    private readonly SeededRandom _random;
    private int _nextBlock;

    public Internet(ulong seed)
    {
        _random = SeededRandom.For(seed, Purpose.Networks, 0);
        _freeBlocks = Shuffled([.. FirstOctets.SelectMany(octet => Enumerable.Range(0, 256).Select(second => ((uint)octet << 24) | ((uint)second << 16)))]);
        foreach (var country in Atlas.Countries)
        {
            for (var i = 0; i < 3; i++) Add(OperatorKind.Residential, "Broadband", country.Cities, 6 - (2 * i), country.Code);
            for (var i = 0; i < 2; i++) Add(OperatorKind.Mobile, "Mobile", country.Cities, 1, country.Code);
            Add(OperatorKind.Business, "Business Networks", country.Cities, 1, country.Code);
            Add(OperatorKind.Hotel, "Hospitality", country.Cities, 1, country.Code);
        }

        City[] exits = [.. Atlas.Countries.Select(country => country.Cities[0])];
        for (var i = 0; i < 3; i++) Add(OperatorKind.Vpn, "Privacy VPN", exits, 2, "");
        for (var i = 0; i < 8; i++) Add(OperatorKind.Hosting, "Cloud Hosting", [.. Shuffled([.. exits]).Take(3)], 2, "");
        Residential = ByCountry(OperatorKind.Residential);
        Mobile = ByCountry(OperatorKind.Mobile);
        Business = ByCountry(OperatorKind.Business);
        Hotels = ByCountry(OperatorKind.Hotel);
        Vpns = [.. _all.Where(each => each.Kind == OperatorKind.Vpn)];
        Hosting = [.. _all.Where(each => each.Kind == OperatorKind.Hosting)];
    }

    /// <summary>Gets the operators of each country, in the atlas' order; the first of them is the largest.</summary>
    public NetworkOperator[][] Residential { get; }

    public NetworkOperator[][] Mobile { get; }

    public NetworkOperator[][] Business { get; }

    public NetworkOperator[][] Hotels { get; }

    public NetworkOperator[] Vpns { get; }

    public NetworkOperator[] Hosting { get; }

    private void Add(OperatorKind kind, string trade, City[] cities, int blocks, string country)
    {
        // Gaps between the numbers, so that neighbours say nothing about each other.
        var number = FirstNumber + (uint)(_all.Count * 97) + (uint)_random.Below(97);
        var name = $"{Trunks[_all.Count * 7 % Trunks.Length]} {trade} {country}".TrimEnd();
        var taken = _freeBlocks[_nextBlock..(_nextBlock + blocks)];
        _nextBlock += blocks;
        _all.Add(new NetworkOperator(number, name, kind, cities, taken, (ushort)(_all.Count * SitesPerOperator)));
    }

    private NetworkOperator[][] ByCountry(OperatorKind kind) =>
        [.. Atlas.Countries.Select(country => _all.Where(each => each.Kind == kind && each.Cities == country.Cities).ToArray())];

    private T[] Shuffled<T>(T[] items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = _random.Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }

        return items;
    }
}
