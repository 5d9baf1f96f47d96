using System.ComponentModel.DataAnnotations;
using RiskEngine.Configuration.Binding;

namespace RiskEngine.Configuration;

/// <summary>A CrowdSec local API (LAPI) whose decisions fill the file of a feed, under <c>feeds[].crowdsec</c>. Off unless <see cref="Url"/> is given.</summary>
public sealed record CrowdsecFeedSettings : IValidatableObject
{
    /// <summary>Gets the address of the LAPI, without <c>/v1</c>; null for none, and then no connection is made.</summary>
    public Uri? Url { get; init; }

    /// <summary>Gets the file that holds a bouncer's key, as <c>cscli bouncers add</c> prints it. Read at every poll.</summary>
    [FilePath]
    public string? KeyFile { get; init; }

    /// <summary>Gets the seconds between two polls.</summary>
    /// <value>1 to 3600 seconds. The default is 30.</value>
    [Range(1, 3600)]
    public int PollSeconds { get; init; } = 30;

    /// <summary>Gets whether an address without TLS beyond this machine is meant. A footgun: warned of at every start.</summary>
    public bool AllowInsecureUrl { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url is null)
        {
            if (KeyFile is not null) yield return new ValidationResult("is missing: the address of the LAPI, such as http://127.0.0.1:8080", [nameof(Url)]);
            yield break;
        }

        if (KeyFile is null) yield return new ValidationResult("is missing: the file with the key that \"cscli bouncers add riskengine\" prints", [nameof(KeyFile)]);
        if (Url.UserInfo.Length > 0 || Url.Query.Length > 0 || Url.Fragment.Length > 0) yield return new ValidationResult("name scheme, host, port and path only", [nameof(Url)]);
    }
}
