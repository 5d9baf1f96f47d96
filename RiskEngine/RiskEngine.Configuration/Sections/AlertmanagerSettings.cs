using System.ComponentModel.DataAnnotations;
using RiskEngine.Configuration.Binding;
using RiskEngine.Core.Incidents;

namespace RiskEngine.Configuration;

/// <summary>Alertmanagers that are told of incidents, under <c>alertmanager</c>. Off unless <see cref="Urls"/> are given.</summary>
public sealed record AlertmanagerSettings : IValidatableObject
{
    /// <summary>Gets the addresses of all instances of the cluster, without <c>/api/v2</c>; none, and then no connection is made.</summary>
    public IReadOnlyList<Uri> Urls { get; init; } = [];

    /// <summary>Gets the file with the token for <c>Authorization: Bearer</c>; null for none. Read for each request.</summary>
    [FilePath]
    public string? TokenFile { get; init; }

    /// <summary>Gets the name for <c>Authorization: Basic</c>; null for none.</summary>
    public string? Username { get; init; }

    /// <summary>Gets the file with the password of <see cref="Username"/>. Read for each request.</summary>
    [FilePath]
    public string? PasswordFile { get; init; }

    /// <summary>Gets whether http beyond this machine is meant. A footgun: warned of at every start.</summary>
    public bool AllowInsecureUrl { get; init; }

    /// <summary>Gets the severity from which an incident is told of.</summary>
    /// <value>The default is high: somebody got in, or has the password.</value>
    public IncidentSeverity MinimumSeverity { get; init; } = IncidentSeverity.High;

    /// <summary>Gets how long after its last step an incident counts as over for the pager.</summary>
    /// <value>10 minutes to 24 hours. The default is one hour.</value>
    [Range(typeof(TimeSpan), "00:10:00", "1.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan ResolveAfter { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Gets how often Alertmanager is told again of what goes on.</summary>
    /// <value>10 seconds to 10 minutes. The default is one minute.</value>
    [Range(typeof(TimeSpan), "00:00:10", "00:10:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Resend { get; init; } = TimeSpan.FromMinutes(1);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Urls.Any(url => url.Query.Length > 0 || url.Fragment.Length > 0)) yield return new ValidationResult("name scheme, host, port and path only", [nameof(Urls)]);
        if (Username is null != PasswordFile is null) yield return new ValidationResult("username and password_file go together; set both or none", [nameof(PasswordFile)]);
        if (TokenFile is not null && Username is not null) yield return new ValidationResult("give a token or a name with a password, not both", [nameof(TokenFile)]);
    }
}
