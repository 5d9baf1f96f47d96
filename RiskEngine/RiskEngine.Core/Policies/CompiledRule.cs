using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;

namespace RiskEngine.Core.Policies;

/// <summary>The conditions of one rule as masks and sorted lists. Immutable; <see cref="Holds"/> allocates nothing.</summary>
internal sealed class CompiledRule
{
    private readonly RiskLevel _level;
    private readonly double _score;
    private readonly float _reputation;
    private readonly uint _kinds;
    private readonly NetworkKinds _networks;
    private readonly ulong _anyMask;
    private readonly ulong _allMask;
    private readonly (SignalCode Code, double Least)[] _any;
    private readonly (SignalCode Code, double Least)[] _all;
    private readonly ulong[]? _countries;
    private readonly ulong[]? _countriesNot;
    private readonly uint[]? _asns;
    private readonly ulong[]? _feeds;
    private readonly byte[][]? _groups;
    private readonly byte[][]? _applications;
    private readonly byte[][]? _subjects;
    private readonly bool? _serviceAccount;
    private readonly bool? _established;

    /// <param name="rule">A rule without faults.</param>
    /// <param name="feeds">Names of the feeds, by their index in the facts.</param>
    public CompiledRule(PolicyRule rule, IReadOnlyList<string> feeds)
    {
        Rule = rule;
        RestsOnFailures = !BlockGrounds.AreListed(rule.When);
        var when = rule.When;
        _level = when.Level ?? RiskLevel.None;
        _score = when.Score ?? double.NegativeInfinity;
        _reputation = (float)(when.Reputation ?? float.PositiveInfinity);
        _kinds = when.Kind.Count == 0 ? uint.MaxValue : when.Kind.Aggregate(0u, (mask, kind) => mask | (1u << (int)kind));
        _networks = when.Network;
        _anyMask = SignalMask(when.Signals);
        _allMask = SignalMask(when.SignalsAll);
        _any = when.Signals.Any(signal => signal.AtLeast is not null) ? Minimums(when.Signals) : [];
        _all = Minimums(when.SignalsAll.Where(signal => signal.AtLeast is not null));
        _countries = CountryMask(when.Country);
        _countriesNot = CountryMask(when.CountryNot);
        _asns = when.Asn.Count == 0 ? null : [.. when.Asn.Order()];
        _feeds = FeedMask(when.Feed, feeds);
        _groups = Texts(when.Group);
        _applications = Texts(when.Application);
        _subjects = Texts(when.Subject);
        _serviceAccount = when.ServiceAccount;
        _established = when.Established;
    }

    public PolicyRule Rule { get; }

    /// <summary>Gets whether it blocks an address, which an allow entry lifts.</summary>
    public bool BlocksAddress => Rule.Then == DecisionAction.Block && Rule.Scope is not (BlockScope.Subject or BlockScope.Session);

    /// <summary>Gets whether nothing but failures speaks for its block.</summary>
    public bool RestsOnFailures { get; }

    /// <param name="present">The signals of the login as a mask, see <see cref="Bit"/>.</param>
    public bool Holds(in LoginContext context, RiskLevel level, double score, ReadOnlySpan<SignalRecord> signals, ulong present, float reputation)
    {
        if (level < _level || score < _score) return false;
        if ((_kinds & (1u << (int)context.Event.Kind)) == 0) return false;
        if ((present & _allMask) != _allMask || (_anyMask != 0 && (present & _anyMask) == 0)) return false;
        if (_networks != NetworkKinds.None && (context.Facts.Networks & _networks) == NetworkKinds.None) return false;
        // Written so that NaN, an unknown reputation, satisfies no condition.
        if (!float.IsPositiveInfinity(_reputation) && !(context.IsAddressEvaluable && reputation <= _reputation)) return false;
        if (_serviceAccount is { } service && context.Event.ServiceAccount != service) return false;
        if (_established is { } established && context.IsEstablished != established) return false;
        return HoldsAnyMinimum(signals) && HoldsAllMinimums(signals) && HoldsPlace(context) && HoldsNames(context);
    }

