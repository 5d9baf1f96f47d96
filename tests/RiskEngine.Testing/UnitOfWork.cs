using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Testing;

/// <summary>One batch on its way through a store, judged by hand: what the engine does, without the engine.</summary>
public sealed class UnitOfWork
{
    private readonly KeyedHash _hash;

    public UnitOfWork(KeyedHash hash)
    {
        _hash = hash;
        Effects.Prior = -4.595;
        Effects.PolicyVersion = "policy-1";
        Effects.ModelVersion = "model-1";
        Effects.FactsVersion = "facts-1";
        Effects.RuleNames = ["step-up-when-high"];
    }

    public EventBatch Batch { get; } = new(16);

    public Effects Effects { get; } = new();

    public StateView View => Effects.View;

    /// <summary>Adds a login of a subject from an address.</summary>
    public UnitOfWork Login(string id, EventTime at, string subject = "42", string address = "203.0.113.7", EventKind kind = EventKind.Login)
    {
        ref var added = ref Batch.Add(default);
        added.Id = Batch.Append(Encoding.UTF8.GetBytes(id));
        added.OccurredAt = at;
        added.Kind = kind;
        added.SubjectId = Batch.Append(Encoding.UTF8.GetBytes(subject));
        added.SubjectName = Batch.Append(Encoding.UTF8.GetBytes($"name-of-{subject}"));
        added.SourceIp = IpAddress.Parse(address);
        added.UserAgent = Batch.Append("Mozilla/5.0 (X11; Linux x86_64)"u8);
        added.Application = Batch.Append("grafana"u8);
        return this;
    }

    /// <summary>Loads the rows of all events, each of AS 3320.</summary>
    public async Task<UnitOfWork> LoadAsync(IStateStore store)
    {
        var facts = new AddressFacts[Batch.Count];
        Array.Fill(facts, new AddressFacts { Asn = 3320 });
        View.Prepare(Batch, facts, new DeviceFacts[Batch.Count], new ulong[Batch.Count], _hash);
        await store.LoadAsync(View, CancellationToken.None);
        return this;
    }

    /// <summary>Judges as a store sees it: marks repeats, changes every row that an event touches, moves the watermark.</summary>
    public UnitOfWork Judge(RiskLevel level = RiskLevel.Medium)
    {
        Effects.Begin(Batch);
        for (var i = 0; i < Batch.Count; i++)
        {
            ref readonly var keys = ref View[i];
            var isNew = !View.Events.IsFound(keys.Event);
            ref var assessment = ref Effects[i];
            assessment.Outcome = isNew ? EventOutcome.Accepted : EventOutcome.Duplicate;
            if (!isNew) continue;
            assessment.Judged = Batch[i].Kind.IsJudged();
            assessment.Level = level;
            assessment.Action = DecisionAction.Challenge;
            assessment.Score = 87.3812345678901;
            assessment.Country = CountryCode.Parse("DE");
            assessment.Asn = 3320;
            assessment.Degraded = DegradedFacts.Feeds;
            var signals = Effects.ReserveSignals(2);
            signals[0] = new SignalRecord(SignalCode.ImpossibleTravel, 3.9, 4.1, 8917.25, 0.5, 0, default);
            signals[1] = new SignalRecord(SignalCode.FeedHit, 2.63, 2.63, 5, 0, 0, Batch.Append("ipsum, tor"u8));
            Effects.KeepSignals(ref assessment, 2);
            Touch(keys, Batch[i].OccurredAt);
            if (Batch[i].OccurredAt > View.Watermark) View.Watermark = Batch[i].OccurredAt;
        }

        return this;
    }

    /// <summary>Loads, judges and commits, and waits until that is durable.</summary>
    public async Task<UnitOfWork> RunAsync(IStateStore store)
    {
        await LoadAsync(store);
        Judge();
        await store.CommitAsync(Effects, CancellationToken.None);
        return this;
    }

    private void Touch(in EventKeys keys, EventTime at)
    {
        var profile = View.Profiles.Profile(keys.Subject);
        profile.Add(new PastLogin { At = at.UnixSeconds, Asn = 3320, Latitude = 5250, Longitude = 1340, Session = 7 });
        View.Profiles.Rows.MarkDirty(keys.Subject);
        foreach (var slot in new[] { keys.Fleet, keys.Address, keys.Network, keys.Asn })
        {
            ref var row = ref View.Reputation.Row(slot);
            row.Failures.Add(at.UnixSeconds, 1, ReputationRow.HalfLife);
            row.Subjects.Add((ulong)keys.SubjectKey, at.UnixSeconds, ReputationRow.SubjectsEpoch);
            row.LastSeen = at.UnixSeconds;
            View.Reputation.MarkDirty(slot);
        }

        if (keys.Skeleton >= 0 && View.Skeletons.Row(keys.Skeleton).See((ulong)keys.SubjectKey, keys.NameTag, at.UnixSeconds, isService: false)) View.Skeletons.MarkDirty(keys.Skeleton);
        ref var pair = ref View.Pairs.Row(keys.Pair);
        pair.Successes.Add(at.UnixSeconds, 1, ReputationRow.HalfLife);
        pair.LastSuccessDay = at.UnixDays;
        View.Pairs.MarkDirty(keys.Pair);
        foreach (var slot in new[] { keys.SubjectCell1, keys.SubjectCell2, keys.PairCell1, keys.PairCell2 })
        {
            View.Names.Row(slot).Failures.Add(at.UnixSeconds, 1, ReputationRow.HalfLife);
            View.Names.MarkDirty(slot);
        }
    }
}
