using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Configuration;

/// <summary>What a proxy's header names a person by.</summary>
public enum SubjectForm
{
    /// <summary>The id that events carry as <c>subject.id</c>.</summary>
    Id,

    /// <summary>The name that events carry as <c>subject.name</c>, where the source knows no ids.</summary>
    Name,
}

/// <summary>How proxies ask about each request, under <c>forward_auth</c>.</summary>
public sealed record ForwardAuthSettings : IValidatableObject
{
    private const int LongestName = 64;

    /// <summary>Gets where people go who are to be challenged; null answers 403 in its place.</summary>
    public Uri? ChallengeUrl { get; init; }

    /// <summary>Gets the header in which a trusted proxy names the person who is signed in; null for none.</summary>
    public string? SubjectHeader { get; init; }

    /// <summary>Gets what it names the person by. The default is the id.</summary>
    public SubjectForm SubjectForm { get; init; } = SubjectForm.Id;

    /// <summary>Gets the cookie that holds the session's id; null for none.</summary>
    public string? SessionCookie { get; init; }

    /// <summary>Gets the header that holds the session's id; null for none. It comes before the cookie.</summary>
    public string? SessionHeader { get; init; }

    /// <summary>Gets how often a session is told of while it stays at one address.</summary>
    /// <value>Ten seconds to a day. The default is five minutes.</value>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan SessionInterval { get; init; } = TimeSpan.FromMinutes(5);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ChallengeUrl is { } url && (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0 || url.Fragment.Length > 0))
            yield return new ValidationResult("expected an address with https or http, without user and fragment, such as https://login.example.org/again", [nameof(ChallengeUrl)]);
        foreach (var (name, value) in new[] { (nameof(SubjectHeader), SubjectHeader), (nameof(SessionHeader), SessionHeader), (nameof(SessionCookie), SessionCookie) })
        {
            if (value is not null && (value.Length is 0 or > LongestName || !value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')))
                yield return new ValidationResult($"expected 1 to {LongestName} letters, digits, dashes, dots and underscores", [name]);
        }
    }
}
