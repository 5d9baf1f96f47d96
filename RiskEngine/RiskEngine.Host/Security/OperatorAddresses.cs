using System.Net;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Security;

/// <summary>Addresses from which an administrator's key was used in the last thirty days; automated blocks never hit them.</summary>
/// <remarks>
/// At most 64, the one seen longest ago gives way. Kept in the store, with an entry in the audit for each that is new; one that comes back is written
/// once a day. Addresses that are not public are left out: no block hits them anyway. Thread-safe; a request does not wait for the store.
/// </remarks>
internal sealed partial class OperatorAddresses(IRecordStore records, TimeProvider clock, ILogger<OperatorAddresses> logger)
{
    public const int Capacity = 64;

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private static readonly TimeSpan Freshness = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private volatile IReadOnlyList<OperatorAddress> _seen = [];

    /// <summary>Gets or sets who is told that <see cref="Networks"/> changed.</summary>
    public Action? Changed { get; set; }

    /// <summary>Gets the networks that are not to be blocked now.</summary>
    public IReadOnlyList<AddressPrefix> Networks => [.. Alive(_seen).Select(address => address.Network)];

    /// <summary>Reads what the store knows.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken) => _seen = [.. Alive(await records.ReadOperatorsAsync(cancellationToken))];

    /// <summary>Notes that an administrator's key worked from there.</summary>
    /// <returns>The task of whatever is to be stored, for tests; requests do not wait for it.</returns>
    public Task Note(IPAddress? remote, string key)
    {
        if (remote is null || IpAddress.FromBytes(remote.GetAddressBytes()) is var address && AddressScopes.Of(address) != AddressScope.Public) return Task.CompletedTask;
        var network = RiskEngine.Core.Policies.Networks.Around(address, (byte)(address.IsIPv4 ? 128 : 64));
        var now = EventTime.From(clock.GetUtcNow());
        if (IsFresh(network, now)) return Task.CompletedTask;
        IReadOnlyList<OperatorAddress> seen;
        bool isNew;
        lock (_gate)
        {
            if (IsFresh(network, now)) return Task.CompletedTask;
            isNew = !Alive(_seen).Any(known => known.Network == network);
            seen = _seen = [.. Alive(_seen).Where(known => known.Network != network).Append(new OperatorAddress(network, now)).OrderByDescending(known => known.SeenAt.UnixMilliseconds).Take(Capacity)];
        }

        if (isNew) Changed?.Invoke();
        return Task.Run(() => StoreAsync(seen, new AuditEntry(0, now, key, isNew ? "admin.seen" : "admin.seen_again", address.IsIPv4 ? address.ToString() : network.ToString(), "no rule blocks it for 30 days")));
    }

    /// <summary>Forgets what is over; to be called now and then.</summary>
    public void Tidy()
    {
        lock (_gate)
        {
            var alive = Alive(_seen).ToList();
            if (alive.Count == _seen.Count) return;
            _seen = alive;
        }

        Changed?.Invoke();
    }

    private bool IsFresh(AddressPrefix network, EventTime now)
    {
        foreach (var known in _seen)
        {
            if (known.Network == network) return now - known.SeenAt < Freshness;
        }

        return false;
    }

    private IEnumerable<OperatorAddress> Alive(IEnumerable<OperatorAddress> seen)
    {
        var now = EventTime.From(clock.GetUtcNow());
        return seen.Where(address => now - address.SeenAt < Lifetime);
    }

    private async Task StoreAsync(IReadOnlyList<OperatorAddress> seen, AuditEntry audit)
    {
        try
        {
            await records.WriteOperatorsAsync(seen, audit, CancellationToken.None);
        }
        catch (Exception failure) when (failure is StateStoreException or ObjectDisposedException)
        {
            LogUnstored(logger, failure.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Where an administrator was seen is not stored, and forgotten at the next start: {Reason}")]
    private static partial void LogUnstored(ILogger logger, string reason);
}
