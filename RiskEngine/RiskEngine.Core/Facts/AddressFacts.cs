using System.Runtime.CompilerServices;
using RiskEngine.Core.Events;

namespace RiskEngine.Core.Facts;

/// <summary>What is known of one address: place, network, what feeds say. Unknown parts keep the values of <see cref="Unknown"/>.</summary>
/// <remarks>A plain value without references, filled by <see cref="FactSnapshot.Lookup"/>. Nothing in it outlives or pins the snapshot.</remarks>
public struct AddressFacts
{
    /// <summary>The most feed hits one address keeps; the strongest evidence stays.</summary>
    public const int MaximumFeedHits = 4;

    private Hits _hits;

    /// <summary>Where the address can be reached from.</summary>
    public AddressScope Scope;

    /// <summary>The country, or the unknown one.</summary>
    public CountryCode Country;

    /// <summary>Degrees north, −90 to 90; NaN when unknown.</summary>
    public float Latitude;

    /// <summary>Degrees east, −180 to 180; NaN when unknown.</summary>
    public float Longitude;

    /// <summary>Radius around the location that holds the address with some confidence, in kilometres; NaN when unknown.</summary>
    public float AccuracyRadiusKm;

    /// <summary>Number of the autonomous system; 0 when unknown.</summary>
    public uint Asn;

    /// <summary>Kinds of network that feeds or databases name.</summary>
    public NetworkKinds Networks;

    /// <summary>Facts of which nothing is known.</summary>
    public static AddressFacts Unknown => new() { Latitude = float.NaN, Longitude = float.NaN, AccuracyRadiusKm = float.NaN };

    /// <summary>Gets whether latitude and longitude are known.</summary>
    public readonly bool HasLocation => !float.IsNaN(Latitude) && !float.IsNaN(Longitude);

    /// <summary>Gets the location; meaningless unless <see cref="HasLocation"/>.</summary>
    public readonly GeoPoint Location => new(Latitude, Longitude);

    /// <summary>Gets the number of feeds that hit, 0 to <see cref="MaximumFeedHits"/>.</summary>
    public int FeedHitCount { readonly get; private set; }

    /// <summary>The hit at that index, strongest evidence first.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="i"/> is not below <see cref="FeedHitCount"/>.</exception>
    public readonly FeedHit GetFeedHit(int i)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(i);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(i, FeedHitCount);
        return _hits[i];
    }

    /// <summary>Adds a hit in order of evidence; one hit a feed, the weakest falls out when there are too many.</summary>
    public void AddFeedHit(in FeedHit hit)
    {
        for (var i = 0; i < FeedHitCount; i++)
        {
            if (_hits[i].Feed == hit.Feed) return;
        }

        var at = FeedHitCount;
        while (at > 0 && MathF.Abs(_hits[at - 1].Evidence) < MathF.Abs(hit.Evidence)) at--;
        if (at == MaximumFeedHits) return;
        FeedHitCount = Math.Min(FeedHitCount + 1, MaximumFeedHits);
        for (var i = FeedHitCount - 1; i > at; i--) _hits[i] = _hits[i - 1];
        _hits[at] = hit;
    }

    [InlineArray(MaximumFeedHits)]
    private struct Hits
    {
        private FeedHit _first;
    }
}
