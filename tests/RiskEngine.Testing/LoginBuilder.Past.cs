using RiskEngine.Core.Models;

namespace RiskEngine.Testing;

/// <content>What happened before the login: to the subject, and at the address.</content>
public sealed partial class LoginBuilder
{
    /// <summary>Adds accepted logins, the newest a day before noon and one a day before that.</summary>
    public LoginBuilder WithHistory(int logins, Place? from = null, Device? on = null)
    {
        for (var day = 1; day <= logins; day++) Previously(TimeSpan.FromDays(day), from, on);
        return this;
    }

    /// <summary>Adds one accepted login; a negative time puts it after this one, which is then late.</summary>
    public LoginBuilder Previously(TimeSpan ago, Place? from = null, Device? on = null, ulong session = 0, string to = "") =>
        With(() => _history.Add(Remember(from ?? Place.Home, on ?? Device.Laptop, (uint)(Noon - ago.TotalSeconds), session, to)));

    /// <summary>Lets another account have a name that looks the same.</summary>
    public LoginBuilder NamedLikeAnother(TimeSpan firstSeenAgo, bool isService = false) => With(() => _namesake = new Namesake((uint)(Noon - firstSeenAgo.TotalSeconds), isService));

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
