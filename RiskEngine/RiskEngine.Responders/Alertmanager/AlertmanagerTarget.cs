using RiskEngine.Core.Incidents;
using RiskEngine.Outbound;

namespace RiskEngine.Responders.Alertmanager;

/// <summary>Which Alertmanagers are told of incidents, and of which.</summary>
public sealed record AlertmanagerTarget
{
    /// <summary>Gets the address of every instance of the cluster, without <c>/api/v2</c>. Each is told: instances share what they have sent, not what they were told.</summary>
    public required IReadOnlyList<Uri> Urls { get; init; }

    /// <summary>Gets what the <c>Authorization</c> header says, read anew for each request; null for nothing. Never logged.</summary>
    public Func<string?> ReadAuthorization { get; init; } = () => null;

    /// <summary>Gets what may be asked, and how long it may take.</summary>
    public OutboundTarget Outbound { get; init; } = new();

    /// <summary>Gets the severity from which an incident pages.</summary>
    /// <value>The default is high: somebody got in, or is about to.</value>
    public IncidentSeverity MinimumSeverity { get; init; } = IncidentSeverity.High;

    /// <summary>Gets how long after its last step an incident counts as over for the pager. One that goes on later pages anew.</summary>
    /// <value>10 minutes to 24 hours. The default is one hour.</value>
    public TimeSpan ResolveAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Gets how often Alertmanager is told again of what goes on. What it is not told again for four times that long it takes for resolved.</summary>
    /// <value>10 seconds to 10 minutes. The default is one minute.</value>
    public TimeSpan Resend { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets the address under which people reach this program; incidents are linked to below it. Null for no link.</summary>
    public Uri? PublicUrl { get; init; }
}
