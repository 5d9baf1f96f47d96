using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Kafka.Tests;

/// <summary>A broker with a hundred logins that asks for a name and a password before it shows them.</summary>
internal sealed class SaslBroker : IAsyncDisposable
{
    /// <summary>What SCRAM writes in another way is in the name; the passwords are what nothing else says.</summary>
    public const string Name = "risk,engine=1", Right = "correct horse", Wrong = "battery staple", PasswordFile = "kafka.password";

    private SaslBroker(MockBroker broker, SaslFront front) => (Broker, Front) = (broker, front);

    public MockBroker Broker { get; }

    public SaslFront Front { get; }

    /// <param name="password">What is asked for at first.</param>
    /// <param name="mechanisms">What is offered.</param>
    public static async Task<SaslBroker> StartAsync(string password, params string[] mechanisms)
    {
        var broker = await MockBroker.StartAsync($"{Topics.Logins}:2", $"{Topics.DeadLetters}:1", $"{Topics.Assessments}:1", $"{Topics.Decisions}:1");
        Topics.Write(broker, Topics.Logins, Enumerable.Range(0, 100).Select(Topics.Record));
        var front = new SaslFront(broker.BootstrapServers, Name, password, mechanisms);
        await broker.AdvertiseAsync(front.Port);
        return new SaslBroker(broker, front);
    }

    /// <summary>How to get through, with a password that stands in a file of the folder.</summary>
    public KafkaConnection Through(string mechanism, TemporaryFolder folder, string password)
    {
        var file = folder.Write(PasswordFile, password);
        return new() { BootstrapServers = Front.Address, SecurityProtocol = "sasl_plaintext", SaslMechanism = mechanism, SaslUsername = Name, ReadSaslPassword = () => File.ReadAllText(file) };
    }

    /// <summary>The same for a program in the folder.</summary>
    /// <param name="mechanism">As its configuration calls it.</param>
    public void Configure(TemporaryFolder folder, string password, string mechanism)
    {
        folder.Write(PasswordFile, password);
        Programs.Configure(folder, Front.Address, $"""
              security_protocol: sasl_plaintext
              sasl_mechanism: {mechanism}
              sasl_username: "{Name}"
              sasl_password_file: {PasswordFile}
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await Front.DisposeAsync();
        await Broker.DisposeAsync();
    }
}
