using System.Runtime.InteropServices;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Host.Api;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.CrowdSec;

/// <summary>What bouncers are to refuse now, what they need no longer refuse, and the order in which it changed.</summary>
/// <remarks>
/// Compared with the standing blocks whenever somebody asks and something changed: nothing is kept up while nobody does. Each change gets the next
/// number; a bouncer that has everything up to one number is told what came after it, each thing once, as it stands now. What ended is remembered for
/// seven days, 100,000 of it at most, for bouncers that were away. An end that moved later is told at once and again when the first would have passed:
/// nftables keeps the first. Thread-safe; a comparison holds the others up.
/// </remarks>
internal sealed class DecisionLedger(ServerParts parts)
{
    public const int EndedKept = 100_000;

    public static readonly TimeSpan EndedFor = TimeSpan.FromDays(7);

    /// <summary>Decisions from which on a comparison takes noticeable time, and then at most a tenth of the time.</summary>
    private const int Many = 50_000;

    private const string Manual = "riskengine/manual";

    private readonly Lock _gate = new();
    private readonly Dictionary<DecisionKey, BouncerDecision> _decisions = [];
    private readonly ChangeLog _log = new();
    private readonly Queue<BouncerDecision> _ended = new();
    private readonly PriorityQueue<DecisionKey, long> _repeats = new();
    private readonly Dictionary<string, string> _scenarios = [];
    private readonly int[] _lengths = new int[129];
    private (long Blocks, long Allowed, Engine? Engine) _seen = (-1, -1, null);
    private long _nextEnd = long.MinValue;
    private long _restUntil;
    private int _round;
    private int _standing;

    /// <summary>What a bouncer lacks.</summary>
    /// <param name="cursor">The change up to which it has everything; null for nothing: then all that stands, and all that ended and is remembered.</param>
    public Delta Since(long? cursor)
    {
        lock (_gate)
        {
            Refresh();
            var changed = cursor is { } after ? _log.After(after, IsCurrent) : [.. _decisions.Values];
            return new Delta(_log.Head, changed);
        }
    }

    /// <summary>What stands and holds the network, or lies within it.</summary>
    public List<BouncerDecision> Around(in AddressPrefix network, bool containing)
    {
        lock (_gate)
        {
            Refresh();
            var within = network;
            if (!containing) return [.. _decisions.Values.Where(decision => decision.IsStanding && decision.Key.Network is { Length: > 0 } other && other.IsIPv4 == within.IsIPv4 && Covers(within, other))];
            var found = new List<BouncerDecision>();
            for (var length = network.IsIPv4 ? 96 : 1; length <= network.Length; length++)
            {
                if (_lengths[length] == 0) continue;
                var key = new DecisionKey(length == 128 ? DecisionScope.Ip : DecisionScope.Range, (byte)length, network.Start & BlockTable.Mask(length));
                if (_decisions.TryGetValue(key, out var decision) && decision.IsStanding) found.Add(decision);
            }

            return found;
        }
    }

    /// <summary>Everything that stands.</summary>
    public List<BouncerDecision> Standing()
    {
        lock (_gate)
        {
            Refresh();
            return [.. _decisions.Values.Where(decision => decision.IsStanding)];
        }
    }

    /// <summary>Adds what ended before this process began, where it does not stand now; and what the allow list keeps out of what stands, for bouncers may have it.</summary>
    public void Remember(IEnumerable<(AddressPrefix Network, EventTime EndedAt)> ended)
    {
        lock (_gate)
        {
            Refresh();
            var now = Audit.Now(parts);
            var published = new PublishedNetworks(parts, now);
            foreach (var (network, endedAt) in ended)
            {
                AddEnded(network, endedAt);
                foreach (var rest in published.Of(new Block { Scope = BlockScope.Range, Value = network.ToString(), Reason = "", Origin = BlockOrigin.Person, CreatedAt = endedAt })) AddEnded(rest, endedAt);
            }

            foreach (var block in parts.State.Blocks.All.Where(IsOfNetwork)) AddEnded(Core.Policies.Networks.Parse(block.Value), now);
        }
    }

    private static bool Covers(in AddressPrefix outer, in AddressPrefix inner) => outer.Start <= inner.Start && inner.End <= outer.End;

    private static bool IsOfNetwork(Block block) => block.Scope is BlockScope.Ip or BlockScope.Range;

    private bool IsCurrent(BouncerDecision decision) => _decisions.TryGetValue(decision.Key, out var current) && ReferenceEquals(current, decision);

    private void Refresh()
    {
        // Versions first: what changes meanwhile is seen now or next time.
        var seen = (parts.State.Blocks.Version, parts.State.AllowList.Version, parts.Engine.Current);
        var now = Audit.Now(parts);
        Repeat(now);
        if (seen == _seen && now.UnixMilliseconds < _nextEnd) return;
        var started = parts.Clock.GetTimestamp();
        if (_decisions.Count >= Many && started < _restUntil) return;
        (_seen, _nextEnd) = (seen, long.MaxValue);
        Compare(now);
        Forget(now);
        var ended = parts.Clock.GetTimestamp();
        _restUntil = ended + (9 * (ended - started));
    }

