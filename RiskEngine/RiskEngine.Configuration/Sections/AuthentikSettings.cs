using System.ComponentModel.DataAnnotations;
using RiskEngine.Configuration.Binding;

namespace RiskEngine.Configuration;

/// <summary>The authentik that is acted upon, under <c>authentik</c>. What is done there stands under <c>responders.authentik</c>.</summary>
public sealed record AuthentikSettings
{
    /// <summary>Gets the address of authentik, without <c>/api/v3</c>; null for none.</summary>
    public Uri? Url { get; init; }

    /// <summary>Gets the file that holds the key of an API token. Read for each request.</summary>
    [FilePath]
    public string? TokenFile { get; init; }

    /// <summary>Gets whether an address without TLS beyond this machine is meant. A footgun: warned of at every start.</summary>
    public bool AllowInsecureUrl { get; init; }
}

/// <summary>Which sessions of a person at risk are ended.</summary>
public enum SessionEnding
{
    None,

    /// <summary>Those last used from the address of the login.</summary>
    Login,

    All,
}

/// <summary>Who acts on decisions beside webhooks, under <c>responders</c>.</summary>
public sealed record ResponderSettings
{
    public AuthentikResponderSettings Authentik { get; init; } = new();
}

/// <summary>What is done at authentik, under <c>responders.authentik</c>. Nothing, unless <see cref="Enabled"/>.</summary>
public sealed record AuthentikResponderSettings : DeliverySettings, IValidatableObject
{
    private const int LongestName = 150;

    /// <summary>Gets whether anything is done. The default is false.</summary>
    public bool Enabled { get; init; }

    /// <summary>Gets whether a person at risk is put into <see cref="RiskGroup"/>, and taken out again. The default is true.</summary>
    public bool Membership { get; init; } = true;

    /// <summary>Gets the name of that group, which has to be there.</summary>
    /// <value>The default is risk-high.</value>
    public string RiskGroup { get; init; } = "risk-high";

    /// <summary>Gets which sessions of a person at risk are ended. The default is none.</summary>
    public SessionEnding EndSessions { get; init; }

    /// <summary>Gets whether the account of a person at risk is deactivated, until somebody activates it again. A footgun: warned of at every start.</summary>
    public bool Deactivate { get; init; }

    /// <summary>Gets whether authentik's own reputation of an address is deleted when a person releases it. The default is false.</summary>
    public bool ForgetReputation { get; init; }

    /// <summary>Gets whether an event <c>suspicious_request</c> is written. The default is false.</summary>
    public bool SuspiciousRequest { get; init; }

    /// <summary>Gets the least enforced action, upon a login that got in, that makes a person one at risk.</summary>
    /// <value>challenge or block. The default is block.</value>
    public Core.Events.DecisionAction MinimumAction { get; init; } = Core.Events.DecisionAction.Block;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (RiskGroup.Length is 0 or > LongestName) yield return new ValidationResult($"expected the name of a group, 1 to {LongestName} characters", [nameof(RiskGroup)]);
        if (MinimumAction < Core.Events.DecisionAction.Challenge) yield return new ValidationResult("expected challenge or block: what is allowed puts nobody at risk", [nameof(MinimumAction)]);
        if (Enabled && !Membership && EndSessions == SessionEnding.None && !Deactivate && !ForgetReputation && !SuspiciousRequest)
            yield return new ValidationResult("is on and every act is off, so nothing would ever be done; switch one on", [nameof(Enabled)]);
    }
}
