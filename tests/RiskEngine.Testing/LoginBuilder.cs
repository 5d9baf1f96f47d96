using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Testing;

/// <summary>What is done with a context while it lives.</summary>
public delegate T ContextFunction<out T>(in LoginContext context);

/// <summary>Owns the rows that a <see cref="LoginContext"/> points to, and fills them in the words of a test.</summary>
public sealed partial class LoginBuilder
{
    /// <summary>When the login under judgement happens, in Unix seconds: Saturday 21 November 2026, 12:00 UTC.</summary>
    public const uint Noon = 1_795_262_400;

    private readonly List<PastLogin> _history = [];
    private Place _place = Place.Home;
    private Device _device = Device.Laptop;
    private EventKind _kind = EventKind.Login;
    private bool? _knownDevice;
    private bool _serviceAccount;
    private bool _unknownName;
    private bool _misreadProxy;
    private bool _shared;
    private ulong _session;
    private float _subjectFailures;
    private float _subjectFailedAddresses;
    private float _pairFailures;
    private uint? _firstLogin;
    private readonly List<FeedHit> _hits = [];
    private readonly List<string> _factors = [];
    private string _authMethod = "";
    private string _name = "";
    private string _application = "";
    private UserAgentContradiction _contradiction;
    private Namesake _namesake;
    private AttackKinds _attacks;
    private float? _firstTail;

    /// <summary>A fleet of a few thousand logins that does not know the strange places and devices of the tests, and knows the usual ones a little.</summary>
    private FleetShares _shares = new(0.0005f, 0.002f, 0.05f, 0.2f, 0.02f, 0.1f, 0.3f, 5000);

    private LoginEvent _event;
    private AddressFacts _facts;
    private DeviceFacts _deviceFacts;
    private ProfileHeader _profile;
    private HistorySummary _summary;
    private PastLogin _login;
    private ReputationRow _address;
    private ReputationRow _network;
    private ReputationRow _asn;
    private PairRow _pair;

    public LoginBuilder From(Place place) => With(() => _place = place);

    public LoginBuilder On(Device device) => With(() => _device = device);

    public LoginBuilder OfKind(EventKind kind) => With(() => _kind = kind);

    public LoginBuilder Failed() => OfKind(EventKind.LoginFailed);

    public LoginBuilder KnownToSource(bool known) => With(() => _knownDevice = known);

    public LoginBuilder ByServiceAccount() => With(() => _serviceAccount = true);

    public LoginBuilder ByUnknownName() => With(() => _unknownName = true);

    public LoginBuilder BehindMisreadProxy() => With(() => _misreadProxy = true);

    public LoginBuilder FromSharedAddress() => With(() => _shared = true);

    /// <summary>The part of the fleet's logins that come from the login's address, 0 to 1.</summary>
    public LoginBuilder FromAddressWithShare(float share) => With(() => _shares = _shares with { Address = share });

    public LoginBuilder While(AttackKinds attacks) => With(() => _attacks = attacks);

    /// <summary>Which part of first logins comes from networks as rare as this login's.</summary>
    public LoginBuilder FirstOfNetworksAsRareAs(float tail) => With(() => _firstTail = tail);

    public LoginBuilder InSession(ulong session) => With(() => _session = session);

    public LoginBuilder OnFeed(byte feed, float evidence, ushort lists = 1) => With(() => _hits.Add(new FeedHit(feed, evidence, lists)));

    public LoginBuilder WithFactor(string name) => With(() => _factors.Add(name));

    public LoginBuilder By(string authMethod) => With(() => _authMethod = authMethod);

    public LoginBuilder Named(string name) => With(() => _name = name);

    public LoginBuilder To(string application) => With(() => _application = application);

    public LoginBuilder Contradicting(UserAgentContradiction contradiction) => With(() => _contradiction = contradiction);

    public Signal? Detect(IDetector detector) => With((in context) => detector.Detect(context));

    /// <summary>What all detectors say.</summary>
    public Signal[] DetectAll(DetectionSettings? settings = null)
    {
        var detectors = Detectors.From(settings ?? new DetectionSettings());
        var signals = new Signal[detectors.Length];
        var count = With((in context) => Detectors.Judge(detectors, context, isTrusted: false, signals));
        return signals[..count];
    }

