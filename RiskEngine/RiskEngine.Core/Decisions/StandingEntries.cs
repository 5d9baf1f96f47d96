using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Decisions;

/// <summary>The allow entry and the block that stand for a login; null where there is none.</summary>
/// <remarks>
/// The allow list is asked first. An entry in it lifts blocks of the address (ip, range, asn, country, pair) whoever made them and whenever,
/// and nothing else: blocks of a subject or a session stay. Among several blocks an enforced one comes first, then a person's, then the narrowest.
/// An address that is not public is in no country and no autonomous system, whatever its source gives: entries for these do not touch it.
/// </remarks>
public readonly record struct StandingEntries(Block? Allow, Block? Block)
{
    /// <summary>Looks a login up in both tables.</summary>
    /// <param name="subject">Key of the subject, see <see cref="StateKeys.Subject"/>.</param>
    /// <param name="withHints">Whether blocks that a hint caused count: not for an event itself, which must get what its rule wants.</param>
    public static StandingEntries Find(BlockTable blocks, BlockTable allowList, in LoginContext context, KeyedHash hash, UInt128 subject, bool withHints = true)
    {
        if (blocks.IsEmpty && allowList.IsEmpty) return default;
        if (context.Event.SubjectId.IsEmpty)
        {
            // People name a subject as assessments show it, so a block of "jane" is kept under the id "jane" even where the source knows only names.
            subject = StateKeys.Subject(hash, context.Batch.Text(context.Event.Tenant), context.Batch.Text(context.Event.SubjectName), default);
        }

        var pair = StateKeys.Pair(hash, subject, context.Event.SourceIp);
        var allow = Best(allowList, context, subject, pair, skipAddress: false, withHints);
        return new StandingEntries(allow, Best(blocks, context, subject, pair, skipAddress: allow is not null, withHints));
    }

    /// <summary>These entries, with the other's block where it comes first: an earlier login of the same batch may have made it.</summary>
    public StandingEntries Or(in StandingEntries other) =>
        other.Block is { } block && (Block is null || block.Precedence > Block.Precedence) ? this with { Block = block } : this;

    /// <summary>Whether a scope is about the address, so that an allow entry lifts it.</summary>
    public static bool IsAboutAddress(BlockScope scope) => scope is not (BlockScope.Subject or BlockScope.Session);

    private static Block? Best(BlockTable table, in LoginContext context, UInt128 subject, UInt128 pair, bool skipAddress, bool withHints)
    {
        if (table.IsEmpty) return null;
        var at = context.Event.OccurredAt;
        Block? best = null;
        Keep(ref best, table.Find(BlockScope.Subject, subject, at), context, withHints);
        if (context.Event.Session != 0) Keep(ref best, table.Find(BlockScope.Session, context.Event.Session, at), context, withHints);
        if (skipAddress) return best;
        if (!context.Event.SourceIp.IsUnknown)
        {
            Keep(ref best, table.Find(BlockScope.Ip, BlockTable.KeyOf(context.Event.SourceIp), at), context, withHints);
            Keep(ref best, table.Find(BlockScope.Pair, pair, at), context, withHints);
            Keep(ref best, table.FindRange(context.Event.SourceIp, at, withHints), context, withHints);
        }

        if (AddressScopes.Of(context.Event.SourceIp) is not (AddressScope.Public or AddressScope.Unknown)) return best;
        if (context.Login.Asn != 0) Keep(ref best, table.Find(BlockScope.Asn, BlockTable.KeyOf(context.Login.Asn), at), context, withHints);
        if (context.Login.Country.IsKnown) Keep(ref best, table.Find(BlockScope.Country, BlockTable.KeyOf(context.Login.Country), at), context, withHints);
        return best;
    }

    private static void Keep(ref Block? best, Block? found, in LoginContext context, bool withHints)
    {
        if (found is null || (found.IsHint && !withHints) || !IsSameTenant(found, context)) return;
        if (best is null || found.Precedence > best.Precedence) best = found;
    }

    /// <summary>Addresses, networks and countries are the same for every tenant; subjects and sessions are not.</summary>
    private static bool IsSameTenant(Block block, in LoginContext context)
    {
        if (block.Scope is not (BlockScope.Subject or BlockScope.Session or BlockScope.Pair)) return true;
        var tenant = context.Batch.Text(context.Event.Tenant);
        return tenant.IsEmpty ? block.Tenant == "default" : System.Text.Ascii.Equals(tenant, block.Tenant) || context.Batch.String(context.Event.Tenant) == block.Tenant;
    }
}
