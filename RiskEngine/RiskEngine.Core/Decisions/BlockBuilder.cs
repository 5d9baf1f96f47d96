using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Decisions;

/// <summary>Makes the block that a rule wants, with its key, its end and its reason.</summary>
/// <remarks>An IPv6 address becomes its /64, which is what one subscriber holds; a range is a /24, or a /48 for IPv6.</remarks>
internal sealed class BlockBuilder(CompiledPolicy policy, KeyedHash hash)
{
    private const int ReasonSignals = 3;

    public NewBlock Build(in LoginContext context, in PolicyMatch match, BlockScope scope, ReadOnlySpan<SignalRecord> signals)
    {
        var rule = policy.Rules[match.Rule];
        var login = context.Event;
        var at = login.OccurredAt;
        var (stored, key, value) = Target(context, scope);
        var duration = BlockDuration.Of(rule.For ?? policy.Definition.Blocks.Duration, policy.Definition.Blocks, Earlier(context, scope), context.Batch.Text(login.Id));
        var block = new Block
        {
            Scope = stored,
            Value = value,
            Tenant = login.Tenant.IsEmpty ? "default" : context.Batch.String(login.Tenant),
            Reason = Reason(rule, signals),
            Origin = BlockOrigin.Policy,
            Owner = rule.Name,
            CreatedAt = at,
            Until = at + duration,
            Enforced = match.IsEnforced,
            EventId = context.Batch.String(login.Id),
        };
        return new NewBlock(block, key);
    }

    /// <summary>Whether a standing block that matches the login is what a rule would make for that scope.</summary>
    public bool IsFor(Block standing, BlockScope scope) =>
        standing.Origin == BlockOrigin.Policy && (standing.Scope == scope || (scope == BlockScope.Ip && standing.Scope == BlockScope.Range));

    private (BlockScope Scope, BlockKey Key, string Value) Target(in LoginContext context, BlockScope scope)
    {
        var address = context.Event.SourceIp;
        switch (scope)
        {
            case BlockScope.Ip when address.IsIPv4: return (scope, new BlockKey(BlockTable.KeyOf(address)), address.ToString());
            case BlockScope.Ip: return Range(Networks.Around(address, 64));
            case BlockScope.Range: return Range(Networks.Around(address, (byte)(address.IsIPv4 ? 120 : 48)));
            case BlockScope.Session: return (scope, new BlockKey(context.Event.Session), context.Event.Session.ToString("x32"));
        }

        var name = context.Event.SubjectId.IsEmpty ? context.Event.SubjectName : context.Event.SubjectId;
        var subject = StateKeys.Subject(hash, context.Batch.Text(context.Event.Tenant), context.Batch.Text(name), default);
        return scope == BlockScope.Subject
            ? (scope, new BlockKey(subject), context.Batch.String(name))
            : (scope, new BlockKey(StateKeys.Pair(hash, subject, address)), $"{context.Batch.String(name)}@{address}");
    }

    private static (BlockScope Scope, BlockKey Key, string Value) Range(AddressPrefix range) =>
        (BlockScope.Range, new BlockKey(range.Start, range.Length), range.ToString());

    /// <summary>Earlier blocks that make this one longer; only addresses and networks have that memory.</summary>
    private static float Earlier(in LoginContext context, BlockScope scope) => scope switch
    {
        BlockScope.Ip => context.Address.Blocks.At(context.Now, ReputationRow.BlockHalfLife),
        BlockScope.Range => context.Network.Blocks.At(context.Now, ReputationRow.BlockHalfLife),
        _ => 0,
    };

    private static string Reason(PolicyRule rule, ReadOnlySpan<SignalRecord> signals)
    {
        List<SignalRecord> against = [];
        foreach (ref readonly var signal in signals)
        {
            if (signal.Contribution > 0) against.Add(signal);
        }

        var names = against.OrderByDescending(signal => signal.Contribution).Take(ReasonSignals).Select(signal => signal.Code.Describe().Name);
        return against.Count == 0 ? rule.Name : $"{rule.Name}: {string.Join(", ", names)}";
    }
}
