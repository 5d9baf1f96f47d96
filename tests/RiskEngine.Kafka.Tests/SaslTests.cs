using RiskEngine.Host.Tests.Serving;
using RiskEngine.Kafka.Producing;

namespace RiskEngine.Kafka.Tests;

/// <summary>Brokers that ask for a name and a password.</summary>
public sealed class SaslTests
{
    private const string Plain = "PLAIN", Scram256 = "SCRAM-SHA-256", Scram512 = "SCRAM-SHA-512";

    private const string Name = SaslBroker.Name, Right = SaslBroker.Right, Wrong = SaslBroker.Wrong;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [KafkaTheory, InlineData(Plain), InlineData(Scram256), InlineData(Scram512)]
    public async Task With_the_right_name_and_password_logins_are_judged_and_records_written(string mechanism)
    {
        using var folder = new TemporaryFolder();
        await using var sasl = await SaslBroker.StartAsync(Right, mechanism);
        await WorksAsync(sasl.Through(mechanism, folder, Right));
    }

    [KafkaTheory, InlineData(Plain), InlineData(Scram256), InlineData(Scram512)]
    public async Task The_same_over_TLS(string mechanism)
    {
        using var folder = new TemporaryFolder();
        await using var sasl = await SaslBroker.StartAsync(Right, mechanism);
        await using var tls = new TlsFront(sasl.Front.Address);
        await sasl.Broker.AdvertiseAsync(tls.Port);
        await WorksAsync(sasl.Through(mechanism, folder, Right) with { BootstrapServers = tls.Address, SecurityProtocol = "sasl_ssl", SslCaFile = folder.Write("ca.pem", tls.Authority) });
    }

    [KafkaTheory, InlineData(Plain), InlineData(Scram256), InlineData(Scram512)]
    public async Task A_wrong_password_is_told_and_judges_nothing_until_its_file_holds_the_right_one(string mechanism)
    {
        using var folder = new TemporaryFolder();
        await using var sasl = await SaslBroker.StartAsync(Right, mechanism);
        var connection = sasl.Through(mechanism, folder, Wrong);
        await using var engines = new Engines();
        await using var consuming = new Consuming(connection, engines);
        var watch = new KafkaWatch();
        using var producer = new KafkaProducer(connection, new ProducerSettings { DeliveryTimeout = TimeSpan.FromSeconds(2) }, watch);
        Assert.NotNull(await producer.SendAsync(Letter));
        foreach (var told in (KafkaWatch[])[consuming.Watch, watch])
        {
            await Until.IsSoAsync(() => told.Faults.Contains(KafkaFault.Unauthenticated), "the refusal is told");
            Assert.Contains(told.Words, words => words.Contains("kafka.sasl_password_file", StringComparison.Ordinal));
            Assert.All(told.Words, words => Assert.DoesNotContain(Wrong, words, StringComparison.Ordinal));
        }

        Assert.Equal(0, engines.Events);
        folder.Write(SaslBroker.PasswordFile, Right);
        await Until.IsSoAsync(() => engines.Events == 100, "it went on by itself");
        await ArrivesAsync(producer);
        engines.AssertEachOnce(100);
        Assert.Empty(consuming.Watch.Breaks);
    }

    [KafkaFact]
    public async Task A_password_that_is_turned_while_it_runs_counts_from_the_next_connection_on()
    {
        using var folder = new TemporaryFolder();
        await using var sasl = await SaslBroker.StartAsync(Wrong, Scram512);
        var connection = sasl.Through(Scram512, folder, Wrong);
        await using var engines = new Engines();
        await using var consuming = new Consuming(connection, engines);
        using var producer = new KafkaProducer(connection, new ProducerSettings { DeliveryTimeout = TimeSpan.FromSeconds(2) }, new KafkaWatch());
        await Until.IsSoAsync(() => engines.Events == 100, "the first are judged");
        Assert.Null(await producer.SendAsync(Letter));

        sasl.Front.ChangePassword(Right);
        await sasl.Broker.DownAsync();
        await sasl.Broker.UpAsync();
        await Until.IsSoAsync(() => consuming.Watch.Faults.Contains(KafkaFault.Unauthenticated), "the old one is refused");
        folder.Write(SaslBroker.PasswordFile, Right);
        await ArrivesAsync(producer);
        for (var number = 100; number < 200; number++) Assert.Null(await producer.SendAsync(Login(number)));
        await Until.IsSoAsync(() => engines.Events == 200, "it went on by itself");
        engines.AssertEachOnce(200);
        Assert.Empty(consuming.Watch.Breaks);
    }

