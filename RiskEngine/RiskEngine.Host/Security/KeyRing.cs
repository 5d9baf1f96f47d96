using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Security;

/// <summary>The keys that are active now, in memory, so that checking one costs a hash and a look-up.</summary>
/// <remarks>
/// Thread-safe. <see cref="RefreshAsync"/> reads the store again: after every change made here, and now and then for changes made elsewhere.
/// Rates outlive a refresh. A digest is compared in constant time, although an attacker who cannot invert SHA-256 learns nothing from timing.
/// </remarks>
internal sealed class KeyRing(IRecordStore records, RequestLimits limits, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _refreshing = new(1);
    private volatile FrozenDictionary<ulong, Caller[]> _callers = FrozenDictionary<ulong, Caller[]>.Empty;

    /// <summary>The caller with that secret; null where there is none, or where the key has ended.</summary>
    public Caller? Find(ReadOnlySpan<char> secret)
    {
        if (!KeySecret.IsWellFormed(secret)) return null;
        Span<byte> sha256 = stackalloc byte[SHA256.HashSizeInBytes];
        KeySecret.Hash(secret, sha256);
        if (!_callers.TryGetValue(BinaryPrimitives.ReadUInt64LittleEndian(sha256), out var candidates)) return null;
        foreach (var caller in candidates)
        {
            if (CryptographicOperations.FixedTimeEquals(caller.Sha256, sha256)) return caller.IsActive(Now) ? caller : null;
        }

        return null;
    }

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _refreshing.WaitAsync(cancellationToken);
        try
        {
            var before = _callers.Values.SelectMany(callers => callers).ToLookup(caller => Convert.ToHexString(caller.Sha256));
            var keys = await records.ListKeysAsync(cancellationToken);
            _callers = keys.Where(IsUsable)
                .Select(key => Make(key, before[Convert.ToHexString(key.Sha256)].FirstOrDefault()))
                .GroupBy(caller => BinaryPrimitives.ReadUInt64LittleEndian(caller.Sha256))
                .ToFrozenDictionary(group => group.Key, group => group.ToArray());
        }
        finally
        {
            _refreshing.Release();
        }
    }

    public void Dispose() => _refreshing.Dispose();

    private EventTime Now => EventTime.From(clock.GetUtcNow());

    private bool IsUsable(ApiKey key) => key.Sha256.Length == SHA256.HashSizeInBytes && (key.Until is not { } until || Now < until);

    private Caller Make(ApiKey key, Caller? before)
    {
        // Scopes that a later build knows and this one does not open nothing here.
        var scopes = KeyScopeNames.TryParse(key.Scopes, out var known) ? known : KeyScopes.None;
        return new Caller(
            key, scopes, before?.Requests ?? new TokenBucket(limits.RequestsPerSecond, limits.RequestBurst, clock),
            before?.Submissions ?? new TokenBucket(limits.SubmissionsPerSecond, limits.SubmissionBurst, clock));
    }
}