    /// <summary>The bit of a signal in a mask.</summary>
    public static ulong Bit(SignalCode code) => 1UL << (int)code;

    private bool HoldsAnyMinimum(ReadOnlySpan<SignalRecord> signals)
    {
        if (_any.Length == 0) return true;
        foreach (var (code, least) in _any)
        {
            if (IsMet(code, least, signals)) return true;
        }

        return false;
    }

    private bool HoldsAllMinimums(ReadOnlySpan<SignalRecord> signals)
    {
        foreach (var (code, least) in _all)
        {
            if (!IsMet(code, least, signals)) return false;
        }

        return true;
    }

    private static bool IsMet(SignalCode code, double least, ReadOnlySpan<SignalRecord> signals)
    {
        foreach (ref readonly var signal in signals)
        {
            if (signal.Code == code && signal.Contribution >= least) return true;
        }

        return false;
    }

    private bool HoldsPlace(in LoginContext context)
    {
        if (_countries is not null && !IsSet(_countries, context.Login.Country)) return false;
        if (_countriesNot is not null && (!context.Login.Country.IsKnown || IsSet(_countriesNot, context.Login.Country))) return false;
        if (_asns is not null && Array.BinarySearch(_asns, context.Login.Asn) < 0) return false;
        if (_feeds is null) return true;
        for (var i = 0; i < context.Facts.FeedHitCount; i++)
        {
            var feed = context.Facts.GetFeedHit(i).Feed;
            if ((_feeds[feed >> 6] & (1UL << (feed & 63))) != 0) return true;
        }

        return false;
    }

    private bool HoldsNames(in LoginContext context)
    {
        if (_applications is not null && !Has(_applications, context.Batch.Text(context.Event.Application))) return false;
        if (_subjects is not null && !Has(_subjects, context.Batch.Text(context.Event.SubjectId)) && !Has(_subjects, context.Batch.Text(context.Event.SubjectName))) return false;
        if (_groups is null) return true;
        foreach (var group in context.Batch.List(context.Event.Groups))
        {
            if (Has(_groups, context.Batch.Text(group))) return true;
        }

        return false;
    }

    private static bool Has(byte[][] texts, ReadOnlySpan<byte> text)
    {
        foreach (var candidate in texts)
        {
            if (text.SequenceEqual(candidate)) return true;
        }

        return false;
    }

    private static bool IsSet(ulong[] countries, CountryCode country)
    {
        if (!country.IsKnown) return false;
        var index = CountryIndex(country);
        return (countries[index >> 6] & (1UL << (index & 63))) != 0;
    }

    private static int CountryIndex(CountryCode country) => (((country.Value >> 8) - 'A') * 26) + (country.Value & 0xFF) - 'A';

    private static (SignalCode Code, double Least)[] Minimums(IEnumerable<SignalCondition> conditions) =>
        [.. conditions.Select(condition => (condition.Code, condition.AtLeast ?? double.NegativeInfinity))];

    private static ulong SignalMask(IReadOnlyList<SignalCondition> conditions) => conditions.Aggregate(0UL, (mask, condition) => mask | Bit(condition.Code));

    private static ulong[]? CountryMask(IReadOnlyList<CountryCode> countries)
    {
        if (countries.Count == 0) return null;
        var mask = new ulong[11];
        foreach (var country in countries) mask[CountryIndex(country) >> 6] |= 1UL << (CountryIndex(country) & 63);
        return mask;
    }

    private static ulong[]? FeedMask(IReadOnlyList<string> names, IReadOnlyList<string> feeds)
    {
        if (names.Count == 0) return null;
        var mask = new ulong[4];
        for (var feed = 0; feed < Math.Min(feeds.Count, 256); feed++)
        {
            if (names.Contains(feeds[feed])) mask[feed >> 6] |= 1UL << (feed & 63);
        }

        return mask;
    }

    private static byte[][]? Texts(IReadOnlyList<string> texts) => texts.Count == 0 ? null : [.. texts.Select(System.Text.Encoding.UTF8.GetBytes)];
}
