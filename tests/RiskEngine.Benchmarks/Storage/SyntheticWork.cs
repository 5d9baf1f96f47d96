using System.Buffers.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Benchmarks.Storage;

/// <summary>Batches as the engine hands them to a store, without the engine: who logs in is skewed, and each event dirties what judging would.</summary>
/// <remarks>
/// Of the subjects, a few log in often and most rarely (the cube of an even draw); each has two addresses, four subjects share a network of 256.
/// An event dirties one profile, one to three rows of reputation and one pair. Repeatable by its seed. Not thread-safe.
/// </remarks>
public sealed class SyntheticWork(IStateStore store, int subjects, int seed)
{
    private static readonly byte[][] UserAgents =
        [.. Enumerable.Range(0, 400).Select(i => System.Text.Encoding.ASCII.GetBytes($"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{100 + (i % 40)}.0.{i}.0 Safari/537.36"))];

    private readonly Random _random = new(seed);
    private readonly EventBatch _batch = new(1024);
    private readonly AddressFacts[] _facts = new AddressFacts[100_000];
    private readonly DeviceFacts[] _devices = new DeviceFacts[100_000];
    private readonly ulong[] _userAgents = new ulong[100_000];
    private long _milliseconds = 1_763_000_000_000;
    private long _id = (long)seed << 40;

    public Effects Effects { get; } = new() { Prior = -4.595, PolicyVersion = "policy-1", ModelVersion = "model-1", FactsVersion = "facts-1", RuleNames = ["step-up"] };

    /// <summary>Gets how many rows were changed, those of a batch each once.</summary>
    public long RowsChanged { get; private set; }

    /// <summary>Makes a batch and its keys.</summary>
    public void Prepare(int events)
    {
        _batch.Clear();
        Span<byte> text = stackalloc byte[40];
        for (var i = 0; i < events; i++)
        {
            var subject = (int)(Math.Pow(_random.NextDouble(), 3) * subjects);
            ref var added = ref _batch.Add(default);
            new Guid(seed, 0, 0, BitConverter.GetBytes(_id++)).TryFormat(text, out var length);
            added.Id = _batch.Append(text[..length]);
            Utf8Formatter.TryFormat(subject, text, out length);
            added.SubjectId = _batch.Append(text[..length]);
            added.OccurredAt = new EventTime(_milliseconds += 20);
            added.Kind = EventKind.Login;
            added.SourceIp = IpAddress.FromIPv4((uint)(0x0B00_0000 + (subject / 4 * 256) + (subject % 4 * 2) + _random.Next(2)));
            added.UserAgent = _batch.Append(UserAgents[subject % UserAgents.Length]);
            added.Application = _batch.Append("grafana"u8);
            added.AuthMethod = _batch.Append("password"u8);
            _facts[i] = new AddressFacts { Asn = 1000 + (uint)(subject % 997), Country = new CountryCode(0x4445) };
            _devices[i] = new DeviceFacts { Browser = (byte)(1 + (subject % UserAgents.Length)), Os = 1 };
            _userAgents[i] = 1 + (ulong)(subject % UserAgents.Length);
        }

        Effects.View.Prepare(_batch, _facts, _devices, _userAgents, store.Hash);
    }

    /// <summary>Changes what judging would, once the view is loaded.</summary>
    public void Judge()
    {
        Effects.Begin(_batch);
        var view = Effects.View;
        view.Carried.Write(CarriedPart.Novelty, NoveltyTable.StoredLength);
        for (var i = 0; i < _batch.Count; i++)
        {
            ref readonly var keys = ref view[i];
            var at = _batch[i].OccurredAt;
            ref var assessment = ref Effects[i];
            assessment = new AssessmentRecord
            {
                Judged = true, Score = 1.25 + (i / 7.0), LogOdds = -3, Rule = 0, Country = new CountryCode(0x4445), Asn = _facts[i].Asn,
            };
            var signals = Effects.ReserveSignals(2);
            signals[0] = new SignalRecord(SignalCode.KnownAddress, -0.7, -0.9, 3, 0, 0, default);
            signals[1] = new SignalRecord(SignalCode.NewDevice, 0.41, 0.5, 1, 0, 0, default);
            Effects.KeepSignals(ref assessment, 2);
            view.Profiles.Profile(keys.Subject).Add(LoginOf(i, keys));
            view.Profiles.Rows.MarkDirty(keys.Subject);
            Touch(view, keys.Address, keys.SubjectKey, at);
            if (i % 2 == 0) Touch(view, keys.Network, keys.SubjectKey, at);
            if (i % 4 == 0) Touch(view, keys.Asn, keys.SubjectKey, at);
            ref var pair = ref view.Pairs.Row(keys.Pair);
            pair.Successes.Add(at.UnixSeconds, 1, ReputationRow.HalfLife);
            pair.LastSeen = at.UnixSeconds;
            view.Pairs.MarkDirty(keys.Pair);
            view.Watermark = at;
        }

        RowsChanged += Dirty(view.Profiles.Rows) + Dirty(view.Reputation) + Dirty(view.Pairs);
    }

    private static int Dirty<TRow>(RowSet<TRow> rows)
        where TRow : struct
    {
        var count = 0;
        for (var slot = 0; slot < rows.Count; slot++) count += rows.IsDirty(slot) ? 1 : 0;
        return count;
    }

    /// <summary>Every field filled, as with a source that tells everything: what is left empty would be stored for nothing.</summary>
    private PastLogin LoginOf(int index, in EventKeys keys) => new()
    {
        AddressUnit = _batch[index].SourceIp.Unit, Session = (ulong)_random.NextInt64(), At = _batch[index].OccurredAt.UnixSeconds, Asn = _facts[index].Asn,
        DeviceId = (uint)(keys.SubjectKey >> 32), UserAgent = (uint)_userAgents[index], Country = _facts[index].Country, Latitude = 5250, Longitude = 1340, AccuracyRadius = 20,
        Traits = LoginTraits.KnownDevice, Application = 7, Browser = _devices[index].Browser, Os = _devices[index].Os, DeviceClass = 1, Novelty = (byte)(1 + (index % 3)),
    };

    private static void Touch(StateView view, int slot, UInt128 subject, EventTime at)
    {
        ref var row = ref view.Reputation.Row(slot);
        row.Successes.Add(at.UnixSeconds, 1, ReputationRow.HalfLife);
        row.Logins.Add(at.UnixSeconds, 1, ReputationRow.HalfLife);
        row.Usual.Add(at.UnixSeconds, 1, ReputationRow.HalfLife);
        row.Subjects.Add((ulong)subject, at.UnixSeconds, ReputationRow.SubjectsEpoch);
        if (row.FirstSeen == 0) row.FirstSeen = at.UnixSeconds;
        row.LastSeen = at.UnixSeconds;
        view.Reputation.MarkDirty(slot);
    }
}
