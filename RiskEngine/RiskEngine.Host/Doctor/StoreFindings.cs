using RiskEngine.Configuration;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Challenges;
using RiskEngine.Host.Composition;

namespace RiskEngine.Host.Doctor;

/// <summary>Looks at the embedded store: the room on its disk, and what it holds while no program has it open.</summary>
internal static class StoreFindings
{
    public const int ChallengeDays = 30;

    private const string What = "store";

    /// <summary>Bytes; with less there is no room for the log of a busy store.</summary>
    private const long LeastRoom = 1L << 30;

    /// <summary>What it holds. For a file that no program has open.</summary>
    public static async Task<IReadOnlyList<Finding>> LookAsync(RiskEngineSettings settings, CancellationToken cancellation)
    {
        if (!File.Exists(settings.Store.Path)) return [new Finding(true, What, $"{settings.Store.Path} is not there yet; it is made at the first start")];
        try
        {
            await using var store = Stores.OpenFile(settings.Store.Path, settings);
            var statistics = await store.Records.StatisticsAsync(cancellation);
            var day = EventTime.From(TimeProvider.System.GetUtcNow()).UnixDays - ChallengeDays + 1;
            var challenges = ChallengeReport.Of(await store.Records.Challenges.CountAsync(day, cancellation), day);
            return
            [
                new Finding(true, What, $"{settings.Store.Path}: {statistics.Events} events, {statistics.Subjects} subjects, {statistics.SizeBytes / 1e6:0.0} MB"),
                new Finding(true, "challenges", challenges.ToString()),
            ];
        }
        catch (StateStoreException failure)
        {
            return [new Finding(false, What, failure.Message)];
        }
    }

    /// <summary>How much its disk has left, by what it takes itself.</summary>
    public static Finding LookAtRoom(string path)
    {
        try
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            var free = new DriveInfo(folder).AvailableFreeSpace;
            var needed = Math.Max(LeastRoom, File.Exists(path) ? new FileInfo(path).Length / 4 : 0);
            return free >= needed ? new Finding(true, What, $"its disk has {free / 1e9:0.0} GB left")
                : new Finding(false, What, $"its disk has {free / 1e9:0.0} GB left, less than {needed / 1e9:0.0} GB, a quarter of the file and at least 1: make room, or lower store.retention_days");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new Finding(false, What, $"the disk of {path} cannot be looked at: {failure.Message}");
        }
    }
}
