using System.ComponentModel.DataAnnotations;
using System.Net;
using RiskEngine.Configuration.Binding;
using RiskEngine.Core.Events;

namespace RiskEngine.Configuration;

/// <summary>How a connection to the brokers is protected.</summary>
public enum KafkaSecurityProtocol
{
    Plaintext,
    Ssl,
    SaslPlaintext,
    SaslSsl,
}

/// <summary>How a name and a password are shown to the brokers.</summary>
public enum KafkaSaslMechanism
{
    Plain,
    ScramSha256,
    ScramSha512,
}

/// <summary>How records are compressed.</summary>
public enum KafkaCompression
{
    None,
    Gzip,
    Snappy,
    Lz4,
}

/// <summary>A Kafka cluster that events come from and decisions go to, under <c>kafka</c>. Off unless <see cref="BootstrapServers"/> are given.</summary>
public sealed record KafkaSettings : ICheckedInPart
{
    /// <summary>Gets some of the brokers, "host:port" with commas between; null for none, and then no connection is made.</summary>
    public string? BootstrapServers { get; init; }

    /// <summary>Gets the file of librdkafka; null to look beside the program and where the system looks for libraries.</summary>
    [FilePath]
    public string? Library { get; init; }

    /// <summary>Gets how the connection is protected. The default is plaintext, which beyond this machine has to be meant.</summary>
    public KafkaSecurityProtocol SecurityProtocol { get; init; } = KafkaSecurityProtocol.Plaintext;

    /// <summary>Gets whether a connection without TLS beyond this machine is meant. A footgun: warned of at every start.</summary>
    public bool AllowCleartext { get; init; }

    public KafkaSaslMechanism SaslMechanism { get; init; } = KafkaSaslMechanism.ScramSha512;

    public string? SaslUsername { get; init; }

    /// <summary>Gets the file with the password of <see cref="SaslUsername"/>. Read again every second; another one counts from the next connection on.</summary>
    [FilePath]
    public string? SaslPasswordFile { get; init; }

    /// <summary>Gets the PEM file of the authorities that brokers' certificates are checked against; null for those of the system.</summary>
    [FilePath]
    public string? SslCaFile { get; init; }

    /// <summary>Gets the PEM file of our certificate, where brokers ask for one.</summary>
    [FilePath]
    public string? SslCertificateFile { get; init; }

    /// <summary>Gets the PEM file of its key.</summary>
    [FilePath]
    public string? SslKeyFile { get; init; }

    /// <summary>Gets the consumer group: engines of the same group share the partitions.</summary>
    public string GroupId { get; init; } = "riskengine";

    /// <summary>Gets the name of this member in the group, so that its partitions wait for it while it restarts; unique in the group. Null for none.</summary>
    public string? GroupInstanceId { get; init; }

    /// <summary>Gets how many partitions the topic of logins has to have; null for any number.</summary>
    /// <value>1 to 10000.</value>
    [Range(1, 10_000)]
    public int? Partitions { get; init; }

    public KafkaTopicSettings Topics { get; init; } = new();

    /// <summary>Gets whether assessments are written to their topic. The default is true.</summary>
    public bool Assessments { get; init; } = true;

    /// <summary>Gets whether blocks and releases are written to their topic. The default is true.</summary>
    public bool Decisions { get; init; } = true;

    /// <summary>Gets the records that may be in hand, read and not yet acknowledged; beyond it fetching pauses.</summary>
    /// <value>1024 to 1000000. The default is 8192.</value>
    [Range(1024, 1_000_000)]
    public int MaxInFlight { get; init; } = 8192;

    /// <summary>Gets the largest record that is read; a larger one becomes a dead letter.</summary>
    /// <value>1024 to 16777216 bytes. The default is 1048576, 1 MiB.</value>
    [Range(1024, 16_777_216)]
    public int MaxRecordBytes { get; init; } = 1024 * 1024;

    /// <summary>Gets how long the group waits for a member that says nothing before others get its partitions. Brokers refuse less than 6 seconds unless they are told otherwise.</summary>
    /// <value>3 seconds to 5 minutes. The default is 8 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:03", "00:05:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Gets how long a record that we write is tried before it counts as not written.</summary>
    /// <value>1 second to 5 minutes. The default is 10 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how long records that we write wait for others to share a request with.</summary>
    /// <value>Zero to 1 second. The default is 5 milliseconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01", ConvertValueInInvariantCulture = true, ParseLimitsInInvariantCulture = true)]
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    public KafkaCompression Compression { get; init; } = KafkaCompression.Lz4;

    /// <summary>Gets the file with the secret that session ids and names that do not exist are hashed by before they are written to the topic of logins; the same for every process. Collectors need it.</summary>
    [FilePath]
    public string? HashSecretFile { get; init; }

    /// <summary>Gets whether there is a cluster at all.</summary>
    public bool IsOn => BootstrapServers is not null;

    /// <summary>Gets whether what travels can be read on the way by others than this machine.</summary>
    public bool IsCleartextBeyondHere =>
        IsOn && SecurityProtocol is KafkaSecurityProtocol.Plaintext or KafkaSecurityProtocol.SaslPlaintext && !Hosts().All(IsLoopback);

    private bool UsesSasl => SecurityProtocol is KafkaSecurityProtocol.SaslPlaintext or KafkaSecurityProtocol.SaslSsl;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (BootstrapServers is null) yield break;
        if (Hosts().Count == 0 || Hosts().Any(host => host.Length == 0)) yield return new ValidationResult("expected one or more brokers as host:port, with commas between", [nameof(BootstrapServers)]);
        if (IsCleartextBeyondHere && !AllowCleartext)
            yield return new ValidationResult("without TLS it can be read and changed on the way; use ssl or sasl_ssl, or set allow_cleartext: true beside it", [nameof(BootstrapServers), nameof(SecurityProtocol)]);
        if (UsesSasl && (SaslUsername is null || SaslPasswordFile is null)) yield return new ValidationResult("sasl needs sasl_username and sasl_password_file", [nameof(SecurityProtocol), nameof(SaslPasswordFile)]);
        if (!UsesSasl && SaslUsername is not null) yield return new ValidationResult("is never shown to anybody unless security_protocol is sasl_ssl or sasl_plaintext", [nameof(SaslUsername)]);
        if (SslCertificateFile is null != SslKeyFile is null) yield return new ValidationResult("ssl_certificate_file and ssl_key_file go together; set both or none", [nameof(SslKeyFile), nameof(SslCertificateFile)]);
        if (GroupId.Trim().Length == 0) yield return new ValidationResult("is empty; engines of the same group share the partitions", [nameof(GroupId)]);
    }

    private static bool IsLoopback(string host) => host is "localhost" or "" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>The brokers without their ports.</summary>
    private List<string> Hosts() => [.. BootstrapServers!.Split(',', StringSplitOptions.TrimEntries).Select(server => server.LastIndexOf(':') is var colon and > 0 ? server[..colon] : server)];
}

/// <summary>Names of topics, under <c>kafka.topics</c>. None of them is made by this program.</summary>
public sealed record KafkaTopicSettings
{
    /// <summary>Gets where login events come from and collectors write them.</summary>
    public string Logins { get; init; } = "riskengine.logins";

    /// <summary>Gets where assessments go.</summary>
    public string Assessments { get; init; } = "riskengine.assessments";

    /// <summary>Gets where blocks go; a compacted topic.</summary>
    public string Decisions { get; init; } = "riskengine.decisions";

    /// <summary>Gets where records go that nobody understands.</summary>
    public string DeadLetters { get; init; } = "riskengine.dead-letters";
}
