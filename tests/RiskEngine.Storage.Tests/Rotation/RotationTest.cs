using System.Text;
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
    protected static async Task FillAsync(SqliteStateStore store, int count)
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

    protected static AuditEntry Entry(string what, string target) => new(0, Now, "admin", what, target, "");

    protected (byte[] Secret, KeyedHash Hash) Secret()
    {
        using var database = SqliteDatabase.OpenForReading(StorePath);
        var secret = SqliteFile.ReadHashKey(database);
        return (secret, new KeyedHash(secret));
    }
}
