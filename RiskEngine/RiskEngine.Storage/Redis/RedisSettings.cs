using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Storage.Redis;

/// <summary>Where copies of rows are kept, under <c>redis</c>.</summary>
public sealed record RedisSettings
{
    /// <summary>Gets one server, or some of a cluster, each <c>host:port</c>. Empty for none: then every row is read from PostgreSQL.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>Gets the password of the default user; null for none.</summary>
    public string? Password { get; init; }

    public bool Tls { get; init; }

    /// <summary>Gets the PEM file of the authority that the server's certificate is checked against; null for those of the system.</summary>
    public string? TlsCaFile { get; init; }

    /// <summary>Gets how long an answer is waited for; then the row is read from PostgreSQL.</summary>
    /// <value>10 ms to 30 seconds. The default is 500 ms.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Gets for how long a row that nobody changes is kept; it is read from PostgreSQL when it is asked for again.</summary>
    /// <value>1 minute to 400 days. The default is 7 days.</value>
    [Range(typeof(TimeSpan), "00:01:00", "400.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Gets for how long Redis is left alone when it failed several times.</summary>
    /// <value>500 ms to 10 minutes. The default is 5 seconds.</value>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(5);
}
