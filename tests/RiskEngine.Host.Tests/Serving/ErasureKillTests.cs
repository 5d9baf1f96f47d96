using System.Diagnostics;
using System.Text;
using System.Text.Json;
using RiskEngine.Core.State;
using RiskEngine.Host.Tests.Api;
using RiskEngine.Storage.Sqlite;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>Servers that are killed without warning while they erase somebody of whom they have many rows.</summary>
/// <remarks><c>RISKENGINE_LONG_TESTS=1</c> runs the long form: 60 kills in place of 10.</remarks>
public sealed class ErasureKillTests(ITestOutputHelper output)
{
    private const int EventsEach = 1500, AddressesEach = 300;

    private readonly int _kills = Environment.GetEnvironmentVariable("RISKENGINE_LONG_TESTS") == "1" ? 60 : 10;
    private readonly Random _random = new(20261122);

    [LinuxFact]
    public async Task Whoever_is_reported_erased_is_nowhere_and_an_interrupted_erasure_is_finished_or_was_never_begun()
    {
        using var folder = new TemporaryFolder();
        var store = folder.File("riskengine.db");
        await FillAsync(folder, store);
        var usual = await EraseAsync(folder, 0, kill: null);
        await CheckAsync(store, 0, isReported: true);
        var (reported, finished, untouched) = (0, 0, 0);
        for (var person = 1; person <= _kills; person++)
        {
            var isReported = await EraseAsync(folder, person, usual * (_random.NextDouble() * 1.1)) < TimeSpan.MaxValue;
            if (isReported) reported++;
            else if (await CheckAsync(store, person, isReported)) finished++;
            else untouched++;

            if (isReported) await CheckAsync(store, person, isReported);
        }

        output.WriteLine($"{_kills} kills within {usual.TotalMilliseconds:0} ms: {reported} after the answer, {finished} finished at the next start, {untouched} before it was begun.");
        await using (var server = await ServedProgram.StartAsync(folder.FullName))
        {
            using var client = server.Client();
            for (var person = 1; person <= _kills; person++)
            {
                using var answer = await client.DeleteAsync($"/api/v1/subjects/{IdOf(person)}");
                Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
            }

            Assert.Equal(0, await server.StopAsync());
        }

        for (var person = 0; person <= _kills; person++) Assert.True(await CheckAsync(store, person, isReported: true));
        await AssertBystandersAsync(store);
    }

    /// <summary>Asks a server to erase a person, and kills it after a time.</summary>
    /// <returns>How long it took; <see cref="TimeSpan.MaxValue"/> where there was no answer.</returns>
    private static async Task<TimeSpan> EraseAsync(TemporaryFolder folder, int person, TimeSpan? kill)
    {
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        using var client = server.Client();
        var clock = Stopwatch.StartNew();
        var asking = client.DeleteAsync($"/api/v1/subjects/{IdOf(person)}");
        if (kill is { } after)
        {
            await Task.WhenAny(asking, Task.Delay(after));
            await server.KillAsync();
        }

        try
        {
            using var answer = await asking;
            return answer.IsSuccessStatusCode ? clock.Elapsed : throw new InvalidOperationException($"{answer.StatusCode}");
        }
        catch (Exception gone) when (gone is HttpRequestException or System.Net.Sockets.SocketException)
        {
            // The second where it is killed right when the connection stands.
            return TimeSpan.MaxValue;
        }
    }

    /// <summary>Starts the store, lets it finish what it has to, and asserts that the person is there whole or not at all.</summary>
    /// <returns>Whether the person is gone.</returns>
    private static async Task<bool> CheckAsync(string path, int person, bool isReported)
    {
        int left;
        await using (var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = path }, TimeProvider.System))
        {
            await store.Resumed;
            left = await CountAsync(store, IdOf(person));
        }

        Assert.True(left == 0 || (left == EventsEach && !isReported), $"{left} of {EventsEach} events of person {person} are left");
        if (left == 0)
        {
            foreach (var file in Directory.GetFiles(Path.GetDirectoryName(path)!, "riskengine.db*"))
            {
                var bytes = await File.ReadAllBytesAsync(file);
                foreach (var trace in (string[])[IdOf(person), NameOf(person)]) Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(trace)) < 0, $"{trace} stands in {file}");
            }
        }

        var receipts = 0;
        using var audit = StoredAudit.Open(path);
        var verdict = audit.Read(null, record => receipts += record.Entry.What == "subject.erase" ? 1 : 0, CancellationToken.None);
        Assert.True(verdict.IsWhole, verdict.Fault);
        Assert.True(left > 0 || receipts > 0);
        return left == 0;
    }

    private static async Task<int> CountAsync(SqliteStateStore store, string subject)
    {
        var (count, cursor) = (0, default(string));
        do
        {
            var page = await store.FindAssessmentsAsync(new AssessmentQuery { Subject = StateKeys.Subject(store.Hash, "default"u8, Encoding.UTF8.GetBytes(subject), default), Limit = 1000, Cursor = cursor }, CancellationToken.None);
            (count, cursor) = (count + page.Items.Count, page.Next);
        }
        while (cursor is not null);
        return count;
    }

    private static async Task AssertBystandersAsync(string path)
    {
        await using var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = path }, TimeProvider.System);
        Assert.Equal(EventsEach, await CountAsync(store, "bystander"));
    }

    private async Task FillAsync(TemporaryFolder folder, string store)
    {
        var begin = DateTimeOffset.UtcNow.AddHours(-2);
        await using (var lines = new StreamWriter(folder.File("logins.jsonl")))
        {
            for (var i = 0; i < EventsEach; i++)
            {
                for (var person = 0; person <= _kills; person++) await lines.WriteLineAsync(Login($"e{person}-{i}", begin.AddSeconds(i * 4), IdOf(person), NameOf(person), $"20.{person}.{i % AddressesEach / 200}.{i % 200}"));
                await lines.WriteLineAsync(Login($"b{i}", begin.AddSeconds(i * 4), "bystander", "bystander", "20.1.0.7"));
            }
        }

        var replayed = await Cli.Program.RunAsync("replay", folder.File("logins.jsonl"), "--state", store);
        Assert.True(replayed.Code == 0, replayed.Error);
        File.Delete(folder.File("logins.jsonl"));
    }

    private static string Login(string eventId, DateTimeOffset at, string id, string name, string address)
    {
        var login = SomeEvent.Login(eventId, ip: address);
        login["occurred_at"] = at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
        login["subject"] = new { id, name };
        return JsonSerializer.Serialize(login);
    }

    private static string IdOf(int person) => $"person-{person:000}-marker";

    private static string NameOf(int person) => $"name.{person:000}.of@example.org";
}
