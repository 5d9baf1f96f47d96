using System.Runtime.CompilerServices;

namespace RiskEngine.Core.Models;

/// <summary>The mixture of attackers that the likelihood ratio reckons with: how likely they bring a place and a device this new.</summary>
/// <remarks>
/// At the login's own place by the fleet's shares of its values, but no less than the least that is reckoned with for such a place, whatever the shares
/// (<see cref="Least"/>). At farther places it is that least, so that a login says no more than one from farther away would; at nearer
/// places, which only split what is said into parts that a person can read, it is round figures.
/// </remarks>
internal readonly ref struct AttackMixture
{
    /// <summary>Number of kinds of attackers, in the order of <see cref="LikelihoodSettings"/>.</summary>
    public const int Kinds = 7;

    /// <summary>No chance is below.</summary>
    public const float Smallest = 1e-5f;

    /// <summary>Most by which a network that nobody here uses is likelier for attackers than for people.</summary>
    private const float MostRare = 30;

    /// <summary>Chance that an attacker who copied a user agent got it to the letter, and that he did not get it at all.</summary>
    private const float CopyExact = 0.9f, CopyVersion = 0.04f, CopyFailed = 0.01f;

    /// <summary>Where devices begin: those of attackers with their own, then those who copied one.</summary>
    private const int DeviceAt = 6 * Kinds;

    private readonly ReadOnlySpan<float> _shares;
    private readonly Grid _grid;

    /// <param name="shares">Of each kind, 1 together.</param>
    /// <param name="tail">Which part of new places is as rare in the fleet as the login's autonomous system, above 0.</param>
    public AttackMixture(ReadOnlySpan<float> shares, in HistorySummary summary, in FleetShares fleet, float tail, in LoginNovelty novelty)
    {
        _shares = shares;
        var rare = MathF.Min(1 / tail, MostRare);

        // A system known to the subject says nothing of how rare one farther away would be; two that are new to it are compared as equally rare.
        var leastRare = novelty.Nearest >= NetworkNovelty.Country ? rare : 1;
        for (var place = NetworkNovelty.Address; place <= NetworkNovelty.Abroad; place++)
        {
            var brings = place < novelty.Nearest ? Nearer(place) : place == novelty.Nearest ? At(place, summary, fleet, rare).AtLeast(Least(place, rare)) : Least(place, leastRare);
            Span<float> kinds =
            [
                brings.Anywhere, brings.InCountry, brings.InSystem, brings.InCountry, brings.Anywhere, brings.Rare,
                place == NetworkNovelty.Address ? 0.9f : place == NetworkNovelty.Network ? 0.1f : 0,
            ];
            for (var kind = 0; kind < Kinds; kind++) _grid[((int)place * Kinds) + kind] = MathF.Min(kinds[kind], MostRare) * shares[kind];
        }

        for (var device = DeviceNovelty.UserAgent; device <= DeviceNovelty.Unseen; device++)
        {
            _grid[DeviceAt + (int)device] = At(device, summary, fleet);
            _grid[DeviceAt + 5 + (int)device] = device switch { DeviceNovelty.UserAgent => CopyExact, DeviceNovelty.Platform => CopyVersion, _ => CopyFailed };
        }
    }

    public float Of(NetworkNovelty place)
    {
        var sum = 0f;
        for (var kind = 0; kind < Kinds; kind++) sum += _grid[((int)place * Kinds) + kind];
        return MathF.Max(sum, Smallest);
    }

    public float Of(DeviceNovelty device)
    {
        var sum = 0f;
        for (var kind = 0; kind < Kinds; kind++) sum += _shares[kind] * _grid[DeviceOf(kind) + (int)device];
        return MathF.Max(sum, Smallest);
    }

    public float Of(NetworkNovelty place, DeviceNovelty device)
    {
        var sum = 0f;
        for (var kind = 0; kind < Kinds; kind++) sum += _grid[((int)place * Kinds) + kind] * _grid[DeviceOf(kind) + (int)device];
        return MathF.Max(sum, Smallest);
    }

    private static int DeviceOf(int kind) => kind is >= 2 and <= 4 ? DeviceAt + 5 : DeviceAt;

    /// <summary>How often the subject's own logins that are this near bring this very value: of several homes, this one.</summary>
    private static float Among(int same, int all) => (same + 0.5f) / (all + 1);

    private static PlaceChances At(NetworkNovelty place, in HistorySummary summary, in FleetShares fleet, float rare)
    {
        var country = MathF.Max(fleet.Country, fleet.Asn);
        return place switch
        {
            NetworkNovelty.Address => Scaled(fleet.Address / Among(summary.SameAddress, summary.WithAddress), fleet, country),
            NetworkNovelty.Network => Scaled(fleet.Network / Among(summary.SameNetwork, summary.WithAddress), fleet, country),
            NetworkNovelty.System => new(fleet.Asn / Among(summary.SameAsn, summary.WithAsn), MathF.Min(fleet.Asn / country, 1), 1, 0),
            NetworkNovelty.Country => new(country / Among(summary.SameCountry, summary.WithCountry), 0.7f, 0, rare * 0.3f),
            _ => new(1, 0, 0, rare),
        };
    }

    private static PlaceChances Scaled(float share, in FleetShares fleet, float country) => new(share, MathF.Min(share / country, 1), MathF.Min(share / fleet.Asn, 1), 0);

    /// <param name="rare">How much likelier the login's autonomous system is for attackers than for people, for being rare in the fleet; at least 1.</param>
    private static PlaceChances Least(NetworkNovelty place, float rare) => place switch
    {
        NetworkNovelty.System => new(0, 0, 1, 0),
        NetworkNovelty.Country => new(0.7f, 0.7f, 0, rare * 0.3f),
        NetworkNovelty.Abroad => new(1, 0, 0, rare),
        _ => default,
    };

    private static PlaceChances Nearer(NetworkNovelty place) => place switch
    {
        NetworkNovelty.System => new(0.1f, 0.3f, 1, 0),
        NetworkNovelty.Country => new(0.3f, 0.7f, 0, 0.1f),
        _ => new(0.001f, 0.002f, 0.01f, 0),
    };

    private static float At(DeviceNovelty device, in HistorySummary summary, in FleetShares fleet) => device switch
    {
        DeviceNovelty.UserAgent => fleet.UserAgent / Among(summary.SameUserAgent, summary.WithUserAgent),
        DeviceNovelty.Platform => fleet.Platform / Among(summary.SamePlatform, summary.WithUserAgent),
        DeviceNovelty.Os => fleet.Os / Among(summary.SameOs, summary.WithUserAgent),
        _ => 0.7f,
    };

    /// <summary>What attackers from anywhere, from the victim's country, in its system and from rare networks bring to one place, beside what its subject brings there.</summary>
    private readonly record struct PlaceChances(float Anywhere, float InCountry, float InSystem, float Rare)
    {
        public PlaceChances AtLeast(in PlaceChances least) =>
            new(MathF.Max(Anywhere, least.Anywhere), MathF.Max(InCountry, least.InCountry), MathF.Max(InSystem, least.InSystem), MathF.Max(Rare, least.Rare));
    }

    [InlineArray(64)]
    private struct Grid
    {
        private float _first;
    }
}
