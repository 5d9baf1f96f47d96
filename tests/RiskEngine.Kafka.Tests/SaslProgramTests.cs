using System.Text;
using RiskEngine.Host.Tests.Serving;

namespace RiskEngine.Kafka.Tests;

/// <summary>The built program before brokers that ask for a name and a password.</summary>
public sealed class SaslProgramTests
{
    private const string Offered = "SCRAM-SHA-512", Scram = "scram_sha512";

    [KafkaFact]
    public async Task With_a_wrong_password_it_serves_says_so_and_reads_on_once_the_file_holds_the_right_one()
    {
        using var folder = new TemporaryFolder();
        await using var sasl = await SaslBroker.StartAsync(SaslBroker.Right, Offered);
        sasl.Configure(folder, SaslBroker.Wrong, Scram);
        await using var server = await ServedProgram.StartAsync(folder.FullName, Programs.Serve("all"));
        await server.SeeAsync("Kafka: Local_Authentication: the brokers refuse the name or the password; see to kafka.sasl_username and kafka.sasl_password_file");
        using var client = server.Client();
        using var asked = await client.PostAsync("/api/v1/evaluate", new StringContent(Topics.Login(7), Encoding.UTF8, "application/json"));
        Assert.Equal(200, (int)asked.StatusCode);
        Assert.Equal(0, await Programs.MetricAsync(client, "riskengine_events_total", "source=\"kafka\""));
        Assert.True(await Programs.MetricAsync(client, "riskengine_kafka_errors_total", "reason=\"unauthenticated\"") > 0);

        folder.Write(SaslBroker.PasswordFile, SaslBroker.Right);
        await Programs.TakenAsync(server, 100);
        Assert.DoesNotContain(SaslBroker.Wrong, server.Log(), StringComparison.Ordinal);
        Assert.DoesNotContain(SaslBroker.Right, server.Log(), StringComparison.Ordinal);
    }

    [KafkaFact]
    public async Task The_doctor_says_what_is_wrong_with_the_credentials_and_what_to_do()
    {
        using var folder = new TemporaryFolder();
        await using var sasl = await SaslBroker.StartAsync(SaslBroker.Right, Offered);

        sasl.Configure(folder, SaslBroker.Wrong, Scram);
        var refused = await DoctorAsync(folder);
        Assert.Contains(
            $"look  kafka: {sasl.Front.Address}: Local_Authentication: the brokers refuse the name or the password; see to kafka.sasl_username and kafka.sasl_password_file, and that they know this name for kafka.sasl_mechanism",
            refused, StringComparison.Ordinal);
        Assert.DoesNotContain(SaslBroker.Wrong, refused, StringComparison.Ordinal);

        sasl.Configure(folder, SaslBroker.Right, "plain");
        Assert.Contains($"look  kafka: {sasl.Front.Address}: Local_Authentication: the brokers do not take kafka.sasl_mechanism; they offer scram_sha512", await DoctorAsync(folder), StringComparison.Ordinal);

        sasl.Configure(folder, "", Scram);
        Assert.Contains("look  kafka: kafka.sasl_password_file: cannot be read, or holds no password", await DoctorAsync(folder), StringComparison.Ordinal);

        sasl.Configure(folder, SaslBroker.Right, Scram);
        Assert.Contains("ok    kafka: topic riskengine.logins is there, with 2 partitions", await DoctorAsync(folder), StringComparison.Ordinal);
    }

    private static async Task<string> DoctorAsync(TemporaryFolder folder) => (await Host.Tests.Cli.Program.RunAsync("doctor", "--config", folder.File("riskengine.yaml"))).Output;
}
