using RiskEngine.Host.Tests.Serving;
using RiskEngine.Kafka.Producing;

namespace RiskEngine.Kafka.Tests;

/// <summary>Brokers that ask for a name and a password.</summary>
public sealed class SaslTests
{
    private const string Plain = "PLAIN", Scram256 = "SCRAM-SHA-256", Scram512 = "SCRAM-SHA-512";

    /// <summary>A name with what SCRAM writes in another way, and passwords that nothing else says.</summary>
    private const string Name = "risk,engine=1", Right = "correct horse", Wrong = "battery staple", File = "kafka.password";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly string[] Both = [$"{Topics.Logins}:2", $"{Topics.DeadLetters}:1"];

    [KafkaTheory, InlineData(Plain), InlineData(Scram256), InlineData(Scram512)]
    public async Task With_the_right_name_and_password_logins_are_judged_and_records_written(string mechanism)
    {
        using var folder = new TemporaryFolder();
        await using var broker = await MockBroker.StartAsync(Both);
        Topics.Write(broker, Topics.Logins, Enumerable.Range(0, 100).Select(Topics.Record));
        await using var front = new SaslFront(broker.BootstrapServers, Name, Right, mechanism);
        await broker.AdvertiseAsync(front.Port);
        await WorksAsync(Through(front.Address, "sasl_plaintext", mechanism, folder, Right));
    }

    [KafkaTheory, InlineData(Plain), InlineData(Scram256), InlineData(Scram512)]
    public async Task The_same_over_TLS(string mechanism)
    {
        using var folder = new TemporaryFolder();
        await using var broker = await MockBroker.StartAsync(Both);
        Topics.Write(broker, Topics.Logins, Enumerable.Range(0, 100).Select(Topics.Record));
        await using var sasl = new SaslFront(broker.BootstrapServers, Name, Right, mechanism);
        await using var tls = new TlsFront(sasl.Address);
        await broker.AdvertiseAsync(tls.Port);
        await WorksAsync(Through(tls.Address, "sasl_ssl", mechanism, folder, Right) with { SslCaFile = folder.Write("ca.pem", tls.Authority) });
    }

    [KafkaTheory, InlineData(Wrong, Name), InlineData(Right, "somebody")]
    public async Task A_wrong_password_and_a_wrong_name_are_told_when_the_topics_are_looked_at(string password, string name)
    {
        using var folder = new TemporaryFolder();
        await using var broker = await MockBroker.StartAsync(Both);
        await using var front = new SaslFront(broker.BootstrapServers, Name, Right, Scram512);
        var report = TopicCheck.Look(Through(front.Address, "sasl_plaintext", Scram512, folder, password) with { SaslUsername = name }, [new(Topics.Logins)], TimeSpan.FromSeconds(3));
        Assert.Equal(KafkaFault.Unauthenticated, report.Unreachable?.Reason);
        Assert.Contains("kafka.sasl_username and kafka.sasl_password_file", report.Unreachable?.Words, StringComparison.Ordinal);
    }

    private static OutgoingRecord Letter => new(Topics.DeadLetters, null, "with a name"u8.ToArray());

    private static KafkaConnection Through(string address, string protocol, string mechanism, TemporaryFolder folder, string password)
    {
        var file = folder.Write(File, password);
        return new() { BootstrapServers = address, SecurityProtocol = protocol, SaslMechanism = mechanism, SaslUsername = Name, ReadSaslPassword = () => System.IO.File.ReadAllText(file) };
    }

    private static async Task WorksAsync(KafkaConnection connection)
    {
        var report = TopicCheck.Look(connection, [new(Topics.Logins, 2), new(Topics.DeadLetters, 1)], Patience);
        Assert.Equal((null, 0), (report.Unreachable, report.Faults.Count));
        await using var engines = new Engines();
        await using var consuming = new Consuming(connection, engines);
        await Until.IsSoAsync(() => engines.Events == 100, "all logins are judged");
        using var producer = new KafkaProducer(connection, new ProducerSettings(), new KafkaWatch());
        Assert.Null(await producer.SendAsync(Letter));
        Assert.Empty(consuming.Watch.Faults);
    }
}
