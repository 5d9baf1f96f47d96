using System.Globalization;
using RiskEngine.Core.Events;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Testing;

// Writes events to a store until it is killed, and says the id of each once its commit is done: "StoreWriter FILE PREFIX JOURNAL_LENGTH SMALLEST_RUN".
var (path, prefix) = (args[0], args[1]);
var (journalLength, smallestRun) = (long.Parse(args[2], CultureInfo.InvariantCulture), long.Parse(args[3], CultureInfo.InvariantCulture));
var start = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 0, TimeSpan.Zero));
await using var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = path, JournalLength = journalLength, SmallestRun = smallestRun }, TimeProvider.System);
Queue<(string Id, Task Commit)> waiting = [];
for (var number = 0; ; number++)
{
    var id = $"{prefix}-{number}";
    var work = (await new UnitOfWork(store.Hash).Login(id, start + TimeSpan.FromSeconds(number)).LoadAsync(store)).Judge();
    waiting.Enqueue((id, store.CommitAsync(work.Effects, CancellationToken.None).AsTask()));
    while (waiting.Count > 3 || (waiting.TryPeek(out var first) && first.Commit.IsCompleted))
    {
        var (done, commit) = waiting.Dequeue();
        await commit;
        Console.Out.WriteLine(done);
        Console.Out.Flush();
    }
}
