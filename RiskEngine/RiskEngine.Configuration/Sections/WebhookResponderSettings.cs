using System.ComponentModel.DataAnnotations;
using RiskEngine.Configuration.Binding;
using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;
using RiskEngine.Core.State;

namespace RiskEngine.Configuration;

/// <summary>One address that is told of decisions, blocks and words of people, signed, under <c>webhooks</c>.</summary>
public sealed record WebhookResponderSettings : DeliverySettings, IValidatableObject, IUniquelyNamed
{
    private const int LongestName = 48;

    /// <summary>Gets its name in metrics and logs, behind <c>webhook-</c>; unique.</summary>
    /// <value>1 to 48 lower-case letters, digits and dashes.</value>
    public required string Name { get; init; }

    /// <summary>Gets the address that is posted to.</summary>
    public required Uri Url { get; init; }

    /// <summary>Gets the file that holds the secret bodies are signed with, at least 32 characters. Read for each of them.</summary>
    [FilePath]
    public required string SecretFile { get; init; }

    /// <summary>Gets what is told.</summary>
    /// <value>Any of decisions, blocks, releases, feedback, incidents. The default is all of them.</value>
    public ResponderEvents Events { get; init; } = ResponderEvents.Decisions | ResponderEvents.Blocks | ResponderEvents.Releases | ResponderEvents.Feedback | ResponderEvents.Incidents;

    /// <summary>Gets the least action of decisions that are told; rules with <c>notify: true</c> are told whatever their action.</summary>
    /// <value>notify, challenge or block. The default is challenge.</value>
    public DecisionAction MinimumAction { get; init; } = DecisionAction.Challenge;

    /// <summary>Gets the rules by which decisions are told; empty for all of them. <see cref="MinimumAction"/> counts beside.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Gets the severity from which incidents are told.</summary>
    /// <value>The default is high: somebody got in, or has the password.</value>
    public IncidentSeverity MinimumSeverity { get; init; } = IncidentSeverity.High;

    /// <summary>Gets the event time within which a subject's decisions by the same rule to the same action are told once; zero tells each.</summary>
    /// <value>Zero to one day. The default is ten minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets how many decisions are told within an hour of the clock; more become dead letters, which can be looked at and sent later. Zero for no bound.</summary>
    /// <value>0 to 1000000. The default is 1000.</value>
    [Range(0, 1_000_000)]
    public int MostPerHour { get; init; } = 1000;

    /// <summary>Gets whether subjects are named in clear, and words that people wrote are sent. A footgun: warned of at every start.</summary>
    public bool Names { get; init; }

    /// <summary>Gets whether decisions carry a link by which their person can report "this wasn't me". Who has the link can do so: for receivers that hand it to that person. Needs <c>http.public_url</c>.</summary>
    public bool ReportLink { get; init; }

    /// <summary>Gets how long after the event such a link is good for.</summary>
    /// <value>One hour to 30 days. The default is seven days.</value>
    [Range(typeof(TimeSpan), "01:00:00", "30.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan ReportLinkFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Gets whether an address without TLS beyond this machine is meant. A footgun: warned of at every start.</summary>
    public bool AllowInsecureUrl { get; init; }

    string IUniquelyNamed.Plural => "webhooks";

    string IUniquelyNamed.UniqueName => Name;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Name.Length is 0 or > LongestName || !Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            yield return new ValidationResult($"expected 1 to {LongestName} lower-case letters, digits and dashes", [nameof(Name)]);
        if (MinimumAction == DecisionAction.Allow) yield return new ValidationResult("expected notify, challenge or block: most logins are allowed, and each would be told", [nameof(MinimumAction)]);
        if (Events == ResponderEvents.None) yield return new ValidationResult("is empty, so nothing would ever be told; name what to tell, or leave it out for everything", [nameof(Events)]);
    }
}
