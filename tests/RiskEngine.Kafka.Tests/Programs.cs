using System.Diagnostics;
using RiskEngine.Core.State;
using RiskEngine.Host.Tests.Serving;
using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Kafka.Tests;

/// <summary>The built program with Kafka configured, each in a folder of its own.</summary>
internal static class Programs
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    /// <summary>Writes a configuration for a broker.</summary>
    /// <param name="more">Further keys of the section.</param>
    /// <param name="sessionTimeout">How long a member that was killed is waited for.</param>
    public static void Configure(TemporaryFolder folder, MockBroker broker, string more = "", string sessionTimeout = "6s") => Configure(folder, broker.BootstrapServers, more, sessionTimeout);

    /// <param name="address">Of the broker, or of a front before it.</param>
    public static void Configure(TemporaryFolder folder, string address, string more = "", string sessionTimeout = "6s")
    {
        folder.Write("kafka.secret", Secret);
        folder.Write("riskengine.yaml", $$"""
            policy: { mode: enforce }
            kafka:
              bootstrap_servers: {{address}}
              library: {{MockBroker.Library}}
              session_timeout: {{sessionTimeout}}
              delivery_timeout: 3s
              hash_secret_file: kafka.secret
            {{more}}
            """);
    }

    public static ProcessStartInfo Serve(string roles) => Host.Tests.Cli.Program.Command("serve", "--roles", roles);

    /// <summary>The ids of all assessments that a stopped program left in its store, repeated ones too.</summary>
    public static async Task<List<string>> AssessedAsync(TemporaryFolder folder)
    {
        await using var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = folder.File("riskengine.db") }, TimeProvider.System);
        return await AssessedAsync(store);
    }

    /// <summary>The same of an open store.</summary>
    public static async Task<List<string>> AssessedAsync(IRecordStore store)
    {
        List<string> ids = [];
        string? cursor = null;
        do
        {
            var page = await store.FindAssessmentsAsync(new AssessmentQuery { Limit = 1000, Cursor = cursor }, CancellationToken.None);
            ids.AddRange(page.Items.Select(item => item.EventId));
            cursor = page.Next;
        }
        while (cursor is not null);
        return ids;
    }

    /// <summary>Waits until the program has judged that many events from Kafka since its start.</summary>
    public static async Task TakenAsync(ServedProgram server, int events)
    {
        using var client = server.Client();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (await MetricAsync(client, "riskengine_events_total", "source=\"kafka\"") < events) await Task.Delay(10, patience.Token);
    }

    /// <summary>One value of the program's metrics, all series of that name summed; those with a text in their labels alone.</summary>
    public static async Task<double> MetricAsync(HttpClient client, string name, string label = "")
    {
        var page = await client.GetStringAsync("/metrics");
        return page.Split('\n').Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal))
            .Where(line => line.Contains(label, StringComparison.Ordinal)).Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }
}
