using System.ComponentModel.DataAnnotations;
using RiskEngine.Configuration.Binding;
using RiskEngine.Core.Events;
using RiskEngine.Core.Facts;
using RiskEngine.Core.Models;
using RiskEngine.Core.Policies;

namespace RiskEngine.Configuration;

/// <summary>Cases that a policy is tested by, as written. <c>docs/policy.md</c> lists every key.</summary>
public sealed record PolicyTestFile
{
    /// <summary>Gets the policy; null for the one beside the file, called the same without <c>.test</c>.</summary>
    [FilePath]
    public string? Policy { get; init; }

    public IReadOnlyList<PolicyTestCase> Cases { get; init; } = [];
}

/// <summary>One login and what should be decided about it.</summary>
/// <remarks>
/// Either what was found out is given (risk, signals, reputation, profile) and the policy alone is asked, or a history of events is, and the whole
/// engine judges: then nothing else may be given, since it would contradict.
/// </remarks>
public sealed record PolicyTestCase : IValidatableObject
{
    public required string Name { get; init; }

    public TestedEvent Event { get; init; } = new();

    public TestedFacts Facts { get; init; } = new();

    public TestedRisk Risk { get; init; } = new();

    /// <summary>Gets contributions in nats by the name of the signal.</summary>
    public IReadOnlyDictionary<string, double> Signals { get; init; } = new Dictionary<string, double>();

    public TestedReputation Reputation { get; init; } = new();

    public TestedProfile Profile { get; init; } = new();

    /// <summary>Gets what happened before, each with <c>ago</c>; empty where what was found out is given.</summary>
    public IReadOnlyList<TestedEvent> History { get; init; } = [];

    public required ExpectedDecision Expect { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var name in Signals.Keys.Where(name => !SignalCatalogue.TryParse(name, out _)))
            yield return new ValidationResult($"no signal is called \"{name}\"{NearestName.Suggest(name, [.. SignalCatalogue.All.Select(signal => signal.Name)])}", [nameof(Signals)]);
        var found = Risk != new TestedRisk() || Signals.Count > 0 || Reputation != new TestedReputation() || Profile != new TestedProfile();
        if (History.Count > 0 && found) yield return new ValidationResult("a case has a history, or risk, signals, reputation and profile; with a history the engine finds those out itself", [nameof(History)]);
    }
}

/// <summary>An event in the shape of the canonical one; what is left out was not given.</summary>
public sealed record TestedEvent : IValidatableObject
{
    public EventKind Kind { get; init; } = EventKind.Login;

    /// <summary>Gets when; null for noon of Monday, 15 June 2026, UTC, or that long before the event under test.</summary>
    public EventTime? OccurredAt { get; init; }

    /// <summary>Gets how long before the event under test: in a history only.</summary>
    public TimeSpan? Ago { get; init; }

    /// <summary>Gets how often, a second apart: in a history only.</summary>
    /// <value>1 to 10,000. The default is 1.</value>
    [Range(1, 10_000)]
    public int Times { get; init; } = 1;

    public string? Tenant { get; init; }

    public TestedSubject Subject { get; init; } = new();

    /// <summary>Gets the source address; null where none was given.</summary>
    public string? SourceIp { get; init; }

    public string? UserAgent { get; init; }

    public string? SessionId { get; init; }

    public string? DeviceId { get; init; }

    public bool? KnownDevice { get; init; }

    public string? Application { get; init; }

    public string? AuthMethod { get; init; }

    public IReadOnlyList<string> Mfa { get; init; } = [];

    public string? Reason { get; init; }

    /// <summary>Gets milliseconds; null where not given.</summary>
    /// <value>0 to 2147483647.</value>
    [Range(0, int.MaxValue)]
    public int? RoundTripMs { get; init; }

    public TestedPlace Geo { get; init; } = new();

    public TestedSystem Asn { get; init; } = new();

    public bool Probe { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SourceIp is { } text && !IpAddress.TryParse(text, out _)) yield return new ValidationResult($"\"{text}\" is not an address such as 203.0.113.7 or 2001:db8::1", [nameof(SourceIp)]);
        if (!Kind.IsJudged() && Ago is null) yield return new ValidationResult($"events of kind {Kind.Name()} are not judged, so no policy decides about them", [nameof(Kind)]);
    }
}

/// <summary>Whose login.</summary>
public sealed record TestedSubject
{
    /// <summary>Gets the id. The default is "42".</summary>
    public string Id { get; init; } = "42";

    public string? Name { get; init; }

    public IReadOnlyList<string> Groups { get; init; } = [];

    public bool ServiceAccount { get; init; }

    /// <summary>Gets whether the source says that there is no such account.</summary>
    public bool Unknown { get; init; }
}

/// <summary>Whence, as the source says.</summary>
public sealed record TestedPlace
{
    public CountryCode Country { get; init; }
}

/// <summary>From which autonomous system, as the source says.</summary>
public sealed record TestedSystem
{
    /// <summary>Gets the number; 0 where it is not known.</summary>
    public uint Number { get; init; }
}

/// <summary>What is known of the address beside what the event says.</summary>
public sealed record TestedFacts
{
    public NetworkKinds Networks { get; init; }

    public IReadOnlyList<string> Feeds { get; init; } = [];

    /// <summary>Gets whether many established subjects use it.</summary>
    public bool Shared { get; init; }

    /// <summary>Gets what the fleet as a whole meets.</summary>
    public AttackKinds Attacks { get; init; }
}

/// <summary>How suspicious the login was found; what is left out follows from the rest.</summary>
public sealed record TestedRisk
{
    /// <summary>Gets the score; null for that of the signals.</summary>
    /// <value>0 to 100.</value>
    [Range(0.0, 100.0)]
    public double? Score { get; init; }

    /// <summary>Gets the level; null for that of the score.</summary>
    public RiskLevel? Level { get; init; }
}

/// <summary>How the address and what it belongs to behaved, −5 (bad) to 5; 0 for never seen.</summary>
public sealed record TestedReputation
{
    [Range(-5.0, 5.0)]
    public double Address { get; init; }

    [Range(-5.0, 5.0)]
    public double Network { get; init; }

    [Range(-5.0, 5.0)]
    public double Asn { get; init; }

    [Range(-5.0, 5.0)]
    public double Pair { get; init; }
}

/// <summary>What is remembered of the subject.</summary>
public sealed record TestedProfile
{
    /// <summary>Gets accepted logins so far; with any the subject is established.</summary>
    [Range(0, 1_000_000)]
    public int Logins { get; init; }

    /// <summary>Gets how long ago the first was. The default is a year.</summary>
    public TimeSpan FirstLoginAgo { get; init; } = TimeSpan.FromDays(365);

    /// <summary>Gets how long ago the newest was. The default is a day.</summary>
    public TimeSpan LastLoginAgo { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Gets whether an accepted login carried this device id.</summary>
    public bool KnowsDevice { get; init; }

    /// <summary>Gets whether an accepted login had this session.</summary>
    public bool KnowsSession { get; init; }
}

/// <summary>What should be decided; what is left out is not compared.</summary>
public sealed record ExpectedDecision
{
    public required DecisionAction Decision { get; init; }

    /// <summary>Gets the rule that decides; "none" where none should hold, and with a history also "standing-block".</summary>
    public string? Rule { get; init; }

    public bool? Enforced { get; init; }
}
