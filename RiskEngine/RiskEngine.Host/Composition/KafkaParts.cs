using System.Security.Cryptography;
using System.Text;
using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Kafka;
using RiskEngine.Kafka.Consuming;
using RiskEngine.Kafka.Producing;

namespace RiskEngine.Host.Composition;

/// <summary>What the settings say of Kafka, in the words of the driver's project.</summary>
internal static class KafkaParts
{
    /// <summary>The label of the source in metrics.</summary>
    public const string Label = "kafka";

    private const int ShortestSecret = 32;

    public static KafkaConnection ConnectionOf(KafkaSettings settings)
    {
        var usesSasl = settings.SecurityProtocol is KafkaSecurityProtocol.SaslPlaintext or KafkaSecurityProtocol.SaslSsl;
        return new KafkaConnection
        {
            BootstrapServers = settings.BootstrapServers!,
            SecurityProtocol = settings.SecurityProtocol switch
            {
                KafkaSecurityProtocol.Ssl => "ssl",
                KafkaSecurityProtocol.SaslPlaintext => "sasl_plaintext",
                KafkaSecurityProtocol.SaslSsl => "sasl_ssl",
                _ => "plaintext",
            },
            SaslMechanism = !usesSasl ? null : settings.SaslMechanism switch
            {
                KafkaSaslMechanism.Plain => "PLAIN",
                KafkaSaslMechanism.ScramSha256 => "SCRAM-SHA-256",
                _ => "SCRAM-SHA-512",
            },
            SaslUsername = settings.SaslUsername,
            ReadSaslPassword = settings.SaslPasswordFile is { } file ? () => TokenFile.ReadPassword(file) : null,
            SslCaFile = settings.SslCaFile,
            SslCertificateFile = settings.SslCertificateFile,
            SslKeyFile = settings.SslKeyFile,
            ClientId = settings.GroupInstanceId ?? "riskengine",
        };
    }

    public static KafkaTopics TopicsOf(KafkaSettings settings) => new()
    {
        Logins = settings.Topics.Logins, Assessments = settings.Topics.Assessments, Decisions = settings.Topics.Decisions, DeadLetters = settings.Topics.DeadLetters,
    };

    public static ProducerSettings ProducerOf(KafkaSettings settings) => new()
    {
        Linger = settings.Linger, DeliveryTimeout = settings.DeliveryTimeout, Compression = settings.Compression.ToString().ToLowerInvariant(),
    };

    public static ConsumerSettings ConsumerOf(KafkaSettings settings) => new()
    {
        Topic = settings.Topics.Logins, GroupId = settings.GroupId, GroupInstanceId = settings.GroupInstanceId, MaxInFlight = settings.MaxInFlight,
        BatchEvents = Math.Min(ConsumerSettings.MostBatchEvents, settings.MaxInFlight / 4), MaxRecordBytes = settings.MaxRecordBytes, SessionTimeout = settings.SessionTimeout,
    };

    /// <summary>The topics that a process with these roles needs.</summary>
    public static IReadOnlyList<ExpectedTopic> ExpectedOf(KafkaSettings settings, ServeRoles roles)
    {
        List<ExpectedTopic> expected = [new(settings.Topics.Logins, settings.Partitions)];
        if (!roles.HasFlag(ServeRoles.Engine)) return expected;
        expected.Add(new(settings.Topics.DeadLetters));
        if (settings.Assessments) expected.Add(new(settings.Topics.Assessments));
        if (settings.Decisions) expected.Add(new(settings.Topics.Decisions));
        return expected;
    }

    /// <summary>The hash that collectors and engines have in common; null where no secret is named.</summary>
    public static KeyedHash? SharedHash(KafkaSettings settings) =>
        settings is { IsOn: true, HashSecretFile: { } file } && TokenFile.Read(file) is { Length: >= ShortestSecret } secret ? new KeyedHash(SHA256.HashData(Encoding.UTF8.GetBytes(secret)).AsSpan(0, 16)) : null;

    /// <summary>What keeps Kafka from being used, apart from the brokers.</summary>
    public static IEnumerable<string> Faults(KafkaSettings settings, ServeRoles roles)
    {
        if (!settings.IsOn)
        {
            if (roles != ServeRoles.All) yield return "kafka.bootstrap_servers: is missing; roles in processes of their own meet at Kafka";
            yield break;
        }

        if (KafkaLibrary.Load(settings.Library) is { } fault) yield return $"kafka.library: {fault}";
        if (settings.SaslPasswordFile is { } password && TokenFile.ReadPassword(password) is null) yield return "kafka.sasl_password_file: cannot be read, or holds no password";
        if (settings.HashSecretFile is { } secret && TokenFile.Read(secret) is not { Length: >= ShortestSecret })
            yield return $"kafka.hash_secret_file: cannot be read, or holds less than {ShortestSecret} visible characters; make one with 'openssl rand -hex 32' and give the same to every process";
        if (roles == ServeRoles.Collector && settings.HashSecretFile is null)
            yield return "kafka.hash_secret_file: is missing; a collector hashes session ids and names that do not exist before it writes them, by a secret that all processes share";
    }
}
