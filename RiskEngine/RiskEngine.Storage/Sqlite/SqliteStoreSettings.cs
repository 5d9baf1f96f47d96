using System.ComponentModel.DataAnnotations;

namespace RiskEngine.Storage.Sqlite;

/// <summary>Where the SQLite store lies, what it keeps in memory and for how long it keeps what it wrote.</summary>
public sealed record SqliteStoreSettings
{
    /// <summary>Gets the file, under <c>store.path</c>. It is made, with mode 0600, where there is none; its folder must exist.</summary>
    public required string Path { get; init; }

    /// <summary>Gets the caps of the tables in memory.</summary>
    public TableCaps Caps { get; init; } = new();

    /// <summary>Gets how many events are kept with their assessments; the oldest give way.</summary>
    /// <value>1,000 to 10,000,000,000. The default is 50,000,000, some 20 GB. Repeats can be told only among events that are still stored when the store is opened.</value>
    [Range(1_000L, 10_000_000_000L)]
    public long Events { get; init; } = 50_000_000;

    /// <summary>Gets for how long events are kept, by event time.</summary>
    /// <value>8 days to 10 years. The default is 90 days.</value>
    public TimeSpan EventAge { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Gets for how long a subject's profile is kept after it last changed.</summary>
    /// <value>1 day to 10 years. The default is 400 days.</value>
    public TimeSpan ProfileAge { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Gets for how long reputation and pairs are kept after they last changed; their counts have faded long before.</summary>
    /// <value>1 day to 10 years. The default is 90 days.</value>
    public TimeSpan ReputationAge { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Gets for how long words of people on events are kept.</summary>
    /// <value>1 day to 10 years. The default is 400 days.</value>
    public TimeSpan FeedbackAge { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Gets for how long records of the audit are kept.</summary>
    /// <value>30 days to 10 years. The default is 730 days.</value>
    public TimeSpan AuditAge { get; init; } = TimeSpan.FromDays(730);

    /// <summary>Gets how many bytes of changed rows come together in the journal before they are carried over into their tables.</summary>
    /// <value>1 to 1 GiB. The default is 64 MiB. More means fewer writes to the disk, a longer start, and up to twice as much memory under load; the file grows by up to forty-eight times as much.</value>
    [Range(1L, 1L << 30)]
    public long JournalLength { get; init; } = 64L << 20;

    /// <summary>Gets how many items may wait for one responder, and how many of its dead letters are kept.</summary>
    /// <value>1 to 1,000,000. The default is 50,000, about 1 KB each in the file.</value>
    [Range(1, 1_000_000)]
    public int OutboxCapacity { get; init; } = 50_000;

    /// <summary>Gets how many commits and changes may wait for the disk; the next one waits on its caller's thread.</summary>
    /// <value>1 to 100,000. The default is 1,024.</value>
    [Range(1, 100_000)]
    public int QueueCapacity { get; init; } = 1024;

    /// <summary>Gets how long a commit or a change waits for room in that queue; then it is refused, and nothing of it was taken. Closing waits as long for a disk that does not answer.</summary>
    /// <value>More than 0, to 1 hour. The default is 30 seconds.</value>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets how many bytes the different rows of a full journal have at least for them to become a run, see <see cref="Journal.StateJournal"/>. Tests make it small.</summary>
    internal long SmallestRun { get; init; } = 8L << 20;

    /// <summary>Gets what is done to each connection that is opened for writing; null for nothing. Tests make disks fail with it.</summary>
    internal Action<SqliteDatabase>? WriterOpened { get; init; }
}
