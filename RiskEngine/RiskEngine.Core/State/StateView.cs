using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.State;

/// <summary>All state that judging one batch reads and changes: first the keys, then, once a store has loaded it, the rows.</summary>
/// <remarks>
/// The unit of work: <c>Prepare</c> (keys of every event), <see cref="IStateStore.LoadAsync"/> (rows), judge (rows change in place, so a later
/// event of the batch sees the effects of the earlier ones), <see cref="IStateStore.CommitAsync"/> (rows marked dirty). Made to be reused.
/// Not thread-safe: one stage owns it at a time.
/// </remarks>
public sealed class StateView
{
    private EventKeys[] _keys = new EventKeys[1024];

    public ProfileSet Profiles { get; } = new();

    public RowSet<ReputationRow> Reputation { get; } = new();

    public RowSet<PairRow> Pairs { get; } = new();

    /// <summary>Gets cells of the fixed-size sketch; keys are 0 to twice <see cref="StateKeys.NameCells"/>.</summary>
    public RowSet<NameRow> Names { get; } = new();

    /// <summary>Gets the first account of each name that looks alike; asked for where an account is made or used.</summary>
    public RowSet<SkeletonRow> Skeletons { get; } = new();

    /// <summary>Gets event ids; one that the store has within the horizon is found.</summary>
    public RowSet<Nothing> Events { get; } = new();

    /// <summary>Gets what the judge carries from batch to batch.</summary>
    public CarriedState Carried { get; } = new();

    /// <summary>Gets or sets the newest event time ever accepted; zero for an empty store. Loaded by the store, moved on by the judge.</summary>
    public EventTime Watermark { get; set; }

    /// <summary>Gets or sets the standing blocks and the allow list as of the load.</summary>
    public BlockTable Blocks { get; set; } = BlockTable.Empty;

    /// <summary>Gets or sets a number by which a store knows what this view was loaded from; a store that fell back since then refuses the commit.</summary>
    public long Generation { get; set; }

    /// <summary>Gets or sets what a store notes of the load to know it again at the commit; nobody else looks into it.</summary>
    public object? Origin { get; set; }

    /// <summary>Gets or sets whether the view is only asked and never committed: then a store need not wait for what is on its way, nor look for repeats.</summary>
    public bool IsQuestion { get; set; }

    public int Count { get; private set; }

    /// <summary>Slots of the rows that event touches.</summary>
    public ref readonly EventKeys this[int index] => ref _keys[index];

    /// <summary>Notes the keys of every event of the batch.</summary>
    /// <param name="batch">The events.</param>
    /// <param name="facts">What enrichment knows of each event's address.</param>
    /// <param name="devices">What it knows of each event's device.</param>
    /// <param name="userAgents">Hash of each event's user agent; zero for none.</param>
    /// <param name="hash">Makes keys of names and ids.</param>
    public void Prepare(EventBatch batch, ReadOnlySpan<AddressFacts> facts, ReadOnlySpan<DeviceFacts> devices, ReadOnlySpan<ulong> userAgents, KeyedHash hash)
    {
        Clear();
        if (_keys.Length < batch.Count) _keys = new EventKeys[Math.Max(batch.Count, _keys.Length * 2)];
        var fleet = Reputation.Add(StateKeys.Fleet);
        for (var i = 0; i < batch.Count; i++)
        {
            ref readonly var e = ref batch[i];
            var tenant = batch.Text(e.Tenant);
            var subject = StateKeys.Subject(hash, tenant, batch.Text(e.SubjectId), batch.Text(e.SubjectName));
            var pair = StateKeys.Pair(hash, subject, e.SourceIp);
            var subjectCells = StateKeys.Cells(subject);
            var pairCells = StateKeys.Cells(pair);
            var hasAddress = !e.SourceIp.IsUnknown;
            var skeleton = NamesAnAccount(e) ? StateKeys.Skeleton(hash, tenant, batch.Text(e.SubjectName)) : 0;
            _keys[i] = new EventKeys
            {
                SubjectKey = subject,
                PairKey = pair,
                Event = Events.Add(StateKeys.Event(hash, tenant, batch.Text(e.Id))),
                Fleet = fleet,
                Subject = Profiles.Add(subject),
                Address = hasAddress ? Reputation.Add(StateKeys.Address(e.SourceIp)) : -1,
                Network = hasAddress ? Reputation.Add(StateKeys.Network(e.SourceIp)) : -1,
                Asn = facts[i].Asn != 0 ? Reputation.Add(StateKeys.Asn(facts[i].Asn)) : -1,
                Country = facts[i].Country.IsKnown ? Reputation.Add(StateKeys.Country(facts[i].Country)) : -1,
                UserAgent = userAgents[i] != 0 ? Reputation.Add(StateKeys.UserAgent(userAgents[i])) : -1,
                Platform = userAgents[i] != 0 ? Reputation.Add(StateKeys.Platform(devices[i])) : -1,
                OperatingSystem = devices[i].Os != 0 ? Reputation.Add(StateKeys.OperatingSystem(devices[i])) : -1,
                Pair = hasAddress ? Pairs.Add(pair) : -1,
                SubjectCell1 = Names.Add((UInt128)(uint)subjectCells.First),
                SubjectCell2 = Names.Add((UInt128)(uint)subjectCells.Second),
                PairCell1 = hasAddress ? Names.Add((UInt128)(uint)pairCells.First) : -1,
                PairCell2 = hasAddress ? Names.Add((UInt128)(uint)pairCells.Second) : -1,
                Skeleton = skeleton != 0 ? Skeletons.Add(skeleton) : -1,
                NameTag = skeleton != 0 ? StateKeys.NameTag(hash, batch.Text(e.SubjectName)) : 0,
            };
        }

        Count = batch.Count;
    }

    private static bool NamesAnAccount(in LoginEvent e) =>
        e.Kind is EventKind.Login or EventKind.LoginAttempt or EventKind.SessionSeen or EventKind.TokenUsed or EventKind.AccountCreated && !e.SubjectIsUnknown;

    public void Clear()
    {
        Profiles.Clear();
        Reputation.Clear();
        Pairs.Clear();
        Names.Clear();
        Skeletons.Clear();
        Events.Clear();
        Carried.Clear();
        Count = 0;
    }
}

/// <summary>Slots of the rows that one event touches; −1 where there is none.</summary>
public struct EventKeys
{
    public UInt128 SubjectKey;
    public UInt128 PairKey;
    public int Event;
    public int Fleet;
    public int Subject;
    public int Address;
    public int Network;
    public int Asn;
    public int Country;
    public int UserAgent;
    public int Platform;
    public int OperatingSystem;
    public int Pair;
    public int SubjectCell1;
    public int SubjectCell2;
    public int PairCell1;
    public int PairCell2;
    public int Skeleton;

    /// <summary>See <see cref="StateKeys.NameTag"/>.</summary>
    public uint NameTag;
}
