using System.Text;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Tests.Policies;

/// <summary>A login with everything that policies and decisions look at, each part to be set by a test.</summary>
internal sealed class LoginUnderTest
{
    public static readonly EventTime Noon = new(1_790_000_000_000);

    private readonly EventBatch _batch = new();
    private readonly DeviceFacts[] _device = [default];
    private readonly PastLogin[] _history = [default];
    private readonly ReputationRow[] _asn = [default];
    private readonly ProfileHeader[] _profile = [default];
    private readonly PairRow[] _pair = [default];
    private PastLogin _remembered;

    public AddressFacts Facts = AddressFacts.Unknown;
    public HistorySummary Summary;

    public ref ProfileHeader Profile => ref _profile[0];

    public ref PairRow Pair => ref _pair[0];

    public ref ReputationRow Asn => ref _asn[0];

    public ref DeviceFacts Device => ref _device[0];
    public ReputationRow Address, Network, Fleet;

    public LoginUnderTest(string address = "203.0.113.7", EventKind kind = EventKind.LoginFailed, string subject = "42", string id = "event-1")
    {
        ref var login = ref _batch.Add(default);
        login.OccurredAt = Noon;
        login.Kind = kind;
        login.Id = Text(id);
        login.SubjectId = Text(subject);
        if (address.Length > 0) login.SourceIp = IpAddress.Parse(address);
        _remembered.At = Noon.UnixSeconds;
    }

    public ref LoginEvent Event => ref _batch[0];

    public EventBatch Batch => _batch;

    public uint Now => Noon.UnixSeconds;

    public bool IsEstablished { get; init; }

    public bool IsEvaluable { get; init; } = true;

    public bool IsShared { get; set; }

    public AttackKinds Fleetwide { get; set; }

    /// <summary>Gets failures of the subject from the address; enough to block the two together.</summary>
    public float PairFailures { get; init; } = 3;

    public CountryCode Country { set => _remembered.Country = value; }

    public uint AsnNumber { set => _remembered.Asn = value; }

    public LoginContext Context => new(
        _batch, ref _batch[0], ref Facts, ref _device[0], ref _profile[0], IsEstablished ? _history : [], ref Summary, ref _remembered, ref Address, ref Network, ref _asn[0],
        ref Fleet, ref _pair[0])
    {
        IsAddressEvaluable = IsEvaluable,
        SubjectFailures = 0,
        SubjectFailedAddresses = 0,
        PairFailures = PairFailures,
        IsAddressShared = IsShared,
        Fleetwide = Fleetwide,
    };

    public Slice Text(string text) => _batch.Append(Encoding.UTF8.GetBytes(text));

    public LoginUnderTest InGroups(params string[] groups)
    {
        var start = _batch.ListCount;
        foreach (var group in groups) _batch.AppendToList(Text(group));
        Event.Groups = new SliceRange(start, groups.Length);
        return this;
    }

    public LoginUnderTest WithFactors(params string[] factors)
    {
        var start = _batch.ListCount;
        foreach (var factor in factors) _batch.AppendToList(Text(factor));
        Event.Mfa = new SliceRange(start, factors.Length);
        return this;
    }

    /// <summary>Established subjects that use the address, told apart by the sketch.</summary>
    public LoginUnderTest WithSubjects(int count)
    {
        for (var i = 0; i < count; i++) Address.Subjects.Add((ulong)i, Now, ReputationRow.SubjectsEpoch);
        IsShared = new Core.Policies.PolicyDefinition().SharedAddressSubjects <= Address.Subjects.Count(Now, ReputationRow.SubjectsEpoch);
        return this;
    }

    /// <summary>Names that failed from the address.</summary>
    public LoginUnderTest WithFailedNames(int count)
    {
        for (var i = 0; i < count; i++) Address.FailedNames.Add((ulong)i, Now, ReputationRow.FailedNamesEpoch);
        Address.Failures.Add(Now, count, ReputationRow.HalfLife);
        return this;
    }

    public static SignalRecord Signal(SignalCode code, double contribution) => new(code, contribution, contribution, 0, 0, 0, default);
}
