using Confluent.Kafka;

namespace RiskEngine.Kafka;

/// <summary>Where the brokers are and how they know us. Immutable.</summary>
public sealed record KafkaConnection
{
    /// <summary>Gets some of the brokers, as "host:port" with commas between; they tell of the others.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>Gets how the connection is protected: plaintext, ssl, sasl_plaintext or sasl_ssl.</summary>
    public string SecurityProtocol { get; init; } = "plaintext";

    /// <summary>Gets how a name and a password are shown: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512; null without SASL.</summary>
    public string? SaslMechanism { get; init; }

    public string? SaslUsername { get; init; }

    /// <summary>Gets what reads the password, or null where it cannot be read: when a client is made and every second after that, from any thread, so another one counts from the next connection on. Null for none.</summary>
    public Func<string?>? ReadSaslPassword { get; init; }

    /// <summary>Gets the PEM file of the authorities that brokers' certificates are checked against; null for those of the system.</summary>
    public string? SslCaFile { get; init; }

    /// <summary>Gets the PEM file of our certificate, where brokers ask for one.</summary>
    public string? SslCertificateFile { get; init; }

    /// <summary>Gets the PEM file of its key.</summary>
    public string? SslKeyFile { get; init; }

    /// <summary>Gets what brokers call us in their logs.</summary>
    public string ClientId { get; init; } = "riskengine";

    /// <summary>The settings that every client has in common.</summary>
    /// <exception cref="InvalidDataException">The password cannot be read.</exception>
    internal void Apply(ClientConfig config)
    {
        config.BootstrapServers = BootstrapServers;
        config.ClientId = ClientId;
        config.Set("security.protocol", SecurityProtocol);
        // A broker that went away is asked again within two seconds, and one that answers nothing is given up.
        config.ReconnectBackoffMs = 100;
        config.ReconnectBackoffMaxMs = 2000;
        config.SocketTimeoutMs = 10_000;
        config.SocketConnectionSetupTimeoutMs = 10_000;
        config.SocketKeepaliveEnable = true;
        config.EnableMetricsPush = false;
        if (SslCaFile is not null) config.SslCaLocation = SslCaFile;
        if (SslCertificateFile is not null) config.SslCertificateLocation = SslCertificateFile;
        if (SslKeyFile is not null) config.SslKeyLocation = SslKeyFile;
        if (SaslMechanism is null) return;
        config.Set("sasl.mechanism", SaslMechanism);
        config.SaslUsername = SaslUsername;
        config.SaslPassword = ReadSaslPassword?.Invoke() ?? throw new InvalidDataException("the password cannot be read: see to kafka.sasl_password_file");
    }
}
