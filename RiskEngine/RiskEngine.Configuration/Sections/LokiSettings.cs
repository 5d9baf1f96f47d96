using System.ComponentModel.DataAnnotations;
using RiskEngine.Configuration.Binding;
using RiskEngine.Core.Events;

namespace RiskEngine.Configuration;

/// <summary>What is sent to Loki: values of the label <c>stream</c>.</summary>
[Flags]
public enum LokiStreams
{
    None = 0,

    /// <summary>What the program says of itself, as on standard output.</summary>
    App = 1,

    /// <summary>What people and rules changed, read from the store's audit.</summary>
    Audit = 2,

    /// <summary>Each judged event.</summary>
    Assessment = 4,
}

/// <summary>Properties with few values, which may be labels of Loki.</summary>
public enum LokiProperty
{
    /// <summary>The part of the program that wrote the line.</summary>
    Source,

    RiskLevel,

    Decision,
}

/// <summary>A Loki that lines are pushed to, under <c>loki</c>. Off unless <see cref="Url"/> is given; standard output has every line of the program either way.</summary>
/// <remarks>Names of keys are those of Serilog.Sinks.Grafana.Loki where it has the like.</remarks>
public sealed partial record LokiSettings : IValidatableObject
{
    /// <summary>Gets the address of Loki, without <c>/loki/api/v1/push</c>; null for none, and then no connection is made.</summary>
    public Uri? Url { get; init; }

    /// <summary>Gets the value of the label <c>env</c>.</summary>
    /// <value>1 to 100 printable characters. The default is production.</value>
    public string Env { get; init; } = "production";

    /// <summary>Gets further labels that every stream has, such as <c>instance</c>; at most 8.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets properties that are labels as well: each value of one makes a stream of its own. None by default.</summary>
    public IReadOnlyList<LokiProperty> PropertiesAsLabels { get; init; } = [];

    /// <summary>Gets whether properties are sent as structured metadata, which Loki takes from version 3 on as it comes. The default is true; the line has them either way.</summary>
    public bool StructuredMetadata { get; init; } = true;

    /// <summary>Gets the name for <c>Authorization: Basic</c>; null for none.</summary>
    public string? Username { get; init; }

    /// <summary>Gets the file with the password of <see cref="Username"/>. Read for each request.</summary>
    [FilePath]
    public string? PasswordFile { get; init; }

    /// <summary>Gets the file with the token for <c>Authorization: Bearer</c>; null for none. Read for each request.</summary>
    [FilePath]
    public string? TokenFile { get; init; }

    /// <summary>Gets the tenant, sent as <c>X-Scope-OrgID</c>; null for none.</summary>
    public string? Tenant { get; init; }

    /// <summary>Gets whether http beyond this machine is meant. A footgun: warned of at every start.</summary>
    public bool AllowInsecureUrl { get; init; }

    /// <summary>Gets what is sent.</summary>
    /// <value>Any of app, audit, assessment. The default is all of them.</value>
    public LokiStreams Streams { get; init; } = LokiStreams.App | LokiStreams.Audit | LokiStreams.Assessment;

    /// <summary>Gets the least severity of the program's own lines that are sent; <c>log.level</c> goes before it. The default is information.</summary>
    public LogVerbosity RestrictedToMinimumLevel { get; init; } = LogVerbosity.Information;

    /// <summary>Gets the least risk of assessments that are sent. The default is none: each of them.</summary>
    public RiskLevel MinimumRiskLevel { get; init; } = RiskLevel.None;

    /// <summary>Gets how many assessments are sent in a second; bursts of ten times that, and the rest is counted.</summary>
    /// <value>1 to 100000. The default is 500, about 0.4 MB a second at most.</value>
    [Range(1, 100_000)]
    public int AssessmentsPerSecond { get; init; } = 500;

    /// <summary>Gets how many entries one request holds at most; it holds 1 MiB of lines at most, too.</summary>
    /// <value>1 to 10000. The default is 1000.</value>
    [Range(1, 10_000)]
    public int BatchPostingLimit { get; init; } = 1000;

    /// <summary>Gets how long an entry waits for others to be sent with it.</summary>
    /// <value>100 ms to 1 minute. The default is 2 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets how many entries wait while Loki does not take them; new ones are dropped then, and counted.</summary>
    /// <value>100 to 1000000. The default is 20000.</value>
    [Range(100, 1_000_000)]
    public int QueueLimit { get; init; } = 20_000;

    /// <summary>Gets how much memory waiting entries take.</summary>
    /// <value>1 MiB to 1 GiB, in bytes. The default is 16 MiB.</value>
    [Range(1 << 20, 1 << 30)]
    public int QueueBytes { get; init; } = 16 << 20;

    /// <summary>Gets the size above which a line is cut, and says so.</summary>
    /// <value>1024 to 262144 (Loki's own limit as it comes) bytes. The default is 65536.</value>
    [Range(1 << 10, 256 << 10)]
    public int LineBytes { get; init; } = 64 << 10;

    /// <summary>Gets the age above which an entry that could not be sent is given up.</summary>
    /// <value>1 minute to 6 days: Loki refuses what is older than a week. The default is half a day.</value>
    [Range(typeof(TimeSpan), "00:01:00", "6.00:00:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromHours(12);
}
