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
    /// <summary>Events of the address that are looked at for subjects that failed there: the newest, of a week.</summary>
    private const int MostPages = 5, Page = 1000;

    private static readonly TimeSpan Since = TimeSpan.FromDays(7);

    private readonly BlockKeyReader _keys = new(parts.State.Hash);

    /// <param name="block">What is to end.</param>
    /// <param name="audit">Makes the entry of the audit from how many failures are forgotten, in words; empty for none.</param>
    /// <returns>The block, and how many failures were forgotten, fading as they were; null where the block has ended meanwhile.</returns>
    /// <exception cref="StateStoreException">The block stands; try again.</exception>
    public async Task<ReleaseAnswer?> EndAsync(Block block, Func<string, AuditEntry> audit, CancellationToken cancellationToken)
    {
        var failures = await ForgetAsync(block, cancellationToken);
        var words = failures > 0 ? $"{failures:0.##} failures forgotten" : "";
        var removed = await parts.Records.RemoveBlockAsync(block.Id, audit(words).ForRelease(parts, block), cancellationToken);
        return removed is null ? null : new ReleaseAnswer(removed.Id, removed.Scope.Name(), removed.Value, failures);
    }

    private async Task<double> ForgetAsync(Block block, CancellationToken cancellationToken)
    {
        if (!_keys.TryParse(block.Scope, block.Value, block.Tenant, EntryPurpose.Stored, out var entry, out _)) return 0;
        var scope = ScopeOf(entry);
        if (scope is not { } released) return 0;
        var subject = released == BlockScope.Pair ? block.Value[..block.Value.LastIndexOf('@')] : null;
        var address = await AddressOfAsync(block, entry, cancellationToken);
        List<StoredEvent> failed = released == BlockScope.Range ? [] : await FailedAtAsync(address, released == BlockScope.Pair ? block.Tenant : null, subject, cancellationToken);
        var batch = new EventBatch(failed.Count + 1);
        // The newest event says which system the address was counted in; without any the databases do.
        foreach (var stored in failed) Add(batch, released, address, stored);
        if (batch.Count == 0) Add(batch, released, address, new StoredEvent { EventId = "", OccurredAt = Audit.Now(parts), Kind = EventKind.LoginFailed, SubjectId = subject ?? "", Tenant = block.Tenant });
        var failures = await CountAsync(released, entry, batch, address, cancellationToken);
        await parts.Judge.SubmitAsync(batch, "release", cursor: null, cancellationToken);
        return failures;
    }

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

    /// <summary>An event of each subject that failed at the address, newest first.</summary>
    private async Task<List<StoredEvent>> FailedAtAsync(IpAddress address, string? tenant, string? subject, CancellationToken cancellationToken)
    {
        var query = new AssessmentQuery { Address = address, Since = Audit.Now(parts) - Since, Limit = Page };
        Dictionary<(string Tenant, string Id, string Name), StoredEvent> failed = [];
        for (var pages = 0; pages < MostPages; pages++)
        {
            var page = await parts.Records.FindAssessmentsAsync(query, cancellationToken);
            foreach (var stored in page.Items)
            {
                if (stored.Kind is not (EventKind.LoginFailed or EventKind.MfaFailed)) continue;
                if (subject is not null && (stored.Subject != subject || stored.Tenant != tenant)) continue;
                failed.TryAdd((stored.Tenant, stored.SubjectId, stored.SubjectId.Length > 0 ? "" : stored.SubjectName), stored);
            }

            if (page.Next is not { } next) break;
            query = query with { Cursor = next };
        }

        return [.. failed.Values];
    }

    private async Task<double> CountAsync(BlockScope released, KeyedEntry entry, EventBatch batch, IpAddress address, CancellationToken cancellationToken)
    {
        var view = new StateView();
        if (released == BlockScope.Pair)
        {
            ref readonly var first = ref batch[0];
            var key = StateKeys.Pair(parts.State.Hash, StateKeys.Subject(parts.State.Hash, batch.Text(first.Tenant), batch.Text(first.SubjectId), batch.Text(first.SubjectName)), address);
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

    private static Slice Text(EventBatch batch, string text) => text.Length == 0 ? default : batch.Append(Encoding.UTF8.GetBytes(text));
}