    /// <summary>Builds the context and hands it out for as long as the function runs.</summary>
    public T With<T>(ContextFunction<T> function)
    {
        var batch = new EventBatch(1);
        ref var added = ref batch.Add(default);
        added.SourceIp = AddressOf(_place);
        added.Id = batch.Append("event"u8);
        added.SubjectId = batch.Append("42"u8);
        added.OccurredAt = EventTime.FromUnixSeconds(Noon);
        added.Kind = _kind;
        added.KnownDevice = _knownDevice;
        added.ServiceAccount = _serviceAccount;
        added.SubjectIsUnknown = _unknownName;
        added.SubjectName = batch.Append(System.Text.Encoding.UTF8.GetBytes(_name));
        added.AuthMethod = batch.Append(System.Text.Encoding.UTF8.GetBytes(_authMethod));
        var factors = batch.ListCount;
        foreach (var factor in _factors) batch.AppendToList(batch.Append(System.Text.Encoding.UTF8.GetBytes(factor)));
        added.Mfa = new SliceRange(factors, _factors.Count);
        _event = added;

        _login = Remember(_place, _device, Noon, _session, _application);
        _facts = FactsOf(added.SourceIp);
        _deviceFacts = new DeviceFacts { Browser = _device.Browser, Os = _device.Os, Class = _device.Class, Contradiction = _contradiction };
        PastLogin[] history = [.. _history.OrderBy(past => past.At)];
        for (var i = 1; i < history.Length; i++)
            history[i].Novelty = LoginNovelty.Of(HistorySummary.Of(history.AsSpan(0, i), history[i]), history[i], NetworkTraits.PlaceSaysSomething(history[i].Traits)).Packed;
        _profile.Count = (byte)history.Length;
        _profile.Logins = (uint)history.Length;
        if (history.Length > 0) (_profile.FirstLogin, _profile.LastLogin) = (_firstLogin ?? history[0].At, history[^1].At);
        _summary = HistorySummary.Of(history, _login);
        var fleet = default(ReputationRow);
        var context = new LoginContext(batch, ref _event, ref _facts, ref _deviceFacts, ref _profile, history, ref _summary, ref _login,
            ref _address, ref _network, ref _asn, ref fleet, ref _pair)
        {
            IsAddressEvaluable = _facts.Scope.IsEvaluable() && !_misreadProxy,
            SubjectFailures = _subjectFailures,
            SubjectFailedAddresses = _subjectFailedAddresses,
            PairFailures = _pairFailures,
            IsAddressShared = _shared,
            Namesake = _namesake,
            Fleetwide = _attacks,
            Likelihood = LikelihoodOf(history),
        };
        return function(context);
    }

    private LoginLikelihood LikelihoodOf(PastLogin[] history)
    {
        var placeSaysSomething = _facts.Scope.IsEvaluable() && !_misreadProxy && NetworkTraits.PlaceSaysSomething(_login.Traits);
        var said = new LikelihoodModel(new LikelihoodSettings()).Judge(history, _profile.Logins, _summary, _login, _shares, new NoveltyTable(), placeSaysSomething);
        return _firstTail is { } tail ? said with { FirstTail = tail } : said;
    }

    private LoginBuilder With(Action change)
    {
        change();
        return this;
    }

    private static IpAddress AddressOf(Place place) => place.Address.Length == 0 ? default : IpAddress.Parse(place.Address);

    private AddressFacts FactsOf(in IpAddress address)
    {
        var facts = AddressFacts.Unknown;
        facts.Scope = AddressScopes.Of(address);
        facts.Country = _login.Country;
        facts.Latitude = (float)_place.Latitude;
        facts.Longitude = (float)_place.Longitude;
        facts.AccuracyRadiusKm = _place.AccuracyRadius;
        facts.Asn = _place.Asn;
        facts.Networks = _place.Networks;
        foreach (var hit in _hits) facts.AddFeedHit(hit);
        return facts;
    }

    private static PastLogin Remember(Place place, Device device, uint at, ulong session, string application)
    {
        var address = AddressOf(place);
        var located = !double.IsNaN(place.Latitude);
        return new PastLogin
        {
            AddressUnit = address.Unit,
            Session = session,
            Application = application.Length == 0 ? (ushort)0 : (ushort)(1 + (application.GetHashCode(StringComparison.Ordinal) & 0x7FFF)),
            At = at,
            Asn = place.Asn,
            Country = CountryCode.Parse(place.Country),
            Latitude = located ? (short)Math.Round(place.Latitude * 100) : PastLogin.NoLocation,
            Longitude = located ? (short)Math.Round(place.Longitude * 100) : PastLogin.NoLocation,
            AccuracyRadius = located ? place.AccuracyRadius : (ushort)0,
            Traits = NetworkTraits.Of(place.Networks),
            DeviceId = device.Id,
            UserAgent = device.UserAgent,
            Browser = device.Browser,
            Os = device.Os,
            DeviceClass = (byte)device.Class,
        };
    }
}
