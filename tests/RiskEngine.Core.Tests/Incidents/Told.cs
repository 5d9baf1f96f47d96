using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;

namespace RiskEngine.Core.Tests.Incidents;

/// <summary>One judged event as a test tells it, with the signals that matter.</summary>
internal sealed record Told(EventKind Kind, double After, string Subject, string Address)
{
    /// <summary>A Monday, in the first half of a fortnight as incidents count them.</summary>
    public static readonly EventTime Start = new((1_790_000_000_000L / (14 * 86_400_000L) * 14 * 86_400_000L) + 86_400_000L);

    private static int _last;

    public string Id { get; init; } = $"e{Interlocked.Increment(ref _last)}";

    public double Score { get; init; } = 80;

    public uint Asn { get; init; } = 64500;

    public DecisionAction Action { get; init; } = DecisionAction.Challenge;

    public bool Enforced { get; init; } = true;

    public DegradedFacts Degraded { get; init; }

    public SignalRecord[] Signals { get; init; } = [];

    /// <param name="after">Hours after the start.</param>
    public static Told Spray(double after, string name = "ann", string address = "203.0.113.7", uint asn = 64500) =>
        new(EventKind.LoginFailed, after, name, address) { Asn = asn, Signals = [Signal(SignalCode.PasswordSpray, 4)] };

    public static Told Guess(double after, string name = "ann", string address = "203.0.113.7") =>
        new(EventKind.LoginFailed, after, name, address) { Signals = [Signal(SignalCode.BruteForce, 4, 12)] };

    public static Told GuessFromMany(double after, string address, string name = "ann") =>
        new(EventKind.LoginFailed, after, name, address) { Asn = 64999, Signals = [Signal(SignalCode.DistributedBruteForce, 3, 40)] };

    public static Told Login(double after, string subject = "ann", string address = "203.0.113.7", double score = 80) => new(EventKind.Login, after, subject, address) { Score = score };

    public static Told NewFactor(double after, string subject = "ann", string address = "203.0.113.7") =>
        new(EventKind.FactorAdded, after, subject, address) { Signals = [Signal(SignalCode.FactorAfterRiskyLogin, 4)] };

    public static SignalRecord Signal(SignalCode code, double nats, double a = 0, double b = 0, double c = 0) => new(code, nats, nats, a, b, c, default);

    public static ulong KeyOf(string subject) => BitConverter.ToUInt64(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(subject)));

    public Incident? AddTo(IncidentBook book) => book.Add(new AssessedEvent
    {
        OccurredAt = Start + TimeSpan.FromHours(After),
        Kind = Kind,
        Level = Score >= 20 ? RiskLevel.High : Score >= 10 ? RiskLevel.Medium : Score >= 4 ? RiskLevel.Low : RiskLevel.None,
        Score = Score,
        Action = Action,
        Enforced = Enforced,
        Degraded = Degraded,
        SourceIp = IpAddress.Parse(Address),
        Asn = Asn,
        Subject = KeyOf(Subject),
        EventId = Encoding.UTF8.GetBytes(Id),
        SubjectText = Encoding.UTF8.GetBytes(Subject),
        Signals = Signals,
    });
}
