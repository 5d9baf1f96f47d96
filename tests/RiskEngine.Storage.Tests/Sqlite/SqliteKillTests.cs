using System.Diagnostics;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Sqlite;

/// <summary>A process that writes is killed without warning, again and again, and each time the file is opened and counted.</summary>
public sealed class SqliteKillTests
{
    private const int Rounds = 12;

    [Theory]
    [InlineData(64 << 20, 64 << 20)]
    [InlineData(6000, 64 << 20)]
    [InlineData(6000, 1)]
    [InlineData(1, 64 << 20)]
    [InlineData(1, 1)]
    public async Task What_was_acknowledged_before_a_kill_is_there_once_and_rows_agree_with_events(int journalLength, int smallestRun)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("store.db");
        var random = new Random(7);
        HashSet<string> acknowledged = [];
        for (var round = 0; round < Rounds; round++)
        {
            await KillAfterAsync(path, $"r{round}", journalLength, smallestRun, random.Next(1, 60), acknowledged);
            await CheckAsync(path, acknowledged);
        }
    }

    private static async Task KillAfterAsync(string path, string prefix, int journalLength, int smallestRun, int lines, HashSet<string> acknowledged)
    {
        var writer = Path.Combine(AppContext.BaseDirectory, "RiskEngine.StoreWriter.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [writer, path, prefix, $"{journalLength}", $"{smallestRun}"]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        for (var i = 0; i < lines; i++) acknowledged.Add((await process.StandardOutput.ReadLineAsync())!);
        process.Kill();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            // The last line may have been cut off by the kill.
            if (line.StartsWith(prefix + "-", StringComparison.Ordinal) && process.StandardOutput.Peek() >= 0) acknowledged.Add(line);
        }

        await process.WaitForExitAsync();
    }

    private static async Task CheckAsync(string path, HashSet<string> acknowledged)
    {
        await using var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = path }, TimeProvider.System);
        List<string> stored = [];
        string? cursor = null;
        do
        {
            var page = await store.FindAssessmentsAsync(new AssessmentQuery { Limit = 1000, Cursor = cursor }, CancellationToken.None);
            stored.AddRange(page.Items.Select(item => item.EventId));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.Empty(acknowledged.Except(stored));
        var view = (await new UnitOfWork(store.Hash).Login(acknowledged.First(), new EventTime(1)).LoadAsync(store)).View;
        Assert.Equal((uint)stored.Count, view.Profiles.Profile(0).Header.Logins);
        Assert.True(view.Events.IsFound(0));
    }
}
