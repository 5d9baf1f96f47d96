using RiskEngine.Core.Events;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.Randomness;
using RiskEngine.Simulation.World;

namespace RiskEngine.Simulation.People;

/// <summary>Writes down what happens at login pages as drafts. Honest people and attackers use the same one, so that form gives nobody away.</summary>
internal sealed class Journal(List<EventDraft> drafts, SeededRandom random, AttackLabel? label = null)
{
    private const double MeasuredShare = 0.3;
    private static readonly GeoPosition Server = new(50.1109, 8.6821);

    /// <summary>A wrong password.</summary>
    public void Fail(EventTime time, Account account, in Visit visit) =>
        Add(Draft(time, EventKind.LoginFailed, account, visit) with { AuthMethod = "password", Reason = "invalid_password" });

    /// <summary>A name nobody has.</summary>
    public void FailUnknown(EventTime time, string name, in Visit visit) =>
        Add(Draft(time, EventKind.LoginFailed, null, visit) with { UnknownName = name, AuthMethod = "password", Reason = "unknown_user" });

    /// <summary>An account that was closed.</summary>
    public void FailClosed(EventTime time, Account account, in Visit visit) =>
        Add(Draft(time, EventKind.LoginFailed, account, visit) with { AuthMethod = "password", Reason = "account_disabled" });

    /// <summary>The right password, but not the second factor: a wrong code, or a question on the phone that nobody approved.</summary>
    /// <param name="reason">"invalid_code", "push_denied" or "push_timeout".</param>
    /// <param name="kind">Failed at the provider's own factor, or at the challenge that was asked for.</param>
    public void FailFactor(EventTime time, Account account, in Visit visit, string reason = "invalid_code", EventKind kind = EventKind.MfaFailed) =>
        Add(Draft(time, kind, account, visit) with { AuthMethod = "password", Mfa = account.Factor, Reason = reason });

    /// <summary>A successful login.</summary>
    /// <returns>The session it opened.</returns>
    public UInt128 Enter(EventTime time, Account account, in Visit visit)
    {
        var session = Bits();
        Add(Draft(time, EventKind.Login, account, visit) with { Session = session, AuthMethod = "password", Mfa = account.Factor });
        return session;
    }

    /// <summary>Anything that follows within a session.</summary>
    public void Continue(EventTime time, EventKind kind, Account account, in Visit visit, UInt128 session) =>
        Add(Draft(time, kind, account, visit) with { Session = session, RoundTrip = 0 });

    /// <summary>Use of a token or password by a machine.</summary>
    public void Work(EventTime time, EventKind kind, Account account, in Visit visit, string method, string? reason) =>
        Add(Draft(time, kind, account, visit) with { AuthMethod = method, Reason = reason, RoundTrip = 0 });

    /// <summary>An account made by the directory, without anyone at a login page.</summary>
    public void Create(EventTime time, Account account) =>
        Add(new EventDraft { Id = Bits(), OccurredAt = time, Kind = EventKind.AccountCreated, Account = account, Label = label });

    /// <summary>A closed account opened again by the directory.</summary>
    public void Reactivate(EventTime time, Account account) =>
        Add(new EventDraft { Id = Bits(), OccurredAt = time, Kind = EventKind.AccountReactivated, Account = account, Label = label });

    private EventDraft Draft(EventTime time, EventKind kind, Account? account, in Visit visit) => new()
    {
        Id = Bits(),
        OccurredAt = time,
        Kind = kind,
        Account = account,
        From = visit.From,
        UserAgent = visit.UserAgent,
        DeviceId = account is null ? null : visit.DeviceId,
        Application = visit.Application,
        RoundTrip = random.Chance(MeasuredShare) ? RoundTrip(visit.From) : 0,
        Label = label,
    };

    private void Add(EventDraft draft) => drafts.Add(draft);

    private UInt128 Bits() => new(random.Next(), random.Next());

    /// <summary>Milliseconds to the login page: the access network's share, the fibre's, and a tail.</summary>
    private int RoundTrip(AccessPoint from)
    {
        var access = from.Operator.Kind switch
        {
            OperatorKind.Mobile => 45,
            OperatorKind.Vpn => 34,
            OperatorKind.Hotel => 26,
            OperatorKind.Residential => 14,
            _ => 6,
        };
        return (int)(access + (from.Position.KilometresTo(Server) / 55) + (random.Exponential() * 9));
    }
}
