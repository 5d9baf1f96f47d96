using System.Buffers.Binary;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Erasure;

/// <summary>A subject that leaves something in every table of a store, and finds again what is left of it in the bytes of the files.</summary>
internal static class MarkedSubject
{
    public const string Id = "subject-4711-marker", Name = "jane.marker@example.org";

    public static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, 123, TimeSpan.Zero));
    public static readonly AuditEntry Asked = new(0, Now, "admin", "subject.erase", "", "");

    /// <summary>Many logins from many addresses, so that the profile is rewritten and grows, with blocks, words and a name.</summary>
    public static async Task FillAsync(SqliteStateStore store, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var work = new UnitOfWork(store.Hash);
            for (var n = 0; n < 5; n++)
            {
                work.Login($"m{i}-{n}", Now + TimeSpan.FromSeconds(i), n % 2 == 0 ? Id : $"neighbour{i}-{n}", $"203.0.{i % 200}.{n + 1}");
                if (n % 2 == 0) work.Batch[work.Batch.Count - 1].SubjectName = work.Batch.Append(Encoding.UTF8.GetBytes(Name));
            }

            await work.RunAsync(store);
        }

        var handle = SubjectHandle.Of(store.Hash, "default", Id);
        await store.AddBlockAsync(SomeBlock(BlockScope.Subject, Id), new BlockKey(handle), Asked with { What = "block.add", Target = $"subject:{Id}", Detail = $"{Name} left" }, CancellationToken.None);
        var gone = await store.AddBlockAsync(SomeBlock(BlockScope.Pair, $"{Id}@203.0.113.7"), new BlockKey(StateKeys.Pair(store.Hash, handle, IpAddress.Parse("203.0.113.7"))), Asked with { What = "block.add", Target = $"pair:{Id}@203.0.113.7" }, CancellationToken.None);
        await store.RemoveBlockAsync(gone.Id, Asked with { What = "block.remove", Target = $"pair:{Id}@203.0.113.7" }, CancellationToken.None);
        await store.AddFeedbackAsync(new Feedback("default", "m0-0", FeedbackLabel.Safe, $"it was {Name}", "admin", Now), Asked with { What = "feedback", Target = "m0-0", Detail = $"it was {Name}" }, CancellationToken.None);
        await OweAsync(store, handle);
    }

    /// <summary>What responders are owed, among that of others: some of it done, some given up, some waiting.</summary>
    private static async Task OweAsync(SqliteStateStore store, UInt128 handle)
    {
        for (var i = 0; i < 100; i++)
        {
            var isOther = i % 3 == 0;
            var item = new OutboxItem
            {
                Responder = "web", OrderKey = isOther ? $"subject/neighbour{i}" : $"subject/{Id}", Kind = "notify", IdempotencyKey = isOther ? $"n{i}" : $"{Id}/{i}", OnceFor = TimeSpan.FromDays(1),
                Subject = isOther ? null : handle, Payload = Encoding.UTF8.GetBytes(isOther ? "nobody" : $"{Name} {new string('x', i * 20)}"),
            };
            await store.Outbox.AddAsync([item], CancellationToken.None);
        }

        foreach (var item in (await store.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None)).Where(item => item.Id % 4 == 1))
        {
            if (item.Id % 8 == 1) await store.Outbox.CompleteAsync(item.Id, CancellationToken.None);
            else await store.Outbox.KillAsync(item.Id, "refused", item.Subject is null ? "refused" : $"refused {Name}", CancellationToken.None);
        }
    }

    private static Block SomeBlock(BlockScope scope, string value) => new() { Scope = scope, Value = value, Reason = $"{Name} left", Origin = BlockOrigin.Person, CreatedAt = Now, Owner = "admin" };

    public static Task<ErasureReport> EraseAsync(SqliteStateStore store) => store.EraseSubjectAsync(new SubjectErasure("default", Id, DryRun: false), Asked, CancellationToken.None).AsTask();

    /// <summary>Where in the files what names the subject still stands: the names, and the halves of the hashes of both, in either order of bytes.</summary>
    public static List<string> Traces(string path, KeyedHash hash)
    {
        var needles = new List<(string What, byte[] Bytes)> { ("the id", Encoding.UTF8.GetBytes(Id)), ("the name", Encoding.UTF8.GetBytes(Name)) };
        UInt128[] hashes =
        [
            StateKeys.Subject(hash, default, Encoding.UTF8.GetBytes(Id), default), StateKeys.Subject(hash, default, default, Encoding.UTF8.GetBytes(Name)),
            SubjectHandle.Of(hash, "default", Name), StateKeys.Skeleton(hash, default, Encoding.UTF8.GetBytes(Name)), StateKeys.Pair(hash, StateKeys.Subject(hash, default, Encoding.UTF8.GetBytes(Id), default), IpAddress.Parse("203.0.1.1")),
        ];
        foreach (var key in hashes)
        {
            foreach (var half in new[] { (ulong)key, (ulong)(key >> 64) })
            {
                byte[] little = new byte[8], big = new byte[8];
                BinaryPrimitives.WriteUInt64LittleEndian(little, half);
                BinaryPrimitives.WriteUInt64BigEndian(big, half);
                needles.Add(("a hash", little));
                needles.Add(("a hash", big));
                needles.Add(("a row id", Varint(half)));
            }
        }

        return
        [
            .. from file in new[] { path, path + "-wal", path + "-journal", path + "-shm" }.Where(File.Exists)
               let bytes = ReadShared(file)
               from needle in needles
               let at = bytes.AsSpan().IndexOf(needle.Bytes)
               where at >= 0
               select $"{needle.What} in {Path.GetExtension(file)} at page {at / 4096}, byte {at % 4096}",
        ];
    }

    /// <summary>A number as SQLite writes a row's id: its varint of nine bytes for numbers with high bits.</summary>
    private static byte[] Varint(ulong value)
    {
        var bytes = new byte[9];
        bytes[8] = (byte)value;
        value >>= 8;
        for (var i = 7; i >= 0; i--)
        {
            bytes[i] = (byte)((value & 0x7F) | 0x80);
            value >>= 7;
        }

        return bytes;
    }

    private static byte[] ReadShared(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
