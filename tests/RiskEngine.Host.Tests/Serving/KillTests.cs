using System.Diagnostics;
using Xunit.Abstractions;

namespace RiskEngine.Host.Tests.Serving;

/// <summary>The promise of a 202, held against a server that is killed without warning while several clients post.</summary>
/// <remarks><c>RISKENGINE_LONG_TESTS=1</c> runs the long form: 20 kills and 20,000 events in place of 3 and 3,000.</remarks>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Seed = 20261122;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("RISKENGINE_LONG_TESTS") == "1";

    private readonly int _kills = IsLong ? 20 : 3;
    private readonly int _events = IsLong ? 20_000 : 3_000;
    private readonly Random _random = new(Seed);
    private long _accepted;
    private long _duplicates;
    private int _unanswered;

    [LinuxFact("sh")]
    public async Task What_got_a_202_is_stored_once_however_often_the_server_is_killed()
    {
        using var folder = new TemporaryFolder();
        var clock = Stopwatch.StartNew();
        var submissions = Submission.Cut(_events, _random).ToArray();
        var left = await KillAllAlongAsync(folder, submissions);
        await PostAllAsync(folder, left);
        output.WriteLine(
            $"{_kills} kills, {_events} events in {submissions.Length} requests: {_accepted} told accepted, {_duplicates} told duplicates when sent again, "
            + $"{_unanswered} requests under way at a kill, {clock.Elapsed.TotalSeconds:0.0} s.");

        await StoredLogins.AssertOnceAsync(folder.File("riskengine.db"), [.. Enumerable.Range(0, _events)]);
        var again = await PostAllAsync(folder, submissions);
        Assert.Equal((0, _events), (again.Accepted, again.Duplicates));
        output.WriteLine($"Sent again: {again.Duplicates} duplicates, {again.Accepted} accepted, {clock.Elapsed.TotalSeconds:0.0} s in all.");
    }

    [LinuxFact]
    public async Task A_first_start_that_left_an_empty_key_file_is_made_good_by_the_next()
    {
        using var folder = new TemporaryFolder();
        folder.Write("admin.key", "");
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        using var client = server.Client();
        using var answer = await client.GetAsync("/api/v1/blocks");
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}");
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("admin.key")));
        Assert.Single(Directory.GetFiles(folder.FullName, "admin.key*"));
    }

    /// <summary>Gives every server its share and what the ones before left, and kills it in the middle of that.</summary>
    private async Task<IReadOnlyList<Submission>> KillAllAlongAsync(TemporaryFolder folder, Submission[] submissions)
    {
        IReadOnlyList<Submission> left = [];
        foreach (var share in Shares(submissions))
        {
            Submission[] work = [.. left, .. share];
            await using var server = await ServedProgram.StartAsync(folder.FullName);
            var posters = new Posters(server, work) { Goal = _random.Next(1, 1 + (work.Sum(submission => submission.Count) * 3 / 4)) };
            var posting = posters.RunAsync();
            await Task.WhenAny(posters.Reached, posting);
            await server.KillAsync();
            await posting;
            Note(posters);
            left = [.. posters.Left];
        }

        return [.. left, .. submissions.Skip(_kills * (submissions.Length / (_kills + 1)))];
    }

    private IEnumerable<Submission[]> Shares(Submission[] submissions) => submissions.Chunk(submissions.Length / (_kills + 1)).Take(_kills);

    private async Task<Posters> PostAllAsync(TemporaryFolder folder, IEnumerable<Submission> work)
    {
        await using var server = await ServedProgram.StartAsync(folder.FullName);
        var posters = new Posters(server, work);
        await posters.RunAsync();
        Assert.Equal(0, posters.Unanswered);
        Assert.Equal(0, await server.StopAsync());
        Note(posters);
        return posters;
    }

    private void Note(Posters posters)
    {
        Assert.Empty(posters.Refusals);
        _accepted += posters.Accepted;
        _duplicates += posters.Duplicates;
        _unanswered += posters.Unanswered;
    }
}
