using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Decisions;

/// <summary>Who asks to pass a proxy. No login: nothing is scored.</summary>
/// <param name="Subject">Key of the subject as blocks name it, see <see cref="StateKeys.Subject"/>; 0 for nobody.</param>
/// <param name="Session">Keyed hash of the session's id; 0 for none.</param>
public readonly record struct Visitor(IpAddress Address, UInt128 Subject, UInt128 Session);

/// <summary>The block that a visitor of a proxy meets, by the rules that <see cref="StandingEntries"/> and <see cref="DecisionMaker"/> have for logins.</summary>
/// <remarks>
/// The allow list lifts blocks of the address and no others. Only enforced blocks count; of rules, only while the policy enforces, and of addresses only
/// where rules may hit: not private ones, not operators'. A block of the subject or the session comes first, then a person's, then the narrowest. Subjects
/// and sessions are those of the tenant <c>default</c>. Pure; thread-safe; allocates nothing.
/// </remarks>
/// <param name="operatorAddresses">Networks that no rule blocks.</param>
public readonly struct StandingAccess(BlockTable blocks, BlockTable allowList, FactSnapshot facts, KeyedHash hash, PolicyMode mode, IReadOnlyList<AddressPrefix> operatorAddresses)
{
    /// <summary>The block; null where the visitor may pass.</summary>
    public Block? Find(in Visitor visitor, EventTime at)
    {
        if (blocks.IsEmpty) return null;
        var isPublic = AddressScopes.Of(visitor.Address) == AddressScope.Public;
        var known = isPublic && blocks.Count > 0 ? facts.Lookup(visitor.Address) : default;
        if (Own(blocks, visitor, at) is { } own) return own;
        if (visitor.Address.IsUnknown || IsAllowed(visitor, known, at)) return null;

        var mayRulesHit = isPublic && !IsOperator(visitor.Address);
        Block? best = null;
        Keep(ref best, blocks.Find(BlockScope.Ip, BlockTable.KeyOf(visitor.Address), at), mayRulesHit);
        if (visitor.Subject != 0) Keep(ref best, blocks.Find(BlockScope.Pair, StateKeys.Pair(hash, visitor.Subject, visitor.Address), at), mayRulesHit);
        Keep(ref best, blocks.FindRange(visitor.Address, at), mayRulesHit);
        if (!isPublic) return best;
        if (known.Asn != 0) Keep(ref best, blocks.Find(BlockScope.Asn, BlockTable.KeyOf(known.Asn), at), mayRulesHit);
        if (known.Country.IsKnown) Keep(ref best, blocks.Find(BlockScope.Country, BlockTable.KeyOf(known.Country), at), mayRulesHit);
        return best;
    }

    private bool IsObeyed(Block block) => block.Enforced && (block.Origin != BlockOrigin.Policy || mode == PolicyMode.Enforce);

    private Block? Own(BlockTable table, in Visitor visitor, EventTime at)
    {
        if (visitor.Subject != 0 && table.Find(BlockScope.Subject, visitor.Subject, at) is { } subject && IsObeyed(subject)) return subject;
        return visitor.Session != 0 && table.Find(BlockScope.Session, visitor.Session, at) is { Tenant: "default" } session && IsObeyed(session) ? session : null;
    }

    private void Keep(ref Block? best, Block? found, bool mayRulesHit)
    {
        if (found is null || !IsObeyed(found) || (found.Origin == BlockOrigin.Policy && !mayRulesHit)) return;
        if (best is null || (best.Origin == BlockOrigin.Policy && found.Origin != BlockOrigin.Policy)) best = found;
    }

    private bool IsAllowed(in Visitor visitor, in AddressFacts known, EventTime at)
    {
        if (allowList.IsEmpty) return false;
        if (allowList.Find(BlockScope.Ip, BlockTable.KeyOf(visitor.Address), at) is not null || allowList.FindRange(visitor.Address, at) is not null) return true;
        if (visitor.Subject != 0 && (allowList.Find(BlockScope.Subject, visitor.Subject, at) ?? allowList.Find(BlockScope.Pair, StateKeys.Pair(hash, visitor.Subject, visitor.Address), at)) is not null) return true;
        if (visitor.Session != 0 && allowList.Find(BlockScope.Session, visitor.Session, at) is not null) return true;
        return (known.Asn != 0 && allowList.Find(BlockScope.Asn, BlockTable.KeyOf(known.Asn), at) is not null)
            || (known.Country.IsKnown && allowList.Find(BlockScope.Country, BlockTable.KeyOf(known.Country), at) is not null);
    }

    private bool IsOperator(IpAddress address)
    {
        var unit = Networks.Around(address, (byte)(address.IsIPv4 ? 128 : 64));
        foreach (var network in operatorAddresses)
        {
            if (network.IsIPv4 == unit.IsIPv4 && network.Overlaps(unit)) return true;
        }

        return false;
    }
}
