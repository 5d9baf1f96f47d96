using System.ComponentModel.DataAnnotations;
using RiskEngine.Configuration.Binding;

namespace RiskEngine.Configuration;

/// <summary>The Redis of the shared store, under <c>redis</c>: copies of rows, so that few reads go to PostgreSQL. Without it all of them do.</summary>
public sealed record RedisSettings : IValidatableObject
{
    /// <summary>Gets one server, or some of a cluster, each <c>host:port</c>. The default is none.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>Gets the password of the default user; null for none.</summary>
    [Secret("password_file")]
    public string? Password { get; init; }

    /// <summary>Gets the file that holds it. Read at the start.</summary>
    [FilePath]
    public string? PasswordFile { get; init; }

    /// <summary>Gets whether the connection is encrypted, and the server's certificate checked.</summary>
    public bool Tls { get; init; }

    /// <summary>Gets the PEM file of the authority that the server's certificate is checked against; null for those of the system. Read at the start.</summary>
    [FilePath]
    public string? TlsCaFile { get; init; }

    /// <summary>Gets how long an answer is waited for; then PostgreSQL is asked.</summary>
    /// <value>10 ms to 30 seconds. The default is 500 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:30", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Gets for how long a row that nobody changes is kept there.</summary>
    /// <value>1 minute to 400 days. The default is 7 days.</value>
    [Range(typeof(TimeSpan), "00:01:00", "400.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromDays(7);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var endpoint in Endpoints)
        {
            if (endpoint.LastIndexOf(':') is var colon && (colon < 1 || !ushort.TryParse(endpoint.AsSpan(colon + 1), out _)))
                yield return new ValidationResult("expected host:port, such as redis:6379", [nameof(Endpoints)]);
        }

        if (TlsCaFile is not null && !Tls) yield return new ValidationResult("checks nothing unless tls: true stands beside it", [nameof(TlsCaFile)]);
        if (Password is not null && PasswordFile is not null) yield return new ValidationResult("give the password in a file or by environment, and only one of them", [nameof(PasswordFile), nameof(Password)]);
    }
}
