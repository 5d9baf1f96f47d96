using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;

namespace RiskEngine.Core.Detection;

/// <summary>Everything known of one login when it is judged: the event, facts, history, reputation. Read-only for detectors.</summary>
/// <remarks>
/// References point into the batch and the view of state; the context lives as long as the judging of one event. Counts are those <em>before</em>
/// this event. Where there is no address, or one that says nothing (<see cref="IsAddressEvaluable"/>), its rows are empty.
/// </remarks>
public readonly ref struct LoginContext
{
    /// <summary>Accepted logins that end the learning phase.</summary>
    public const int LearningLogins = 10;

    /// <summary>Time since the first accepted login that ends the learning phase.</summary>
    public static readonly TimeSpan LearningTime = TimeSpan.FromDays(14);

    public readonly EventBatch Batch;
    public readonly ref readonly LoginEvent Event;
    public readonly ref readonly AddressFacts Facts;
    public readonly ref readonly DeviceFacts Device;

    /// <summary>The subject's profile header; all zero for a subject that never logged in successfully.</summary>
    public readonly ref readonly ProfileHeader Profile;

    /// <summary>Accepted logins, oldest first.</summary>
    public readonly ReadOnlySpan<PastLogin> History;

    public readonly ref readonly HistorySummary Summary;

    /// <summary>This login in the form it would be remembered in.</summary>
    public readonly ref readonly PastLogin Login;

    public readonly ref readonly ReputationRow Address;
    public readonly ref readonly ReputationRow Network;
    public readonly ref readonly ReputationRow Asn;
    public readonly ref readonly ReputationRow Fleet;
    public readonly ref readonly PairRow Pair;

    public LoginContext(
        EventBatch batch, ref readonly LoginEvent login, ref readonly AddressFacts facts, ref readonly DeviceFacts device, ref readonly ProfileHeader profile,
        ReadOnlySpan<PastLogin> history, ref readonly HistorySummary summary, ref readonly PastLogin remembered, ref readonly ReputationRow address,
        ref readonly ReputationRow network, ref readonly ReputationRow asn, ref readonly ReputationRow fleet, ref readonly PairRow pair)
    {
        Batch = batch;
        Event = ref login;
        Facts = ref facts;
        Device = ref device;
        Profile = ref profile;
        History = history;
        Summary = ref summary;
        Login = ref remembered;
        Address = ref address;
        Network = ref network;
        Asn = ref asn;
        Fleet = ref fleet;
        Pair = ref pair;
    }

    /// <summary>Gets event time in Unix seconds.</summary>
    public uint Now => Login.At;

    /// <summary>Gets whether the address is public and not that of a misread proxy: only then may anything be held against it.</summary>
    public required bool IsAddressEvaluable { get; init; }

    /// <summary>Gets failures on this subject, fading with a half-life of a day; for a subject without profile an upper bound from the sketch.</summary>
    public required float SubjectFailures { get; init; }

    /// <summary>Gets about how many addresses failed on this subject in the last six to twelve hours.</summary>
    public required float SubjectFailedAddresses { get; init; }

    /// <summary>Gets failures on this subject from this address, fading with a half-life of a day.</summary>
    public required float PairFailures { get; init; }

    /// <summary>Gets whether so many established subjects use the address that it must never be hit as a whole.</summary>
    public required bool IsAddressShared { get; init; }

    /// <summary>Gets what the likelihood ratio says of place and device; nothing for a subject without history.</summary>
    public LoginLikelihood Likelihood { get; init; }

    /// <summary>Gets what the fleet as a whole met up to this login; see <see cref="FleetMonitor"/>.</summary>
    public AttackKinds Fleetwide { get; init; }

    /// <summary>Gets the account whose name looks like this one's; none for events that are no sign-in.</summary>
    public Namesake Namesake { get; init; }

    /// <summary>Gets whether the subject has logged in successfully before.</summary>
    public bool IsEstablished => History.Length > 0;

    /// <summary>Gets whether the event is a sign-in that worked, or one that is being asked about.</summary>
    public bool IsSuccessOrAttempt => Event.Kind is EventKind.Login or EventKind.LoginAttempt or EventKind.SessionSeen or EventKind.TokenUsed;

    public bool IsFailure => Event.Kind is EventKind.LoginFailed or EventKind.MfaFailed;

    /// <summary>Gets how much novelty counts, 0 to 1: ln(1 + logins)/ln(11) while the subject is being learnt, 1 after ten logins or fourteen days.</summary>
    /// <remarks>
    /// By Laplace's rule the chance that the next honest login shows something new falls as 1/(n+1), so the evidence of novelty grows with the
    /// logarithm of the history. Nothing is novel for a subject without history.
    /// </remarks>
    public double NoveltyWeight
    {
        get
        {
            if (History.IsEmpty) return 0;
            if (Profile.Logins >= LearningLogins || Now - Math.Min(Profile.FirstLogin, Now) >= LearningTime.TotalSeconds) return 1;
            return Math.Log(1 + Profile.Logins) / Math.Log(1 + LearningLogins);
        }
    }

    /// <summary>Gets whether something that the subject has used before vouches for this login: its device, or its address.</summary>
    public bool IsFamiliar => Event.KnownDevice == true || Summary.SameDeviceId > 0 || (Summary.SameAddress > 0 && Summary.SamePlatform > 0);
}
