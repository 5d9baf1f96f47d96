using System.Globalization;
using System.Text;
using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>Ends a block because a person says so, and has the judge forget the failures that led to it: the one way to release.</summary>
/// <remarks>
/// Forgotten is first, then the block ends, so that what fails half way leaves the block standing and can be repeated. Otherwise the next login from there
/// would be blocked anew for what was done before. Whoever goes on guessing is blocked again once there is as much against him as the first time.
/// Networks of other lengths than a row of reputation has, systems, countries, subjects and sessions have nothing that a block would be made of again.
/// </remarks>
internal sealed class BlockRelease(ServerParts parts)
{
    private readonly BlockKeyReader _keys = new(parts.State.Hash);

    /// <param name="block">What is to end.</param>
    /// <param name="audit">Makes the entry of the audit from what is forgotten, in words; empty for nothing.</param>
    /// <returns>The block, and what was forgotten; null where the block has ended meanwhile.</returns>
    /// <exception cref="StateStoreException">The block stands; try again.</exception>
    public async Task<ReleaseAnswer?> EndAsync(Block block, Func<string, AuditEntry> audit, CancellationToken cancellationToken)
    {
        var accounts = new FailedAccounts(parts);
        var failures = await ForgetAsync(block, accounts, cancellationToken);
        var removed = await parts.Records.RemoveBlockAsync(block.Id, audit(InWords(failures, accounts)).ForRelease(parts, block), cancellationToken);
        return removed is null ? null : new ReleaseAnswer(removed.Id, removed.Scope.Name(), removed.Value, failures, accounts.Count, accounts.IsComplete);
    }

    private static string InWords(double failures, FailedAccounts accounts)
    {
        var words = failures > 0 ? string.Create(CultureInfo.InvariantCulture, $"{failures:0.##} failures forgotten") : "";
        return accounts.IsComplete ? words : string.Create(CultureInfo.InvariantCulture, $"{words}, of accounts that failed before {accounts.Oldest?.ToDateTimeOffset():yyyy-MM-dd'T'HH:mm:ss'Z'} none").TrimStart(',', ' ');
    }

    /// <summary>In slices, each a unit of work: first the address and whoever failed there last, then whoever failed before.</summary>
    private async Task<double> ForgetAsync(Block block, FailedAccounts accounts, CancellationToken cancellationToken)
    {
        if (!_keys.TryParse(block.Scope, block.Value, block.Tenant, EntryPurpose.Stored, out var entry, out _) || ScopeOf(entry) is not { } released) return 0;
        var address = await AddressOfAsync(block, entry, cancellationToken);
        var subject = released == BlockScope.Pair ? block.Value[..block.Value.LastIndexOf('@')] : "";
        if (released == BlockScope.Pair) return await ForgetAsync(released, entry, address, [await accounts.FindAsync(block.Tenant, subject, address, cancellationToken) ?? Unseen(block, subject)], cancellationToken);
        if (released == BlockScope.Range) return await ForgetAsync(released, entry, address, [Unseen(block, subject)], cancellationToken);

        double? failures = null;
        await foreach (var slice in accounts.AtAsync(address, cancellationToken))
        {
            if (failures is null) failures = await ForgetAsync(released, entry, address, slice.Count > 0 ? slice : [Unseen(block, subject)], cancellationToken);
            else if (slice.Count > 0) await ForgetAsync(BlockScope.Subject, address, slice, cancellationToken);
        }

        return failures ?? 0;
    }

    /// <summary>Counts what is there, and forgets it.</summary>
    private async Task<double> ForgetAsync(BlockScope released, KeyedEntry entry, IpAddress address, List<StoredEvent> failed, CancellationToken cancellationToken)
    {
        var failures = await CountAsync(released, entry, failed[0], address, cancellationToken);
        await ForgetAsync(released, address, failed, cancellationToken);
        return failures;
    }

    private Task ForgetAsync(BlockScope released, IpAddress address, List<StoredEvent> failed, CancellationToken cancellationToken)
    {
        var batch = new EventBatch(failed.Count);
        // The newest event says which system the address was counted in; without any the databases do.
        foreach (var stored in failed) Add(batch, batch.Count == 0 || released != BlockScope.Ip ? released : BlockScope.Subject, address, stored);
        return parts.Judge.SubmitAsync(batch, "release", cursor: null, cancellationToken);
    }

