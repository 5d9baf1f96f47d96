using System.ComponentModel.DataAnnotations;
using RiskEngine.Configuration.Binding;
using RiskEngine.Core.Events;

namespace RiskEngine.Configuration;

/// <summary>An authentik whose events are polled, under <c>sources.authentik</c>. Off unless <see cref="Url"/> is given.</summary>
public sealed record AuthentikSourceSettings : ICheckedInPart
{
    /// <summary>Gets the address of authentik, without <c>/api/v3</c>; null for none, and then no connection is made.</summary>
    public Uri? Url { get; init; }

    /// <summary>Gets the file that holds the key of an API token. Read at every poll.</summary>
    [FilePath]
    public string? TokenFile { get; init; }

    /// <summary>Gets the key of an API token itself. By environment only.</summary>
    [Secret("token_file")]
    public string? Token { get; init; }

    /// <summary>Gets the seconds between two polls.</summary>
    /// <value>1 to 3600 seconds. The default is 30.</value>
    [Range(1, 3600)]
    public int PollSeconds { get; init; } = 30;

    /// <summary>Gets how far behind the newest row each poll begins again.</summary>
    /// <value>One minute to one hour. The default is two minutes.</value>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Overlap { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Gets how far back the first poll of all begins.</summary>
    /// <value>Zero to seven days. The default is one day.</value>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Backfill { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Gets whether sessions are polled too, to see where they are used. The default is true.</summary>
    public bool Sessions { get; init; } = true;

    /// <summary>Gets how long after one reading of the accounts, their groups and kinds, the next one begins; zero for none.</summary>
    /// <value>Zero, or one minute to one day. The default is ten minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Accounts { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets whether the webhook may tell of failed logins of names that do not exist: the API does not know them, so no poll confirms them. A footgun: warned of at every start.</summary>
    public bool WebhookUnknownNames { get; init; }

    /// <summary>Gets whether an address without TLS beyond this machine is meant. A footgun: warned of at every start.</summary>
    public bool AllowInsecureUrl { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url is null)
        {
            if (TokenFile is not null || Token is not null) yield return new ValidationResult("is missing: the address of authentik, such as https://authentik.example.org", [nameof(Url)]);
            yield break;
        }

        if (Accounts > TimeSpan.Zero && Accounts < TimeSpan.FromMinutes(1)) yield return new ValidationResult("0 for never, or at least 1m: all accounts are read each time", [nameof(Accounts)]);
        if (TokenFile is null == Token is null) yield return new ValidationResult("give the key of an API token, in a file or by environment, and only one of them", [nameof(TokenFile), nameof(Token)]);
        if (Url.Query.Length > 0 || Url.Fragment.Length > 0) yield return new ValidationResult("name scheme, host, port and path only", [nameof(Url)]);
    }
}