    [KafkaFact]
    public async Task A_password_that_fails_to_be_read_for_a_while_ends_nothing_and_counts_once_it_is_read()
    {
        using var folder = new TemporaryFolder();
        await using var sasl = await SaslBroker.StartAsync(Right, Scram512);
        var reads = 0;
        // The first read is that of the client which is made; then the disk fails twice.
        var connection = sasl.Through(Scram512, folder, Wrong) with
        {
            ReadSaslPassword = () => Interlocked.Increment(ref reads) switch { 1 => Wrong, 2 or 3 => throw new IOException("the disk is away"), _ => Right },
        };
        await using var engines = new Engines();
        await using var consuming = new Consuming(connection, engines);
        await Until.IsSoAsync(() => engines.Events == 100, "it went on by itself");
        Assert.True(reads > 3);
        Assert.Single(consuming.Watch.Faults, KafkaFault.Credentials);
        Assert.Contains(consuming.Watch.Words, words => words.Contains("kafka.sasl_password_file", StringComparison.Ordinal) && words.Contains("read last", StringComparison.Ordinal));
        Assert.Empty(consuming.Watch.Breaks);
    }

    [KafkaFact]
    public async Task A_mechanism_that_the_brokers_do_not_offer_is_told_with_those_that_they_do()
    {
        using var folder = new TemporaryFolder();
        await using var sasl = await SaslBroker.StartAsync(Right, "OTHER", Plain, Scram256);
        var report = TopicCheck.Look(sasl.Through(Scram512, folder, Right), [new(Topics.Logins)], TimeSpan.FromSeconds(3));
        Assert.Equal(KafkaFault.Unauthenticated, report.Unreachable?.Reason);
        Assert.Contains("the brokers do not take kafka.sasl_mechanism; they offer plain, scram_sha256", report.Unreachable?.Words, StringComparison.Ordinal);
        Assert.EndsWith("scram_sha256", report.Unreachable?.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Unsupported SASL mechanism: broker's supported mechanisms: OAUTHBEARER,GSSAPI (after 3ms in state AUTH_HANDSHAKE)", "none that is known here")]
    [InlineData("Unsupported SASL mechanism: broker's supported mechanisms: OTHER,SCRAM-SHA-512 (after 3ms in state AUTH_HANDSHAKE)", "scram_sha512")]
    [InlineData("SASL authentication error: PLAIN is what it is", null)]
    public void Of_what_the_driver_says_only_mechanisms_that_are_known_are_passed_on(string told, string? offered) => Assert.Equal(offered, SaslMechanisms.OfferedInstead(told));

    [KafkaTheory, InlineData(Wrong, Name), InlineData(Right, "somebody")]
    public async Task A_wrong_password_and_a_wrong_name_are_told_when_the_topics_are_looked_at(string password, string name)
    {
        using var folder = new TemporaryFolder();
        await using var sasl = await SaslBroker.StartAsync(Right, Scram512);
        var report = TopicCheck.Look(sasl.Through(Scram512, folder, password) with { SaslUsername = name }, [new(Topics.Logins)], TimeSpan.FromSeconds(3));
        Assert.Equal(KafkaFault.Unauthenticated, report.Unreachable?.Reason);
        Assert.Contains("kafka.sasl_username and kafka.sasl_password_file", report.Unreachable?.Words, StringComparison.Ordinal);
    }

    [KafkaFact]
    public async Task Who_shows_no_name_where_one_is_asked_for_learns_nothing_and_is_told_where_to_look()
    {
        await using var sasl = await SaslBroker.StartAsync(Right, Scram512);
        var report = TopicCheck.Look(new KafkaConnection { BootstrapServers = sasl.Front.Address }, [new(Topics.Logins)], TimeSpan.FromSeconds(3));
        Assert.Equal((KafkaFault.Unreachable, 0), (report.Unreachable?.Reason, report.Partitions.Count));
        Assert.Contains("kafka.security_protocol", report.Unreachable?.Words, StringComparison.Ordinal);
    }

    private static OutgoingRecord Letter => new(Topics.DeadLetters, null, "with a name"u8.ToArray());

    private static OutgoingRecord Login(int number) => new(Topics.Logins, Topics.Record(number).Key, Topics.Record(number).Value);

    private static async Task WorksAsync(KafkaConnection connection)
    {
        var report = TopicCheck.Look(connection, [new(Topics.Logins, 2), new(Topics.DeadLetters, 1)], Patience);
        Assert.Equal((null, 0), (report.Unreachable, report.Faults.Count));
        await using var engines = new Engines();
        await using var consuming = new Consuming(connection, engines);
        await Until.IsSoAsync(() => engines.Events == 100, "all logins are judged");
        using var producer = new KafkaProducer(connection, new ProducerSettings(), new KafkaWatch());
        Assert.Null(await producer.SendAsync(Letter));
        Assert.DoesNotContain(KafkaFault.Unauthenticated, consuming.Watch.Faults);
    }

    /// <summary>Sends until a record arrives.</summary>
    private static async Task ArrivesAsync(KafkaProducer producer)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await producer.SendAsync(Letter) is { } fault) Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"Nothing arrives: {fault.Words}");
    }
}
