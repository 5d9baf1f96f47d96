using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Testing;

/// <summary>What is done with a context while it lives.</summary>
public delegate T ContextFunction<out T>(in LoginContext context);

/// <summary>Owns the rows that a <see cref="LoginContext"/> points to, and fills them in the words of a test.</summary>
public sealed class LoginBuilder
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

    public LoginBuilder InSession(ulong session) => With(() => _session = session);

    public LoginBuilder OnFeed(byte feed, float evidence, ushort lists = 1) => With(() => _hits.Add(new FeedHit(feed, evidence, lists)));

    /// <summary>Adds accepted logins, the newest a day before noon and one a day before that.</summary>
    public LoginBuilder WithHistory(int logins, Place? from = null, Device? on = null)
    {
        for (var day = 1; day <= logins; day++) Previously(TimeSpan.FromDays(day), from, on);
        return this;
    }

    /// <summary>Adds one accepted login; a negative time puts it after this one, which is then late.</summary>
    public LoginBuilder Previously(TimeSpan ago, Place? from = null, Device? on = null, ulong session = 0, string to = "") =>
        With(() => _history.Add(Remember(from ?? Place.Home, on ?? Device.Laptop, (uint)(Noon - ago.TotalSeconds), session, to)));

    /// <summary>Makes the subject older than its history.</summary>
    public LoginBuilder FirstSeen(TimeSpan ago) => With(() => _firstLogin = (uint)(Noon - ago.TotalSeconds));

    /// <summary>Lets logins fail from the address and what it belongs to: different names, each so many times, some of them unknown.</summary>
    public LoginBuilder AddressFailed(int names, int each = 1, int unknown = 0, uint secondsAgo = 60)
    {
        Fail(ref _address, 0, names, each, unknown, secondsAgo);
        return NetworkFailed(names, each, unknown, secondsAgo, 0);
    }

    /// <summary>Lets logins fail from elsewhere in the network and its system.</summary>
    public LoginBuilder NetworkFailed(int names, int each = 1, int unknown = 0, uint secondsAgo = 60, int firstName = 1000)
    {
        Fail(ref _network, firstName, names, each, unknown, secondsAgo);
        return AsnFailed(names, each, unknown, secondsAgo, firstName);
    }

    /// <summary>Lets logins fail from elsewhere in the autonomous system.</summary>
    public LoginBuilder AsnFailed(int names, int each = 1, int unknown = 0, uint secondsAgo = 60, int firstName = 2000)
    {
        Fail(ref _asn, firstName, names, each, unknown, secondsAgo);
        return this;
    }

    /// <summary>Makes that many subjects established at the address, each with a success today.</summary>
    public LoginBuilder AddressSucceeded(int subjects)
    {
        Succeed(ref _address, subjects);
        return NetworkSucceeded(subjects);
    }

    public LoginBuilder NetworkSucceeded(int subjects)
    {
        Succeed(ref _network, subjects);
        return AsnSucceeded(subjects);
    }

    public LoginBuilder AsnSucceeded(int subjects)
    {
        Succeed(ref _asn, subjects);
        return this;
    }

    /// <summary>Lets this subject fail from this address.</summary>
    public LoginBuilder PairFailed(int times, uint secondsAgo = 60)
    {
        _pairFailures += times;
        _subjectFailures += times;
        _pair.Failures.Add(Noon - secondsAgo, times, ReputationRow.HalfLife);
        _profile.Failures.Add(Noon - secondsAgo, times, ReputationRow.HalfLife);
        return AddressFailed(1, times, 0, secondsAgo);
    }

    public LoginBuilder PairSucceeded(int times)
    {
        _pair.Successes.Add(Noon - 60, times, ReputationRow.HalfLife);
        return this;
    }

    /// <summary>Lets this subject fail from other addresses.</summary>
    public LoginBuilder SubjectFailed(int times, int addresses, uint secondsAgo = 60)
    {
        _subjectFailures += times;
        _subjectFailedAddresses += addresses;
        _profile.Failures.Add(Noon - secondsAgo, times, ReputationRow.HalfLife);
        return this;
    }

    /// <summary>Lets second factors fail on the subject.</summary>
    public LoginBuilder FactorsFailed(int times, uint secondsAgo = 30)
    {
        _profile.FailedFactors.Add(Noon - secondsAgo, times, SubjectProfile.FactorHalfLife);
        return this;
    }

    public LoginBuilder WithFactor(string name) => With(() => _factors.Add(name));

    public LoginBuilder By(string authMethod) => With(() => _authMethod = authMethod);

    public LoginBuilder Named(string name) => With(() => _name = name);

    public LoginBuilder To(string application) => With(() => _application = application);

    public LoginBuilder Contradicting(UserAgentContradiction contradiction) => With(() => _contradiction = contradiction);

    public LoginBuilder TokenUsedFrom(uint asn)
    {
        _profile.TokenSystems.Use(asn);
        return this;
    }

    public LoginBuilder Reactivated(TimeSpan ago) => With(() => _profile.ReactivatedAt = (uint)(Noon - ago.TotalSeconds));

    public LoginBuilder Created(TimeSpan ago) => With(() => _profile.CreatedAt = (uint)(Noon - ago.TotalSeconds));

    public LoginBuilder CalledCompromised(TimeSpan ago) => With(() => _profile.CompromisedAt = (uint)(Noon - ago.TotalSeconds));

    public LoginBuilder RiskyBefore(TimeSpan ago, double score) =>
        With(() => (_profile.RiskyAt, _profile.RiskyScore) = ((uint)(Noon - ago.TotalSeconds), (ushort)(score * 100)));

    public Signal? Detect(IDetector detector) => With((in context) => detector.Detect(context));

    /// <summary>What all detectors say.</summary>
    public Signal[] DetectAll(DetectionSettings? settings = null)
    {
        var detectors = Detectors.From(settings ?? new DetectionSettings());
        var signals = new Signal[detectors.Length];
        var count = With((in context) => Detectors.Judge(detectors, context, signals));
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
        };
        return function(context);
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

    private static void Fail(ref ReputationRow row, int firstName, int names, int each, int unknown, uint secondsAgo)
    {
        var at = Noon - secondsAgo;
        row.Failures.Add(at, names * each, ReputationRow.HalfLife);
        if (unknown > 0) row.UnknownNames.Add(at, unknown * each, ReputationRow.HalfLife);
        for (var name = 0; name < names; name++) row.FailedNames.Add(Mixed(firstName + name), at, ReputationRow.FailedNamesEpoch);
    }

    private static void Succeed(ref ReputationRow row, int subjects)
    {
        row.Successes.Add(Noon - 60, subjects, ReputationRow.HalfLife);
        for (var subject = 0; subject < subjects; subject++) row.Subjects.Add(Mixed(5000 + subject), Noon - 60, ReputationRow.SubjectsEpoch);
    }

    /// <summary>Bits as evenly spread as those of a keyed hash (the finaliser of splitmix64).</summary>
    private static ulong Mixed(int number)
    {
        var bits = ((ulong)number + 1) * 0x9E3779B97F4A7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
