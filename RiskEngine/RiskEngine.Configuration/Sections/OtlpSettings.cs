using System.ComponentModel.DataAnnotations;
using RiskEngine.Configuration.Binding;

namespace RiskEngine.Configuration;

/// <summary>Who is pushed metrics and traces by OTLP (OpenTelemetry Protocol 1.x, http/protobuf), under <c>otlp</c>. Off unless <see cref="Endpoint"/> is given.</summary>
public sealed record OtlpSettings : IValidatableObject
{
    private const int LongestInstance = 128;

    /// <summary>Gets the address of the receiver without <c>/v1/metrics</c> and <c>/v1/traces</c>; null for none, and then no connection is made.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Gets the file with headers for each request, one <c>Name: value</c> a line, such as a credential; null for none. Read for each request.</summary>
    [FilePath]
    public string? HeadersFile { get; init; }

    /// <summary>Gets whether http beyond this machine is meant. A footgun: warned of at every start.</summary>
    public bool AllowInsecureUrl { get; init; }

    /// <summary>Gets whether metrics are pushed. The default is true.</summary>
    public bool Metrics { get; init; } = true;

    /// <summary>Gets whether spans are made and pushed. The default is true.</summary>
    public bool Traces { get; init; } = true;

    /// <summary>Gets how often metrics are pushed.</summary>
    /// <value>One second to one hour. The default is one minute.</value>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets how long one request may take.</summary>
    /// <value>One second to one minute. The default is ten seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets the share of traces that are recorded, of those that a caller's own trace does not decide about.</summary>
    /// <value>0 to 1. The default is 0.1.</value>
    [Range(0.0, 1.0)]
    public double Sampling { get; init; } = 0.1;

    /// <summary>Gets what the receiver knows this process by (<c>service.instance.id</c>); null for the name of the machine.</summary>
    /// <value>1 to 128 characters.</value>
    public string? Instance { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Endpoint is { } url && (url.Query.Length > 0 || url.Fragment.Length > 0)) yield return new ValidationResult("name scheme, host, port and path only", [nameof(Endpoint)]);
        if (Instance is { Length: 0 or > LongestInstance }) yield return new ValidationResult($"expected 1 to {LongestInstance} characters", [nameof(Instance)]);
        if (Endpoint is null && HeadersFile is not null) yield return new ValidationResult("is missing: the address of the receiver, such as http://127.0.0.1:4318", [nameof(Endpoint)]);
    }
}
