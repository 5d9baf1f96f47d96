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
    // What no store keeps: counts, and what an address did.
    private static readonly HistorySummary[] NoSummary = [default];
    private static readonly ReputationRow[] NoReputation = [default];

    private readonly PastLogin[] _history = new PastLogin[1];
    private AddressFacts _facts = AddressFacts.Unknown;
    private DeviceFacts _device;
    private ProfileHeader _profile;
    private PastLogin _login;
    private ReputationRow _network;
    private PairRow _pair;
    private bool _isEvaluable;

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
        if (readsDevice) _device = UserAgentParser.Parse(login.Batch.Text(e.UserAgent));
        _profile.FirstLogin = IsEstablished ? login.FirstLogin : 0;
        _login = new PastLogin { At = now, Asn = login.Asn, Country = login.Country, AddressUnit = e.SourceIp.Unit };
        (_network.Successes, _network.Failures) = Masses(StoredFields.NumberOf(login, SignalCode.NetworkReputation), now);
        (_pair.Successes, _pair.Failures) = Masses(StoredFields.NumberOf(login, SignalCode.PairReputation), now);
    }

    /// <summary>What policies are asked about: the login that was set, which it has to be.</summary>
    public LoginContext Of(StoredLogin login) => new(
        login.Batch, ref login.Event, ref _facts, ref _device, ref _profile, IsEstablished ? _history : [], ref NoSummary[0], ref _login, ref NoReputation[0], ref _network, ref NoReputation[0],
        ref NoReputation[0], ref _pair)
    {
        IsAddressEvaluable = _isEvaluable,
        SubjectFailures = 0,
        SubjectFailedAddresses = 0,
        PairFailures = 0,
        IsAddressShared = false,
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
