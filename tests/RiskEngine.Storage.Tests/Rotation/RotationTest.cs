using System.Globalization;
using System.Text;
using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Rotation;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Sqlite.Rotation;
using RiskEngine.Storage.Tests.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Rotation;

/// <summary>A store whose hashes get a new secret.</summary>
public abstract class RotationTest : IDisposable
{
    /// <summary>The time that the tests take for now.</summary>
    protected static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, 123, TimeSpan.Zero));

    /// <summary>The id of a name that does not exist.</summary>
    protected static readonly string Unknown = "~" + new string('a', 32);

    private readonly TemporaryFolder _folder = new();

    protected RotationTest() => StorePath = _folder.File("store.db");

    protected string StorePath { get; }

    public void Dispose() => _folder.Dispose();

    protected RotationReport Rotate() => HashSecretRotation.Run(StorePath, apply: true, "test", TimeProvider.System, null, CancellationToken.None);

    /// <summary>Somebody with a long history, somebody else each time, and guesses at a name that does not exist.</summary>
    protected static async Task FillAsync(IStateStore store, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var work = new UnitOfWork(store.Hash).Login($"a-{i}", Now + TimeSpan.FromSeconds(i)).Login($"b-{i}", Now, $"p{i}", $"198.51.100.{i}");
            await work.RunAsync(store);
        }

        var guess = new UnitOfWork(store.Hash).Login("guess", Now, "", "198.51.100.1", EventKind.LoginFailed);
        guess.Batch[0].SubjectName = guess.Batch.Append(Encoding.ASCII.GetBytes(Unknown));
        await guess.LoadAsync(store);
        await store.CommitAsync(guess.Judge().Effects, CancellationToken.None);
    }

    /// <summary>The same with what people and responders have to do with: blocks, a word, what is owed, a challenge that is over and one that is open.</summary>
    protected static async Task FillRecordsAsync<T>(T store, KeyedHash hash) where T : IStateStore, IRecordStore
    {
        await FillAsync(store, 3);
        await BlockAsync(store, hash, BlockScope.Subject, "42");
        await BlockAsync(store, hash, BlockScope.Pair, "42@203.0.113.7");
        await BlockAsync(store, hash, BlockScope.Ip, "203.0.113.9");
        await BlockAsync(store, hash, BlockScope.Session, new string('b', 32));
        await BlockAsync(store, hash, BlockScope.Subject, Unknown);
        await store.AddFeedbackAsync(new Feedback("default", "a-0", FeedbackLabel.Safe, "it was him", "admin", Now), Entry("feedback", "a-0"), CancellationToken.None);
        OutboxItem Owed(string subject) => new()
        {
            Responder = "web", OrderKey = subject, Kind = "notify", IdempotencyKey = subject, Payload = new byte[1], Subject = subject.Length == 0 ? null : SubjectHandle.Of(hash, "default", subject),
        };
        await store.Outbox.AddAsync([Owed("42"), Owed("never seen"), Owed("")], CancellationToken.None);
        var open = new Challenge { Id = 77, IssuedAt = Now, Origin = ChallengeOrigin.Asked, Subject = SubjectHandle.Of(hash, "default", "42"), Request = 5, Event = 6 };
        await store.Challenges.SaveAsync([open, open with { Id = 78, Outcome = ChallengeOutcome.Passed }], new Dictionary<int, long> { [Now.UnixDays] = 12 }, CancellationToken.None);
    }

    /// <summary>What a store knows of those who come.</summary>
    protected static async Task<string> LookAsync(IStateStore store)
    {
        var text = new StringBuilder();
        foreach (var (id, subject, address) in new[] { ("a-0", "42", "203.0.113.7"), ("new", "42", "198.51.100.200"), ("b-1", "p1", "198.51.100.1"), ("never", "nobody", "203.0.113.7") })
        {
            var view = (await new UnitOfWork(store.Hash).Login(id, Now, subject, address).LoadAsync(store)).View;
            var profile = view.Profiles.Profile(view[0].Subject);
            var look = view[0].Skeleton < 0 ? default : view.Skeletons.Row(view[0].Skeleton);
            text.Append(CultureInfo.InvariantCulture, $"{subject}@{address}: seen {view.Events.IsFound(view[0].Event)}, {profile.Header.Count} of {profile.Header.Logins} logins, ");
            text.Append(CultureInfo.InvariantCulture, $"pair {view.Pairs.Row(view[0].Pair).Successes.At(Now.UnixSeconds, Core.Models.ReputationRow.HalfLife):F2}, ");
            text.AppendLine(CultureInfo.InvariantCulture, $"look {look.FirstSeen} {look.FirstSeen != 0 && look.OtherThan((ulong)view[0].SubjectKey, view[0].NameTag) == default}");
        }

        return text.ToString();
    }

    protected static async Task BlockAsync(IRecordStore store, KeyedHash hash, BlockScope scope, string value)
    {
        Assert.True(new BlockKeyReader(hash).TryParse(scope, value, "default", EntryPurpose.Block, out var entry, out var error), error);
        var block = new Block { Scope = scope, Value = entry.Value, Reason = "test", Origin = BlockOrigin.Person, CreatedAt = Now, Owner = "admin" };
        await store.AddBlockAsync(block, entry.Key, Entry("block.add", $"{scope.Name()}:{value}"), CancellationToken.None);
    }

    protected static AuditEntry Entry(string what, string target) => new(0, Now, "admin", what, target, "");

    protected (byte[] Secret, KeyedHash Hash) Secret()
    {
        using var database = SqliteDatabase.OpenForReading(StorePath);
        var secret = SqliteFile.ReadHashKey(database);
        return (secret, new KeyedHash(secret));
    }
}
