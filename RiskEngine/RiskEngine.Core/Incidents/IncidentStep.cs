using RiskEngine.Core.Events;

namespace RiskEngine.Core.Incidents;

/// <summary>What one risky event is within an incident: its kind, what it may be joined by, whether it is reason enough to open one.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Named">The signal that says so; none where it is a sign-in that worked and is risky all in all.</param>
/// <param name="Keys">By what it finds an incident, and what is remembered of it for later steps.</param>
/// <param name="Opens">Whether it opens an incident where it finds none.</param>
/// <param name="IsHit">Whether the account counts as hit: somebody else is in.</param>
internal readonly record struct IncidentStep(IncidentKind Kind, SignalCode Named, IncidentKeys Keys, bool Opens, bool IsHit)
{
    /// <summary>Gets by what it joins an incident where its keys find none, but is not remembered by: an address that guesses while its whole system does is part of that.</summary>
    public IncidentKeys Otherwise { get; init; }

    /// <summary>Gets whether many addresses guess at this account, although more speaks for what its source did; that may be over.</summary>
    public bool IsOnOne { get; init; }

    /// <summary>Nats from which a signal of guessing names what happens.</summary>
    private const double Telling = 0.5;

    /// <summary>Failures of one address on one subject from which that address guesses by itself, and not as one of many.</summary>
    private const double FailuresOfOne = 5;

    private const IncidentKeys Sources = IncidentKeys.Address | IncidentKeys.Network | IncidentKeys.Asn;

    public static IncidentStep Of(in AssessedEvent e, IncidentSettings settings) => e.IsInside ? Inside(e, settings) : Outside(e);

    private static IncidentStep Outside(in AssessedEvent e)
    {
        SignalRecord strongest = default;
        var isOnOne = false;
        foreach (ref readonly var signal in e.Signals)
        {
            if (signal.Code == SignalCode.MfaFatigue) return new(IncidentKind.MfaFatigue, signal.Code, IncidentKeys.Subject | IncidentKeys.Address, e.Level >= RiskLevel.High, IsHit: false);
            if (signal.Code == SignalCode.HoneyAccount) return new(IncidentKind.HoneyAccount, signal.Code, IncidentKeys.Subject | IncidentKeys.Address, Opens: true, IsHit: false);
            if (!IsGuessing(signal.Code) || signal.Contribution < Telling) continue;
            isOnOne |= signal.Code == SignalCode.DistributedBruteForce;
            if (signal.Contribution > strongest.Contribution) strongest = signal;
        }

        var opens = e.Level >= RiskLevel.High;
        return strongest.Code switch
        {
            SignalCode.PasswordSpray or SignalCode.NetworkSpray => new(IncidentKind.PasswordSpray, strongest.Code, Sources, opens, IsHit: false) { IsOnOne = isOnOne },
            SignalCode.CredentialStuffing => new(IncidentKind.CredentialStuffing, strongest.Code, Sources, opens, IsHit: false) { IsOnOne = isOnOne },
            SignalCode.BruteForce when strongest.A >= FailuresOfOne => new(IncidentKind.BruteForce, strongest.Code, IncidentKeys.Address | IncidentKeys.Network | IncidentKeys.Subject, opens, IsHit: false),
            SignalCode.BruteForce or SignalCode.DistributedBruteForce => OnOne(e.Level, strongest.Code),
            _ => new(IncidentKind.Attempt, SignalCode.None, IncidentKeys.Address, Opens: false, IsHit: false),
        };
    }

    /// <summary>A guess from one of many addresses at one account. A name of a campaign's list that others tried too is a part of that campaign.</summary>
    public static IncidentStep OnOne(RiskLevel level, SignalCode named = SignalCode.DistributedBruteForce) =>
        new(IncidentKind.DistributedBruteForce, named, IncidentKeys.Subject, Opens: level >= RiskLevel.High, IsHit: false) { Otherwise = Sources };

    /// <summary>What is done inside an account is named by what tells it, or by the score of a sign-in; use of a session or token that is merely unusual is no step of its own.</summary>
    private static IncidentStep Inside(in AssessedEvent e, IncidentSettings settings)
    {
        var otherwise = IncidentKeys.Network;
        var (kind, named) = (e.Kind == EventKind.Login && e.Score >= settings.TakeoverScore ? IncidentKind.Takeover : IncidentKind.Attempt, SignalCode.None);
        foreach (ref readonly var signal in e.Signals)
        {
            if (e.Kind == EventKind.Login && signal.Code is SignalCode.NetworkSpray or SignalCode.CredentialStuffing && signal.Contribution >= Telling) otherwise |= IncidentKeys.Asn;
            var found = KindOf(signal.Code);
            if (found == IncidentKind.Attempt || signal.Contribution < LeastOf(found) || (kind != IncidentKind.Attempt && found >= kind)) continue;
            (kind, named) = (found, signal.Code);
        }

        var isHit = kind != IncidentKind.Attempt && e.Level >= (kind == IncidentKind.LookAlike ? RiskLevel.Medium : RiskLevel.High);
        if (!isHit) return new(IncidentKind.Attempt, SignalCode.None, IncidentKeys.Address, Opens: false, IsHit: false);
        return new(kind, named, IncidentKeys.Subject | IncidentKeys.Address, Opens: true, IsHit: true) { Otherwise = otherwise };
    }

    /// <summary>Nats from which a signal names what happens inside an account: of sessions and tokens more than "another country".</summary>
    private static double LeastOf(IncidentKind kind) => kind is IncidentKind.StolenSession or IncidentKind.TokenTheft ? 2 : 1;

    private static bool IsGuessing(SignalCode code) => code is SignalCode.PasswordSpray or SignalCode.NetworkSpray or SignalCode.CredentialStuffing
        or SignalCode.BruteForce or SignalCode.DistributedBruteForce;

    private static IncidentKind KindOf(SignalCode code) => code switch
    {
        SignalCode.HoneyAccount => IncidentKind.HoneyAccount,
        SignalCode.MfaFatigue => IncidentKind.MfaFatigue,
        SignalCode.StolenSession => IncidentKind.StolenSession,
        SignalCode.TokenNewNetwork => IncidentKind.TokenTheft,
        SignalCode.FactorAfterRiskyLogin or SignalCode.PasswordAfterRiskyLogin or SignalCode.Impersonation => IncidentKind.Persistence,
        SignalCode.ServiceAccountNewNetwork => IncidentKind.ServiceAccount,
        SignalCode.ReactivatedAccount or SignalCode.DormantAccount => IncidentKind.IdleAccount,
        SignalCode.LookAlike => IncidentKind.LookAlike,
        _ => IncidentKind.Attempt,
    };
}