    private void Compare(EventTime now)
    {
        _round++;
        var published = new PublishedNetworks(parts, now);
        var marked = 0;
        List<(DecisionKey Key, Block Block)> changed = [];
        foreach (var block in parts.State.Blocks.All)
        {
            if (block.Scope > BlockScope.Country || !published.IsObeyed(block)) continue;
            NoteEnd(block.Until);
            if (!IsOfNetwork(block)) Mark(DecisionKey.Of(block), block, changed, ref marked);
            else foreach (var rest in published.Of(block)) Mark(DecisionKey.Of(rest), block, changed, ref marked);
        }

        foreach (var entry in parts.State.AllowList.All)
        {
            if (entry.IsActive(now)) NoteEnd(entry.Until);
        }

        // Behind those that are unchanged, so that of two blocks of one thing the one that lasts longer stays.
        foreach (var (key, block) in changed) Put(key, block, now, ref marked);
        if (marked < _standing) EndUnmarked(now);
    }

    private void NoteEnd(EventTime? until)
    {
        if (until is { } end) _nextEnd = Math.Min(_nextEnd, end.UnixMilliseconds);
    }

    private void Mark(in DecisionKey key, Block block, List<(DecisionKey Key, Block Block)> changed, ref int marked)
    {
        if (!_decisions.TryGetValue(key, out var known) || !known.IsStanding || !known.IsOf(block)) changed.Add((key, block));
        else Marked(known, ref marked);
    }

    private void Marked(BouncerDecision decision, ref int marked)
    {
        if (decision.Round != _round) marked++;
        decision.Round = _round;
    }

    private void Put(in DecisionKey key, Block block, EventTime now, ref int marked)
    {
        if (_decisions.TryGetValue(key, out var known) && known.IsStanding)
        {
            if (known.Round == _round && known.Outlasts(block)) return;
            if (known.Until is { } first && first > now && !known.Outlasts(block)) _repeats.Enqueue(key, first.UnixMilliseconds + 1000);
            var isMarked = known.Round == _round;
            Change(BouncerDecision.Of(key, block, ScenarioOf(block), _log.Head + 1));
            if (isMarked) _decisions[key].Round = _round;
            else Marked(_decisions[key], ref marked);
            return;
        }

        Change(BouncerDecision.Of(key, block, ScenarioOf(block), _log.Head + 1));
        Marked(_decisions[key], ref marked);
        _standing++;
        _lengths[key.Length] += key.Scope <= DecisionScope.Range ? 1 : 0;
    }

    private string ScenarioOf(Block block)
    {
        if (block.Origin != BlockOrigin.Policy) return block.Origin == BlockOrigin.Person ? Manual : "riskengine/import";
        ref var scenario = ref CollectionsMarshal.GetValueRefOrAddDefault(_scenarios, block.Owner, out _);
        return scenario ??= "riskengine/" + block.Owner;
    }

    private void EndUnmarked(EventTime now)
    {
        foreach (var decision in _decisions.Values.Where(decision => decision.IsStanding && decision.Round != _round).ToList())
        {
            var ended = decision with { EndedAt = decision.Until is { } until && until < now ? until : now, Change = _log.Head + 1 };
            Change(ended);
            _ended.Enqueue(ended);
            _standing--;
            _lengths[ended.Key.Length] -= ended.Key.Scope <= DecisionScope.Range ? 1 : 0;
        }
    }

    private void Change(BouncerDecision decision)
    {
        _decisions[decision.Key] = decision;
        _log.Add(decision, _decisions.Count, IsCurrent);
    }

    private void Repeat(EventTime now)
    {
        while (_repeats.TryPeek(out var key, out var due) && due <= now.UnixMilliseconds)
        {
            _repeats.Dequeue();
            if (_decisions.TryGetValue(key, out var decision) && decision.IsStanding) Change(decision with { Change = _log.Head + 1 });
        }
    }

    private void AddEnded(in AddressPrefix network, EventTime endedAt)
    {
        var key = DecisionKey.Of(network);
        if (_decisions.ContainsKey(key)) return;
        var ended = new BouncerDecision(key, Id: 0, BlockOrigin.Person, Manual, endedAt, _log.Head + 1, endedAt);
        Change(ended);
        _ended.Enqueue(ended);
    }

    private void Forget(EventTime now)
    {
        while (_ended.TryPeek(out var oldest) && (_ended.Count > EndedKept || now - oldest.EndedAt!.Value > EndedFor))
        {
            _ended.Dequeue();
            if (IsCurrent(oldest)) _decisions.Remove(oldest.Key);
        }
    }
}

/// <summary>What changed.</summary>
/// <param name="Head">The change that a bouncer is up to once it has all of it.</param>
internal sealed record Delta(long Head, IReadOnlyList<BouncerDecision> Changed);
