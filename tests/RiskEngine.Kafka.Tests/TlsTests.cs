using Confluent.Kafka;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Kafka.Producing;

namespace RiskEngine.Kafka.Tests;

/// <summary>Connections that nobody on the way can read, and those that are refused for it.</summary>
public sealed class TlsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [KafkaFact]
    public async Task A_broker_whose_certificate_is_trusted_is_talked_to()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await MockBroker.StartAsync($"{Topics.DeadLetters}:1");
        await using var front = new TlsFront(broker.BootstrapServers);
        await broker.AdvertiseAsync(front.Port);
        var connection = Through(front) with { SslCaFile = folder.Write("ca.pem", front.Authority) };
        var report = TopicCheck.Look(connection, [new(Topics.DeadLetters, 1)], Patience);
        Assert.Equal((null, 0), (report.Unreachable, report.Faults.Count));
        using var producer = new KafkaProducer(connection, new ProducerSettings(), new KafkaWatch());
        Assert.Null(await producer.SendAsync(new OutgoingRecord(Topics.DeadLetters, null, "over TLS"u8.ToArray())));
    }

    [KafkaFact]
    public async Task One_whose_certificate_is_not_trusted_is_not_and_that_is_told()
    {
        using var folder = new TemporaryFolder();
        await using var broker = await MockBroker.StartAsync($"{Topics.DeadLetters}:1");
        await using var front = new TlsFront(broker.BootstrapServers);
        var report = TopicCheck.Look(Through(front) with { SslCaFile = folder.Write("ca.pem", TlsFront.Stranger()) }, [new(Topics.DeadLetters)], TimeSpan.FromSeconds(3));
        Assert.Equal(KafkaFault.Tls, report.Unreachable?.Reason);
        Assert.Contains("kafka.ssl_ca_file", report.Unreachable?.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_configured_of_names_and_passwords_reaches_the_client()
    {
        var config = new ClientConfig();
        new KafkaConnection
        {
            BootstrapServers = "a:9093", SecurityProtocol = "sasl_ssl", SaslMechanism = "SCRAM-SHA-512", SaslUsername = "me", ReadSaslPassword = () => "a password", SslCaFile = "ca.pem",
            SslCertificateFile = "mine.pem", SslKeyFile = "mine.key",
        }.Apply(config);
        Assert.Equal(
            ["sasl_ssl", "SCRAM-SHA-512", "me", "a password", "ca.pem", "mine.pem", "mine.key"],
            ((string[])["security.protocol", "sasl.mechanism", "sasl.username", "sasl.password", "ssl.ca.location", "ssl.certificate.location", "ssl.key.location"]).Select(config.Get));
    }

    [Fact]
    public void A_password_that_cannot_be_read_is_told_and_nothing_is_connected_to() =>
        Assert.Throws<InvalidDataException>(() => new KafkaConnection { BootstrapServers = "a:9093", SaslMechanism = "PLAIN", SaslUsername = "me", ReadSaslPassword = () => null }.Apply(new ClientConfig()));

    private static KafkaConnection Through(TlsFront front) => new() { BootstrapServers = front.Address, SecurityProtocol = "ssl" };
}