    /// <summary>In the place of an event where none is stored.</summary>
    private StoredEvent Unseen(Block block, string subject) => new() { EventId = "", OccurredAt = Audit.Now(parts), Kind = EventKind.LoginFailed, SubjectId = subject, Tenant = block.Tenant };

    /// <summary>Of what a row of reputation is kept: an address and an IPv6 /64, a network as the rows have it, a subject at an address.</summary>
    private static BlockScope? ScopeOf(in KeyedEntry entry) => entry.Scope switch
    {
        BlockScope.Ip or BlockScope.Pair => entry.Scope,
        BlockScope.Range when Around(entry) is { IsIPv4: true } range => range.WrittenLength() switch { 24 => BlockScope.Range, 32 => BlockScope.Ip, _ => null },
        BlockScope.Range => entry.Key.PrefixLength switch { 48 => BlockScope.Range, 64 => BlockScope.Ip, _ => null },
        _ => null,
    };

    private static AddressPrefix Around(in KeyedEntry entry) => Networks.Around(First(entry), (byte)entry.Key.PrefixLength);

    private static IpAddress First(in KeyedEntry entry) => new((ulong)(entry.Key.Key >> 64), (ulong)entry.Key.Key);

    /// <summary>The address that was blocked; of an IPv6 /64 the one whose event made the block.</summary>
    private async Task<IpAddress> AddressOfAsync(Block block, KeyedEntry entry, CancellationToken cancellationToken)
    {
        if (entry.Scope == BlockScope.Pair) return IpAddress.Parse(entry.Value[(entry.Value.LastIndexOf('@') + 1)..]);
        if (entry.Scope == BlockScope.Ip) return IpAddress.Parse(entry.Value);
        if (block.EventId.Length > 0 && await parts.Records.FindEventAsync(block.Tenant, block.EventId, cancellationToken) is { } cause && Around(entry).Contains(cause.SourceIp)) return cause.SourceIp;
        return First(entry);
    }

    private async Task<double> CountAsync(BlockScope released, KeyedEntry entry, StoredEvent failed, IpAddress address, CancellationToken cancellationToken)
    {
        var view = new StateView();
        if (released == BlockScope.Pair)
        {
            var key = StateKeys.Pair(parts.State.Hash, StateKeys.Subject(parts.State.Hash, Bytes(failed.Tenant), Bytes(failed.SubjectId), Bytes(failed.SubjectName)), address);
            var cells = StateKeys.Cells(key);
            var (pair, one, other) = (view.Pairs.Add(key), view.Names.Add((UInt128)(uint)cells.First), view.Names.Add((UInt128)(uint)cells.Second));
            await parts.State.LoadAsync(view, cancellationToken);
            var counted = view.Pairs.Row(pair).Failures is { Value: > 0 } known ? Now(known) : Math.Min(Now(view.Names.Row(one).Failures), Now(view.Names.Row(other).Failures));
            return counted;
        }

        var slot = view.Reputation.Add(released == BlockScope.Range ? StateKeys.Network(address) : StateKeys.Address(address));
        await parts.State.LoadAsync(view, cancellationToken);
        return Now(view.Reputation.Row(slot).Failures);
    }

    private double Now(in DecayedMass failures) => Math.Round(failures.At(Audit.Now(parts).UnixSeconds, ReputationRow.HalfLife), 2);

    private static void Add(EventBatch batch, BlockScope released, IpAddress address, StoredEvent stored)
    {
        ref var e = ref batch.Add(default);
        e.Released = released;
        e.OccurredAt = stored.OccurredAt;
        e.Kind = stored.Kind;
        e.Tenant = Text(batch, stored.Tenant);
        e.SubjectId = Text(batch, stored.SubjectId);
        e.SubjectName = Text(batch, stored.SubjectName);
        e.SourceIp = address;
        e.Country = stored.Country;
        e.Asn = stored.Asn;
    }

    private static Slice Text(EventBatch batch, string text) => text.Length == 0 ? default : batch.Append(Bytes(text));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
