using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Policies;

/// <summary>Makes of a stored login what conditions are asked about. Fields that are not known are empty: <see cref="StoredFields"/> says which.</summary>
/// <remarks>Used again and again by one thread; allocates nothing.</remarks>
/// <param name="readsDevice">Whether the user agent is read, which costs about as much as all the rest.</param>
internal sealed class StoredContext(bool readsDevice)
{
    // What no store keeps: how often something was seen, and how the fleet is.
    private static readonly ReputationRow[] NoReputation = [default];

    private readonly PastLogin[] _history = new PastLogin[1];
    private AddressFacts _facts = AddressFacts.Unknown;
    private DeviceFacts _device;
    private ProfileHeader _profile;
    private PastLogin _login;
    private HistorySummary _summary;
    private ReputationRow _network, _asn;
    private PairRow _pair;
    private bool _isEvaluable, _isShared;
    private AttackKinds _attacks;

    /// <summary>Gets whether the subject had an accepted login before this one.</summary>
    public bool IsEstablished { get; private set; }

    public void Set(StoredLogin login)
    {
        var e = login.Event;
        var now = e.OccurredAt.UnixSeconds;
        _isEvaluable = StoredFields.IsAddressEvaluable(login);
        IsEstablished = login.FirstLogin != 0 && login.FirstLogin < now;
        _facts.Scope = AddressScopes.Of(e.SourceIp);
        (_facts.Country, _facts.Asn) = (login.Country, login.Asn);
        var known = login.Known.GetValueOrDefault();
        (_facts.Networks, _attacks) = ((NetworkKinds)known.Networks, (AttackKinds)known.Attacks);
        _isShared = (known.Traits & JudgedTraits.AddressShared) != JudgedTraits.None;
        (_summary.SameDeviceId, _summary.SameSession) = (0, (known.Traits & JudgedTraits.SessionKnown) != JudgedTraits.None ? 1 : 0);
        if (readsDevice) _device = UserAgentParser.Parse(login.Batch.Text(e.UserAgent));
        _profile.FirstLogin = IsEstablished ? login.FirstLogin : 0;
        (_profile.Logins, _profile.LastLogin) = (known.Logins, known.LastLogin);
        _login = new PastLogin { At = now, Asn = login.Asn, Country = login.Country, AddressUnit = e.SourceIp.Unit };
        var isKept = login.Known is not null;
        (_network.Successes, _network.Failures) = Masses(isKept ? known.NetworkReputation : StoredFields.NumberOf(login, SignalCode.NetworkReputation), now);
        (_asn.Successes, _asn.Failures) = Masses(known.AsnReputation, now);
        (_pair.Successes, _pair.Failures) = Masses(isKept ? known.PairReputation : StoredFields.NumberOf(login, SignalCode.PairReputation), now);
    }

    /// <summary>What policies are asked about: the login that was set, which it has to be.</summary>
    public LoginContext Of(StoredLogin login) => new(
        login.Batch, ref login.Event, ref _facts, ref _device, ref _profile, IsEstablished ? _history : [], ref _summary, ref _login, ref NoReputation[0], ref _network, ref _asn,
        ref NoReputation[0], ref _pair)
    {
        IsAddressEvaluable = _isEvaluable,
        SubjectFailures = 0,
        SubjectFailedAddresses = 0,
        PairFailures = 0,
        IsAddressShared = _isShared,
        Fleetwide = _attacks,
    };

    /// <summary>Counts that show a reputation at that time; none for NaN.</summary>
    private static (DecayedMass Successes, DecayedMass Failures) Masses(float shown, uint now)
    {
        var (successes, failures) = (default(DecayedMass), default(DecayedMass));
        if (shown > 0) successes.Add(now, shown, ReputationRow.HalfLife);
        if (shown < 0) failures.Add(now, -shown, ReputationRow.HalfLife);
        return (successes, failures);
    }
}
