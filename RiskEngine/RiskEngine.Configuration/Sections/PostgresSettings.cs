using System.ComponentModel.DataAnnotations;
using RiskEngine.Configuration.Binding;

namespace RiskEngine.Configuration;

/// <summary>The PostgreSQL of the shared store, under <c>postgres</c>.</summary>
public sealed record PostgresSettings
{
    /// <summary>Gets where the database is, in the form of Npgsql, such as <c>Host=db;Database=riskengine;Username=riskengine</c>; null for none.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Gets the file that holds the password, in the place of one in the connection string. Read at the start.</summary>
    [FilePath]
    public string? PasswordFile { get; init; }

    /// <summary>Gets how long it is waited for: for a connection, and for each answer.</summary>
    /// <value>1 second to 10 minutes. The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
