using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;
using RiskEngine.Core.State;
using RiskEngine.Responders.People;

namespace RiskEngine.Responders.Webhook;

/// <summary>One webhook: where to, of what, and how people are named in it.</summary>
public sealed record WebhookSettings
{
    /// <summary>Gets the name that items are stored under.</summary>
    public required string Name { get; init; }

    public required Uri Url { get; init; }

    /// <summary>Gets the secret that bodies are signed with, read anew for each of them; null where it cannot be read.</summary>
    public required Func<string?> ReadSecret { get; init; }

    public ResponderEvents Events { get; init; } = ResponderEvents.Decisions | ResponderEvents.Blocks | ResponderEvents.Releases | ResponderEvents.Feedback | ResponderEvents.Incidents;

    /// <summary>Gets the least action of decisions that are told. What a rule says <c>notify</c> of is told whatever the action.</summary>
    /// <value>Notify, challenge or block. The default is challenge.</value>
    public DecisionAction MinimumAction { get; init; } = DecisionAction.Challenge;

    /// <summary>Gets the rules by which decisions are told; empty for all of them.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Gets the severity from which incidents are told. The default is high.</summary>
    public IncidentSeverity MinimumSeverity { get; init; } = IncidentSeverity.High;

    /// <summary>Gets the address at which people reach this program, for links to incidents; null for none.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Gets the event time within which a subject's decisions by the same rule to the same action are told once; zero to tell each.</summary>
    /// <value>Zero to one day. The default is ten minutes.</value>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets how many decisions are told within an hour of the clock; zero for no bound, which is the default.</summary>
    public int MostPerHour { get; init; }

    /// <summary>Gets what makes the link by which a person reports an event, given tenant, event, subject and time; null where none is handed out.</summary>
    public Func<ReportClaim, Uri?>? ReportLink { get; init; }

    /// <summary>Gets how long after the event the link is good for.</summary>
    /// <value>The default is seven days.</value>
    public TimeSpan ReportLinkFor { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Gets how subjects and addresses are named.</summary>
    public required IncidentNaming Naming { get; init; }

    /// <summary>Gets whether subjects are named in clear, and with them words that people wrote, who may have named them.</summary>
    public bool Names { get; init; }
}
