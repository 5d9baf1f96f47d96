using System.Net;
using System.Security.Cryptography;
using RiskEngine.Core.Events;

namespace RiskEngine.Host.Security;

/// <summary>A rate for every address, in memory of fixed size: addresses are spread over buckets by a secret, and the few that meet in one share it.</summary>
/// <remarks>Thread-safe. An IPv6 address counts with its /64, which one subscriber holds.</remarks>
/// <param name="perSecond">Tokens that come back each second.</param>
/// <param name="burst">Tokens of a full bucket.</param>
internal sealed class AddressRates(double perSecond, int burst, TimeProvider clock)
{
    private const int Buckets = 4096;

    private readonly KeyedHash _hash = new(RandomNumberGenerator.GetBytes(16));
    private readonly TokenBucket[] _buckets = [.. Enumerable.Range(0, Buckets).Select(_ => new TokenBucket(perSecond, burst, clock))];

    /// <summary>Takes a token of that address's.</summary>
    /// <param name="retryAfter">Where there is none: how long until there is.</param>
    public bool TryTake(IPAddress? address, out TimeSpan retryAfter)
    {
        var unit = address is null ? 0 : IpAddress.FromBytes(address.GetAddressBytes()).Unit;
        var at = (int)((ulong)_hash.Hash(BitConverter.GetBytes(unit)) % Buckets);
        return _buckets[at].TryTake(out retryAfter);
    }
}
