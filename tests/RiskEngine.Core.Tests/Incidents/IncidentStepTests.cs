using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;

namespace RiskEngine.Core.Tests.Incidents;

public sealed class IncidentStepTests
{
    [Theory]
    [InlineData(SignalCode.PasswordSpray, IncidentKind.PasswordSpray)]
    [InlineData(SignalCode.NetworkSpray, IncidentKind.PasswordSpray)]
    [InlineData(SignalCode.CredentialStuffing, IncidentKind.CredentialStuffing)]
    [InlineData(SignalCode.DistributedBruteForce, IncidentKind.DistributedBruteForce)]
    [InlineData(SignalCode.MfaFatigue, IncidentKind.MfaFatigue)]
    [InlineData(SignalCode.HoneyAccount, IncidentKind.HoneyAccount)]
    [InlineData(SignalCode.NewCountry, null)]
    [InlineData(SignalCode.AddressReputation, null)]
    public void A_failure_opens_an_incident_of_the_kind_that_its_signal_names_or_none(SignalCode code, IncidentKind? kind) =>
        Assert.Equal(kind, KindOf(new Told(EventKind.LoginFailed, 0, "ann", "203.0.113.7") { Signals = [Told.Signal(code, 2)] }));

    [Theory]
    [InlineData(EventKind.SessionSeen, SignalCode.StolenSession, 2, IncidentKind.StolenSession)]
    [InlineData(EventKind.SessionSeen, SignalCode.StolenSession, 1.9, null)]
    [InlineData(EventKind.TokenUsed, SignalCode.TokenNewNetwork, 2, IncidentKind.TokenTheft)]
    [InlineData(EventKind.TokenUsed, SignalCode.TokenNewNetwork, 1.9, null)]
    [InlineData(EventKind.FactorAdded, SignalCode.FactorAfterRiskyLogin, 1, IncidentKind.Persistence)]
    [InlineData(EventKind.PasswordChanged, SignalCode.PasswordAfterRiskyLogin, 0.9, null)]
    [InlineData(EventKind.Login, SignalCode.ServiceAccountNewNetwork, 1, IncidentKind.ServiceAccount)]
    [InlineData(EventKind.Login, SignalCode.DormantAccount, 1, IncidentKind.IdleAccount)]
    [InlineData(EventKind.Login, SignalCode.ReactivatedAccount, 1, IncidentKind.IdleAccount)]
    [InlineData(EventKind.Login, SignalCode.LookAlike, 1, IncidentKind.LookAlike)]
    public void What_is_done_inside_an_account_is_named_by_a_signal_that_is_strong_enough(EventKind kind, SignalCode code, double nats, IncidentKind? expected) =>
        Assert.Equal(expected, KindOf(new Told(kind, 0, "ann", "203.0.113.7") { Score = 40, Signals = [Told.Signal(code, nats)] }));

    [Theory]
    [InlineData(SignalCode.LookAlike, 10, true)]
    [InlineData(SignalCode.LookAlike, 9, false)]
    [InlineData(SignalCode.DormantAccount, 20, true)]
    [InlineData(SignalCode.DormantAccount, 19, false)]
    public void It_takes_high_risk_and_of_a_look_alike_medium(SignalCode code, double score, bool opens) =>
        Assert.Equal(opens, KindOf(new Told(EventKind.Login, 0, "ann", "203.0.113.7") { Score = score, Signals = [Told.Signal(code, 2)] }) is not null);

    [Theory, InlineData(EventKind.TokenUsed), InlineData(EventKind.SessionSeen)]
    public void Use_of_a_token_or_session_that_is_merely_unusual_opens_nothing_however_risky(EventKind kind) =>
        Assert.Null(KindOf(new Told(kind, 0, "ann", "203.0.113.7") { Score = 99, Signals = [Told.Signal(SignalCode.ImpossibleTravel, 4.8)] }));

    [Theory, InlineData(5, IncidentKind.BruteForce), InlineData(4, IncidentKind.DistributedBruteForce)]
    public void Guesses_are_of_one_address_from_five_failures_on(double failures, IncidentKind kind) =>
        Assert.Equal(kind, KindOf(new Told(EventKind.LoginFailed, 0, "ann", "203.0.113.7") { Signals = [Told.Signal(SignalCode.BruteForce, 3, failures, 50)] }));

    [Fact]
    public void The_strongest_signal_of_guessing_names_the_step_and_a_weak_one_none()
    {
        var told = new Told(EventKind.LoginFailed, 0, "ann", "203.0.113.7");
        Assert.Equal(IncidentKind.CredentialStuffing, KindOf(told with { Signals = [Told.Signal(SignalCode.PasswordSpray, 2), Told.Signal(SignalCode.CredentialStuffing, 2.1)] }));
        Assert.Null(KindOf(told with { Signals = [Told.Signal(SignalCode.PasswordSpray, 0.4)] }));
        Assert.Null(KindOf(told with { Signals = [Told.Signal(SignalCode.PasswordSpray, -1)] }));
    }

    [Fact]
    public void Every_kind_has_a_name_and_words_of_its_own()
    {
        IncidentKind[] all = [IncidentKind.Attempt, .. IncidentKinds.All];
        Assert.Equal(all.Length, all.Select(kind => kind.Name()).Distinct().Count());
        Assert.Equal(all.Length, all.Select(kind => kind.InWords()).Distinct().Count());
        Assert.Equal(Enum.GetValues<IncidentKind>().Length, all.Length);
    }

    private static IncidentKind? KindOf(Told told) => told.AddTo(new IncidentBook(new IncidentSettings()))?.Kind;
}
