using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>The networks that proxies and firewalls are to refuse: those under enforced blocks, less what the allow list lifts.</summary>
/// <remarks>
/// Who reads them knows no allow list, so what is allowed is cut out here: a range that holds an allowed address becomes the ranges around it.
/// So are operators' addresses out of what rules blocked, which people's blocks do not spare. What rules blocked is left out while the policy monitors.
/// Allow entries for an autonomous system or a country lift single addresses; no range is looked up address by address. A snapshot: made for one reading.
/// </remarks>
internal sealed class PublishedNetworks
{
    private readonly ServerParts _parts;
    private readonly EventTime _now;
    private readonly bool _isEnforcing;
    private readonly bool _liftsByFacts;
    private readonly AddressPrefix[] _allowed;
    private readonly AddressPrefix[] _spared;

    public PublishedNetworks(ServerParts parts, EventTime now)
    {
        (_parts, _now) = (parts, now);
        var engine = parts.Engine.Current;
        Block[] entries = [.. parts.State.AllowList.All.Where(entry => entry.IsActive(now))];
        _isEnforcing = IsEnforcing(engine);
        _liftsByFacts = Array.Exists(entries, entry => entry.Scope is BlockScope.Asn or BlockScope.Country);
        _allowed = [.. entries.Where(entry => entry.Scope is BlockScope.Ip or BlockScope.Range).Select(entry => Networks.Parse(entry.Value))];
        _spared = [.. _allowed, .. engine.OperatorAddresses];
    }

    /// <summary>Whether what rules blocked is obeyed now.</summary>
    public static bool IsEnforcing(Engine engine) => engine.Snapshot.Policy.Mode == PolicyMode.Enforce;

    /// <summary>Whether a block is to be obeyed by others.</summary>
    public bool IsObeyed(Block block) => block.Enforced && block.IsActive(_now) && (_isEnforcing || block.Origin != BlockOrigin.Policy);

    /// <summary>What is to be refused by a block of an address or a range that is obeyed: its network, or what is left of it.</summary>
    public IEnumerable<AddressPrefix> Of(Block block)
    {
        var network = Networks.Parse(block.Value);
        var spared = block.Origin == BlockOrigin.Policy ? _spared : _allowed;
        if (spared.Length == 0 && !_liftsByFacts) return [network];
        return Less(network, spared).Where(rest => !IsLifted(rest));
    }

    /// <summary>What is left of a network without the allowed ones: itself, nothing, or halves of halves.</summary>
    private static IEnumerable<AddressPrefix> Less(AddressPrefix network, AddressPrefix[] allowed)
    {
        if (!Array.Exists(allowed, entry => entry.Overlaps(network))) return [network];
        AddressPrefix[] overlapping = [.. allowed.Where(entry => entry.Overlaps(network))];
        if (overlapping.Any(entry => entry.Length <= network.Length)) return [];
        var length = (byte)(network.Length + 1);
        var upper = network.Start | (UInt128.One << (128 - length));
        return Less(Networks.Around(network.First, length), overlapping)
            .Concat(Less(Networks.Around(new IpAddress((ulong)(upper >> 64), (ulong)upper), length), overlapping));
    }

    private bool IsLifted(AddressPrefix rest)
    {
        if (rest.Length < 128 || !_liftsByFacts) return false;
        var known = _parts.Facts.Lookup(rest.First);
        return (known.Asn != 0 && _parts.State.AllowList.Find(BlockScope.Asn, BlockTable.KeyOf(known.Asn), _now) is not null)
            || (known.Country.IsKnown && _parts.State.AllowList.Find(BlockScope.Country, BlockTable.KeyOf(known.Country), _now) is not null);
    }
}
