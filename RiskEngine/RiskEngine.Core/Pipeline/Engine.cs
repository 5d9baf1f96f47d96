using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using RiskEngine.Core.Decisions;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Judges batches by one snapshot of detectors, weights, policy and facts: enrich, detect, score, decide, learn.</summary>
/// <remarks>
/// Pure: the same events, state and snapshot give the same assessments and the same changes, whatever the size of the batches, because each event
/// sees the effects of all earlier ones. No clock, no chance, no waiting. Immutable; safe for concurrent use on different units of work.
/// </remarks>
public sealed class Engine
{
    private readonly KeyedHash _hash;
    private readonly ulong _model;
    private readonly IDetector[] _detectors;
    private readonly DecisionMaker _decisions;
    private readonly IOutboxSubscription[] _subscriptions;

    /// <param name="snapshot">What to judge by.</param>
    /// <param name="hash">Makes keys of subjects and ids: that of the store.</param>
    /// <param name="operatorAddresses">Addresses of administrators, which no rule blocks.</param>
    public Engine(Snapshot snapshot, KeyedHash hash, IReadOnlyList<AddressPrefix> operatorAddresses)
    {
        Snapshot = snapshot;
        OperatorAddresses = operatorAddresses;
        _hash = hash;
        _model = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(snapshot.ModelVersion)));
        _detectors = [.. snapshot.Detectors];
        _subscriptions = [.. snapshot.Subscriptions];
        _decisions = new DecisionMaker(snapshot.Policy, hash, operatorAddresses);
    }

    public Snapshot Snapshot { get; }

    /// <summary>Gets where administrators come from: no rule blocks these.</summary>
    public IReadOnlyList<AddressPrefix> OperatorAddresses { get; }

    /// <summary>Enriches the events and notes the keys of the state they touch.</summary>
    public void Prepare(EventBatch batch, UnitOfWork unit)
    {
        unit.MakeRoom(batch.Count);
        unit.Fresh.Clear();
        Enricher.Enrich(batch, Snapshot.Facts, unit, _hash);
        unit.Effects.Begin(batch);
        unit.Effects.View.Prepare(batch, unit.Facts, unit.Devices, unit.UserAgents, _hash);
        unit.Effects.PolicyVersion = Snapshot.Policy.Version;
        unit.Effects.ModelVersion = Snapshot.ModelVersion;
        unit.Effects.FactsVersion = Snapshot.Facts.Version;
        unit.Effects.RuleNames = Snapshot.Policy.RuleNames;
        unit.Effects.Prior = Snapshot.Scorer.Settings.Prior;
    }

    /// <summary>Judges every event of the unit in order and changes its rows.</summary>
    /// <param name="unit">Prepared, and its view loaded.</param>
    /// <param name="blocks">Standing blocks.</param>
    /// <param name="allowList">The allow list.</param>
    /// <param name="degraded">What is missing for all of them.</param>
    public void Judge(UnitOfWork unit, BlockTable blocks, BlockTable allowList, JudgeMode mode, DegradedFacts degraded)
    {
        var (batch, effects, view) = (unit.Effects.Batch, unit.Effects, unit.Effects.View);
        for (var i = 0; i < batch.Count; i++)
        {
            ref readonly var e = ref batch[i];
            ref readonly var keys = ref view[i];
            ref var assessment = ref effects[i];
            if (e.Correction is { } word)
            {
                assessment.Outcome = EventOutcome.Corrected;
                Corrector.Correct(word, e.Kind, keys, Enricher.Remember(batch, e, unit.Facts[i], unit.Devices[i], _hash), view, unit.Carried.Novelty);
                continue;
            }

            if (e.Released is { } released)
            {
                assessment.Outcome = EventOutcome.Corrected;
                Forgetter.Forget(released, keys, view);
                continue;
            }

            var owed = effects.Owed.Count;
            assessment.Outcome = Admit(e, keys, view, mode);
            if (assessment.Outcome is EventOutcome.Duplicate or EventOutcome.TooOld) continue;

            var login = Enricher.Remember(batch, e, unit.Facts[i], unit.Devices[i], _hash);
            if (mode == JudgeMode.Evaluate || assessment.Outcome == EventOutcome.Accepted) unit.Carried.Season.Advance(login.At, Snapshot.Fleet);
            assessment.Country = unit.Facts[i].Country;
            assessment.Asn = unit.Facts[i].Asn;
            if (e.Kind.IsJudged()) login.Novelty = Assess(unit, i, login, blocks, allowList, degraded).Packed;
            if (assessment.Outcome != EventOutcome.Accepted) continue;
            Owe(effects, i);
            OwedTraces.Note(effects, i, owed);
            if (e.Kind == EventKind.Login) unit.Carried.Drift.Observe(_model, assessment.LogOdds, login.At);
            Learner.Learn(ref assessment, e, keys, login, unit.Facts[i], view, unit.Carried.Novelty);
        }

        effects.Drift = unit.Carried.Drift.Index;
        effects.Attacks |= unit.Carried.Season.Monitor.Open;
        foreach (ref readonly var change in CollectionsMarshal.AsSpan(unit.Carried.Season.Monitor.Changes))
        {
            effects.AttackChanges.Add(change);
            effects.Audit.Add(AttackAudit.Of(change));
        }
    }

    private static EventOutcome Admit(in LoginEvent e, in EventKeys keys, StateView view, JudgeMode mode)
    {
        if (mode == JudgeMode.Evaluate || e.Probe) return EventOutcome.Probed;
        if (view.Events.IsFound(keys.Event)) return EventOutcome.Duplicate;
        if (e.Hint) return EventOutcome.Hinted;
        if (e.OccurredAt < view.Watermark - IStateStore.Horizon) return EventOutcome.TooOld;
        view.Events.MarkFound(keys.Event);
        view.Events.MarkDirty(keys.Event);
        if (e.OccurredAt > view.Watermark) view.Watermark = e.OccurredAt;
        return EventOutcome.Accepted;
    }

    private LoginNovelty Assess(UnitOfWork unit, int index, in PastLogin login, BlockTable blocks, BlockTable allowList, DegradedFacts degraded)
    {
        var (batch, effects, view) = (unit.Effects.Batch, unit.Effects, unit.Effects.View);
        ref readonly var e = ref batch[index];
        ref readonly var keys = ref view[index];
        ref readonly var facts = ref unit.Facts[index];
        ref var assessment = ref effects[index];
        var profile = view.Profiles.Profile(keys.Subject);
        var summary = HistorySummary.Of(profile.Logins, login);
        ref readonly var fleet = ref view.Reputation.Row(keys.Fleet);
        ref readonly var address = ref RowOf(view, keys.Address);
        var isProxy = keys.Address >= 0 && MisreadProxy.IsSuspected(address, fleet, Snapshot.Policy.Definition.SharedAddressSubjects, login.At);
        var isEvaluable = facts.Scope.IsEvaluable() && !isProxy;
        var established = profile.IsEstablished;
        var likelihood = Snapshot.Likelihood.Judge(
            profile.Logins, profile.Header.Logins, summary, login, FleetUse.Of(view, keys, login.At), unit.Carried.Novelty.Table, isEvaluable && NetworkTraits.PlaceSaysSomething(login.Traits));
        ref readonly var pair = ref keys.Pair >= 0 ? ref view.Pairs.Row(keys.Pair) : ref EmptyRows.Pair;

        var context = new LoginContext(
            batch, in e, in facts, in unit.Devices[index], in profile.Header, profile.Logins, in summary, in login,
            in isEvaluable ? ref address : ref EmptyRows.Reputation,
            in isEvaluable ? ref RowOf(view, keys.Network) : ref EmptyRows.Reputation,
            in isEvaluable ? ref RowOf(view, keys.Asn) : ref EmptyRows.Reputation,
            in fleet, in pair)
        {
            IsAddressEvaluable = isEvaluable,
            SubjectFailures = established ? profile.Header.Failures.At(login.At, ReputationRow.HalfLife) : Cells(view, keys.SubjectCell1, keys.SubjectCell2, login.At),
            SubjectFailedAddresses = established
                ? profile.Header.FailedAddresses.Count(login.At, ReputationRow.FailedNamesEpoch)
                : CellAddresses(view, keys.SubjectCell1, keys.SubjectCell2, login.At),
            PairFailures = keys.Pair < 0 ? 0
                : established ? pair.Failures.At(login.At, ReputationRow.HalfLife)
                : Cells(view, keys.PairCell1, keys.PairCell2, login.At),
            IsAddressShared = Snapshot.Policy.IsShared(address, login.At),
            Likelihood = likelihood,
            Fleetwide = unit.Carried.Season.Monitor.Open,
            Namesake = keys.Skeleton < 0 ? default : view.Skeletons.Row(keys.Skeleton).OtherThan((ulong)keys.SubjectKey, keys.NameTag),
        };

        assessment.Judged = true;
        assessment.Degraded = degraded | Missing(e, facts, isProxy);
        assessment.Known = FactsOf(context);
        var signals = Score(context, effects, ref assessment);
        Decide(context, unit, index, keys.SubjectKey, blocks, allowList, signals);
        effects.Attacks |= context.Fleetwide;
        if (assessment.Outcome == EventOutcome.Accepted && FleetReading.TryRead(context, (ulong)keys.SubjectKey, out var seen)) unit.Carried.Season.Observe(seen, Snapshot.Fleet);
        return likelihood.Novelty;
    }

    private static JudgedFacts FactsOf(in LoginContext context)
    {
        ref readonly var login = ref context.Event;
        var traits = JudgedTraits.None;
        if (login.ServiceAccount) traits |= JudgedTraits.ServiceAccount;
        if (login.SubjectIsUnknown) traits |= JudgedTraits.SubjectUnknown;
        if (context.IsAddressShared) traits |= JudgedTraits.AddressShared;
        if (login.KnownDevice is not null || !login.DeviceId.IsEmpty) traits |= JudgedTraits.DeviceTold;
        if (login.KnownDevice == true || context.Summary.SameDeviceId > 0) traits |= JudgedTraits.DeviceKnown;
        if (login.Session != 0) traits |= JudgedTraits.SessionTold;
        if (context.Summary.SameSession > 0) traits |= JudgedTraits.SessionKnown;
        return new JudgedFacts
        {
            Traits = traits,
            Networks = (byte)context.Facts.Networks,
            Attacks = (byte)context.Fleetwide,
            Feeds = (byte)context.Facts.FeedHitCount,
            Logins = context.Profile.Logins,
            LastLogin = context.Profile.LastLogin,
            AddressReputation = context.Address.Shown(context.Now),
            NetworkReputation = context.Network.Shown(context.Now),
            AsnReputation = context.Asn.Shown(context.Now),
            PairReputation = context.Pair.Shown(context.Now),
        };
    }

    private Span<SignalRecord> Score(in LoginContext context, Effects effects, ref AssessmentRecord assessment)
    {
        Span<Signal> said = stackalloc Signal[64];
        var count = Detectors.Judge(_detectors, context, Snapshot.Policy.IsTrusted(context.Batch, context.Event), said);
        var room = effects.ReserveSignals(count);
        var result = Snapshot.Scorer.Score(said[..count], room);
        effects.KeepSignals(ref assessment, result.Count);
        (assessment.LogOdds, assessment.Score, assessment.Level) = (result.LogOdds, result.Score.Value, result.Level);
        foreach (ref var signal in effects.Signals(assessment))
        {
            if (signal.Code == SignalCode.FeedHit) signal = signal with { Detail = FeedHitDetail.Write(context.Facts, Snapshot.Facts, context.Batch) };
        }

        return effects.Signals(assessment);
    }

    private void Decide(
        in LoginContext context, UnitOfWork unit, int index, UInt128 subject, BlockTable blocks, BlockTable allowList, ReadOnlySpan<SignalRecord> signals)
    {
        ref var assessment = ref unit.Effects[index];
        // What a hint did must not stand in the way of what the event itself does.
        var withHints = assessment.Outcome != EventOutcome.Accepted;
        var standing = StandingEntries.Find(blocks, allowList, context, _hash, subject, withHints);
        if (!unit.Fresh.IsEmpty) standing = standing.Or(StandingEntries.Find(unit.Fresh, allowList, context, _hash, subject, withHints));

        var reputation = context.IsAddressEvaluable ? context.Address.Shown(context.Now) : float.NaN;
        var match = Snapshot.Policy.Decide(context, assessment.Level, assessment.Score, signals, reputation, standing.Allow is not null);
        var decision = _decisions.Decide(context, match, standing, signals, unit.Carried.Valve.Value.IsTripped(Snapshot.Valve, context.Now));
        (assessment.Action, assessment.Enforced, assessment.Rule) = (decision.Action, decision.Enforced, decision.Rule);
        (assessment.Valve, assessment.MatchedBlock, assessment.Notify) = (decision.Valve, decision.Matched, decision.Notify);
        if (assessment.Outcome is not (EventOutcome.Accepted or EventOutcome.Hinted)) return;
        unit.Carried.Valve.NoteHit(decision, subject, context.Now);
        if (assessment.Outcome == EventOutcome.Hinted)
        {
            if (decision.NewBlock is { } hinted) Add(unit, hinted with { Block = HintBlock.Of(hinted.Block) });
            return;
        }

        if (context.IsEstablished && context.Event.Kind == EventKind.Login) unit.Carried.Valve.NoteSeen(subject, context.Now);
        if (decision.NewBlock is not { } made) return;
        Add(unit, made);
        foreach (var subscription in _subscriptions) subscription.Blocked(made.Block, unit.Effects.Owed);
        CountBlock(unit.Effects.View, index, made, context.Now);
    }

    /// <summary>Notes what responders are owed because of an event that counts.</summary>
    private void Owe(Effects effects, int index)
    {
        ref readonly var assessment = ref effects[index];
        if (!assessment.Judged) return;
        foreach (var subscription in _subscriptions)
        {
            if (assessment.Action >= subscription.MinimumAction || assessment.Notify) subscription.Decided(effects, index, effects.Owed);
        }
    }

    private static void Add(UnitOfWork unit, NewBlock made)
    {
        unit.Fresh.Put(made.Block, made.Key.Key, made.Key.PrefixLength);
        unit.Effects.NewBlocks.Add(made);
    }

    /// <summary>Remembers the block with what it hits, so that the next one lasts longer; an IPv6 address is blocked as the range of its /64.</summary>
    private static void CountBlock(StateView view, int index, NewBlock made, uint now)
    {
        ref readonly var keys = ref view[index];
        var isNetwork = made.Block.Scope == BlockScope.Range && made.Key.PrefixLength != 64;
        var slot = isNetwork ? keys.Network : made.Block.Scope is BlockScope.Ip or BlockScope.Range ? keys.Address : -1;
        if (slot < 0) return;
        view.Reputation.Row(slot).Blocks.Add(now, 1, ReputationRow.BlockHalfLife);
        view.Reputation.MarkDirty(slot);
    }

    private DegradedFacts Missing(in LoginEvent e, in AddressFacts facts, bool isProxy)
    {
        var missing = isProxy ? DegradedFacts.Proxy : DegradedFacts.None;
        if (!facts.Scope.IsEvaluable()) missing |= DegradedFacts.Address;
        if (!facts.HasLocation && !facts.Country.IsKnown) missing |= DegradedFacts.Location;
        if (facts.Asn == 0) missing |= DegradedFacts.Asn;
        if (e.GeoRefused) missing |= DegradedFacts.Geo;
        return missing;
    }

    private static ref readonly ReputationRow RowOf(StateView view, int slot)
    {
        if (slot < 0) return ref EmptyRows.Reputation;
        return ref view.Reputation.Row(slot);
    }

    private static float Cells(StateView view, int first, int second, uint now) => first < 0 ? 0 : MathF.Min(
        view.Names.Row(first).Failures.At(now, ReputationRow.HalfLife), view.Names.Row(second).Failures.At(now, ReputationRow.HalfLife));

    private static float CellAddresses(StateView view, int first, int second, uint now) => first < 0 ? 0 : MathF.Min(
        view.Names.Row(first).Addresses.Count(now, ReputationRow.FailedNamesEpoch), view.Names.Row(second).Addresses.Count(now, ReputationRow.FailedNamesEpoch));
}
