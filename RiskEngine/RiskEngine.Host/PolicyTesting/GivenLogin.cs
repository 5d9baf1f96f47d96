using RiskEngine.Configuration;
using RiskEngine.Core.Detection;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.Scoring;

namespace RiskEngine.Host.PolicyTesting;

/// <summary>A login of which a case says what was found out, in the form that policies look at.</summary>
internal sealed class GivenLogin
{
    private readonly EventBatch _batch;
    private readonly AddressFacts[] _facts = [AddressFacts.Unknown];
    private readonly DeviceFacts[] _device;
    private readonly ProfileHeader[] _profile = [default];
    private readonly PastLogin[] _history;
    private readonly HistorySummary[] _summary;
    private readonly PastLogin[] _login;
    private readonly ReputationRow[] _rows = new ReputationRow[4];
    private readonly PairRow[] _pair = [default];
    private readonly bool _isShared;
    private readonly AttackKinds _attacks;

    public GivenLogin(PolicyTestCase tested, IReadOnlyList<string> feeds, KeyedHash hash)
    {
        _batch = CaseEvents.Tested(tested, hash);
        ref readonly var login = ref _batch[0];
        var now = login.OccurredAt.UnixSeconds;
        _facts[0] = FactsOf(tested, login, feeds);
        _device = [UserAgentParser.Parse(_batch.Text(login.UserAgent))];
        _login = [new PastLogin { At = now, Asn = login.Asn, Country = login.Country, AddressUnit = login.SourceIp.Unit }];
        _history = new PastLogin[Math.Min(tested.Profile.Logins, 1)];
        _summary = [new HistorySummary { Count = _history.Length, SameDeviceId = tested.Profile.KnowsDevice ? 1 : 0, SameSession = tested.Profile.KnowsSession ? 1 : 0 }];
        if (tested.Profile.Logins > 0)
        {
            _profile[0].Logins = (uint)tested.Profile.Logins;
            _profile[0].FirstLogin = (login.OccurredAt - tested.Profile.FirstLoginAgo).UnixSeconds;
            _profile[0].LastLogin = (login.OccurredAt - tested.Profile.LastLoginAgo).UnixSeconds;
        }

        (_rows[0], _rows[1], _rows[2]) = (Row(tested.Reputation.Address, now), Row(tested.Reputation.Network, now), Row(tested.Reputation.Asn, now));
        (_pair[0].Failures, _pair[0].Successes) = (Row(tested.Reputation.Pair, now).Failures, Row(tested.Reputation.Pair, now).Successes);
        _isShared = tested.Facts.Shared;
        _attacks = tested.Facts.Attacks;
        Signals = [.. tested.Signals.Select(signal => new SignalRecord(SignalCatalogue.TryParse(signal.Key, out var code) ? code : default, signal.Value, signal.Value, 0, 0, 0, default))];
    }

    public SignalRecord[] Signals { get; }

    public LoginContext Context => new(
        _batch, ref _batch[0], ref _facts[0], ref _device[0], ref _profile[0], _history, ref _summary[0], ref _login[0], ref _rows[0], ref _rows[1], ref _rows[2], ref _rows[3], ref _pair[0])
    {
        IsAddressEvaluable = _facts[0].Scope.IsEvaluable(),
        SubjectFailures = 0,
        SubjectFailedAddresses = 0,
        PairFailures = 0,
        IsAddressShared = _isShared,
        Fleetwide = _attacks,
    };

    /// <summary>The score where none is given: the least of a level that is, or what the signals add up to.</summary>
    public double ScoreOf(ScoringSettings scoring, RiskLevel? level) => level switch
    {
        RiskLevel.High => scoring.High,
        RiskLevel.Medium => scoring.Medium,
        RiskLevel.Low => scoring.Low,
        _ => RiskScore.FromLogOdds(scoring.Prior + Signals.Sum(signal => signal.Contribution)).Value,
    };

    private static AddressFacts FactsOf(PolicyTestCase tested, in LoginEvent login, IReadOnlyList<string> feeds)
    {
        var facts = AddressFacts.Unknown;
        facts.Scope = AddressScopes.Of(login.SourceIp);
        (facts.Country, facts.Asn, facts.Networks) = (login.Country, login.Asn, tested.Facts.Networks);
        for (var i = 0; i < feeds.Count && i <= byte.MaxValue; i++)
        {
            if (tested.Facts.Feeds.Contains(feeds[i])) facts.AddFeedHit(new FeedHit((byte)i, 1, 1));
        }

        return facts;
    }

    private static ReputationRow Row(double shown, uint now)
    {
        var row = default(ReputationRow);
        if (shown > 0) row.Successes.Add(now, (float)shown, ReputationRow.HalfLife);
        if (shown < 0) row.Failures.Add(now, (float)-shown, ReputationRow.HalfLife);
        return row;
    }
}
