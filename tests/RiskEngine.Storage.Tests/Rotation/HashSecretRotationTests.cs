using System.Text;
using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Sqlite.Rotation;
using RiskEngine.Storage.Tests.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Rotation;

/// <summary>What is known after the secret of the hashes was turned, what is not, and what a crash in between costs.</summary>
public sealed class HashSecretRotationTests : IDisposable
{
    private static readonly EventTime Now = EventTime.From(new DateTimeOffset(2026, 11, 21, 20, 15, 1, 123, TimeSpan.Zero));
    private static readonly string Unknown = "~" + new string('a', 32);

    private readonly TemporaryFolder _folder = new();
    private readonly string _path;

    public HashSecretRotationTests() => _path = _folder.File("store.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(64L << 20, 8 << 20)]
    [InlineData(1L, 64 << 20)]
    [InlineData(1L, 1)]
    [InlineData(40_000L, 1)]
    public async Task Everybody_who_has_a_stored_event_is_known_as_before_wherever_the_rows_lay(long journalLength, int smallestRun)
    {
        await using (var store = SomeSqliteStore.At(_path, TimeProvider.System, journalLength: journalLength, smallestRun: smallestRun)) await FillAsync(store, 40);
        var before = await LookAsync();
        var report = Rotate();
        Assert.Equal(before, await LookAsync());
        // Lost is what was kept of the name that does not exist.
        Assert.Equal((41, 1), (report[RotationReport.Profiles].Kept, report[RotationReport.Profiles].Lost));
        Assert.Equal((81, 0), (report[RotationReport.Events].Kept, report[RotationReport.Events].Lost));
        Assert.True(report[RotationReport.Looks].Kept > 0);
    }

    [Fact]
    public async Task The_old_secret_its_hashes_and_its_pseudonyms_are_nowhere_in_the_folder()
    {
        await using (var store = SomeSqliteStore.At(_path, TimeProvider.System)) await FillAsync(store, 40);
        var (secret, hash) = Secret();
        List<byte[]> traces = [secret, BytesOf(StateKeys.Subject(hash, default, "42"u8, default)), Encoding.ASCII.GetBytes(Unknown), BytesOf(SubjectHandle.Of(hash, "default", "42"))];
        Assert.Contains(traces, Stands);
        Rotate();
        Assert.DoesNotContain(traces, Stands);
        Assert.NotEqual(secret, Secret().Secret);
        Assert.Equal([_path, _path + ".lock"], Directory.GetFiles(Path.GetDirectoryName(_path)!).Order());
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_path));
    }

    [Fact]
    public async Task Repeats_are_told_and_events_are_found_by_id_subject_and_address_also_in_full_segments()
    {
        await using (var store = SomeSqliteStore.At(_path, TimeProvider.System))
        {
            for (var batch = 0; batch < 66; batch++)
            {
                var work = new UnitOfWork(store.Hash);
                for (var i = 0; i < 1000; i++) work.Login($"{batch}-{i}", Now, $"p{i % 100}", $"203.0.113.{i % 50}");
                await work.RunAsync(store);
            }
        }

        Rotate();
        await using var again = SomeSqliteStore.At(_path, TimeProvider.System);
        foreach (var id in new[] { "0-7", "65-999" })
        {
            var repeat = await new UnitOfWork(again.Hash).Login(id, Now, "p7").RunAsync(again);
            Assert.Equal(EventOutcome.Duplicate, repeat.Effects[0].Outcome);
            Assert.NotNull(await again.FindEventAsync("default", id, CancellationToken.None));
        }

        var subject = StateKeys.Subject(again.Hash, default, "p7"u8, default);
        var found = await again.FindAssessmentsAsync(new AssessmentQuery { Subject = subject, Limit = 1000 }, CancellationToken.None);
        Assert.Equal(660, found.Items.Count);
        Assert.All(found.Items, item => Assert.Equal("p7", item.SubjectId));
    }

    [Fact]
    public async Task Blocks_hold_and_those_that_name_a_hash_end()
    {
        await using (var store = SomeSqliteStore.At(_path, TimeProvider.System))
        {
            await FillAsync(store, 3);
            await BlockAsync(store, BlockScope.Subject, "42");
            await BlockAsync(store, BlockScope.Pair, "42@203.0.113.7");
            await BlockAsync(store, BlockScope.Ip, "203.0.113.9");
            await BlockAsync(store, BlockScope.Session, new string('b', 32));
            await BlockAsync(store, BlockScope.Subject, Unknown);
        }

        var report = Rotate();
        Assert.Equal((3, 2), (report[RotationReport.Blocks].Kept, report[RotationReport.Blocks].Lost));
        await using var again = SomeSqliteStore.At(_path, TimeProvider.System);
        Assert.True(again.Blocks.Find(BlockScope.Subject, SubjectHandle.Of(again.Hash, "default", "42"), Now) is not null);
        Assert.Equal(["42", "42@203.0.113.7", "203.0.113.9"], again.Blocks.All.OrderBy(block => block.Id).Select(block => block.Value));
    }

    [Fact]
    public async Task What_is_wished_of_a_person_afterwards_takes_the_place_of_what_was_wished_before()
    {
        OutboxItem Wish(KeyedHash hash, bool isIn)
        {
            var subject = SubjectHandle.Of(hash, "default", "42");
            return new OutboxItem { Responder = "authentik", OrderKey = $"membership/{subject:x32}", Kind = "membership", IdempotencyKey = $"{isIn}", Payload = new byte[1], Subject = subject, IsLatestWish = true };
        }

        await using (var store = SomeSqliteStore.At(_path, TimeProvider.System))
        {
            await FillAsync(store, 3);
            await store.Outbox.AddAsync([Wish(store.Hash, isIn: true)], CancellationToken.None);
        }

        Rotate();
        await using var again = SomeSqliteStore.At(_path, TimeProvider.System);
        await again.Outbox.AddAsync([Wish(again.Hash, isIn: false)], CancellationToken.None);
        Assert.Equal("False", Assert.Single(await again.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None)).IdempotencyKey);
    }

    [Fact]
    public async Task What_is_owed_is_still_owed_and_goes_with_the_person_and_what_nobody_could_find_any_more_goes_at_once()
    {
        await using (var store = SomeSqliteStore.At(_path, TimeProvider.System))
        {
            await FillAsync(store, 3);
            OutboxItem Owed(string subject) => new()
            {
                Responder = "web", OrderKey = subject, Kind = "notify", IdempotencyKey = subject, Payload = new byte[1], Subject = subject.Length == 0 ? null : SubjectHandle.Of(store.Hash, "default", subject),
            };
            await store.Outbox.AddAsync([Owed("42"), Owed("never seen"), Owed("")], CancellationToken.None);
        }

        var report = Rotate();
        Assert.Equal((1, 1), (report[RotationReport.Outbox].Kept, report[RotationReport.Outbox].Lost));
        await using var again = SomeSqliteStore.At(_path, TimeProvider.System);
        Assert.Equal(["42", ""], (await again.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None)).Select(item => item.OrderKey));
        await again.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: false), Entry("subject.erase", ""), CancellationToken.None);
        Assert.Equal([""], (await again.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None)).Select(item => item.OrderKey));
    }

    [Fact]
    public async Task The_audit_stays_whole_and_names_whom_it_named_and_the_person_can_still_be_erased()
    {
        await using (var store = SomeSqliteStore.At(_path, TimeProvider.System))
        {
            await FillAsync(store, 3);
            await BlockAsync(store, BlockScope.Subject, "42");
            await BlockAsync(store, BlockScope.Subject, "who-never-came");
            await store.AddFeedbackAsync(new Feedback("default", "a-0", FeedbackLabel.Safe, "it was him", "admin", Now), Entry("feedback", "a-0"), CancellationToken.None);
        }

        Rotate();
        Assert.True(Verify().IsWhole, Verify().Fault);
        await using var again = SomeSqliteStore.At(_path, TimeProvider.System);
        var audit = await again.ReadAuditAsync(0, 100, CancellationToken.None);
        Assert.DoesNotContain(audit, record => record.IsErased);
        Assert.Contains("profiles 4 kept 1 lost", Assert.Single(audit, record => record.Entry.What == "hash_secret.rotate").Entry.Detail);
        foreach (var name in new[] { "42", "who-never-came" })
        {
            var report = await again.EraseSubjectAsync(new SubjectErasure("default", name, DryRun: false), Entry("subject.erase", ""), CancellationToken.None);
            Assert.True(report.Rows[ErasureReport.Audit] > 0, name);
            Assert.Equal(name == "42" ? 1 : 0, report.Rows[ErasureReport.Feedback]);
        }
    }

    [Theory]
    [InlineData(RotationStep.Copied)]
    [InlineData(RotationStep.Hashed)]
    [InlineData(RotationStep.Packed)]
    [InlineData(RotationStep.Emptied)]
    [InlineData(RotationStep.Replaced)]
    public async Task What_ends_at_any_step_leaves_the_old_state_or_the_new_one(RotationStep step)
    {
        await using (var store = SomeSqliteStore.At(_path, TimeProvider.System)) await FillAsync(store, 5);
        var (before, secret) = (await LookAsync(), Secret().Secret);
        var copies = new[] { SqliteFile.WorkPath(_path), SqliteFile.MakingPath(_path) };
        foreach (var copy in copies) await File.WriteAllTextAsync(copy, "left by a crash");
        void Pull(RotationStep at)
        {
            if (at == step) throw new InvalidOperationException("the plug was pulled");
        }

        Assert.Throws<InvalidOperationException>(() => HashSecretRotation.Run(_path, apply: true, "test", TimeProvider.System, Pull, CancellationToken.None));
        foreach (var copy in copies) await File.WriteAllTextAsync(copy, "left by a crash");
        Assert.Equal(step == RotationStep.Replaced, !secret.AsSpan().SequenceEqual(Secret().Secret));
        Assert.Equal(before, await LookAsync());
        Assert.DoesNotContain(copies, File.Exists);
    }

    [Fact]
    public async Task A_look_changes_nothing_and_tells_what_would_be()
    {
        await using (var store = SomeSqliteStore.At(_path, TimeProvider.System)) await FillAsync(store, 5);
        var secret = Secret().Secret;
        var would = HashSecretRotation.Run(_path, apply: false, "test", TimeProvider.System, null, CancellationToken.None);
        Assert.Equal(secret, Secret().Secret);
        Assert.Equal(would.Tables, Rotate().Tables);
    }

    [Fact]
    public async Task Whose_events_are_beyond_their_retention_is_forgotten_and_counted()
    {
        await using (var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = _path, Events = 1000 }, TimeProvider.System))
        {
            await new UnitOfWork(store.Hash).Login("first", Now, "gone").RunAsync(store);
            for (var i = 0; i < 70; i++)
            {
                var work = new UnitOfWork(store.Hash);
                for (var n = 0; n < 50; n++) work.Login($"{i}-{n}", Now, $"p{n}");
                await work.RunAsync(store);
            }

            Assert.Null(await store.FindEventAsync("default", "first", CancellationToken.None));
        }

        var report = Rotate();
        Assert.Equal((50, 1), (report[RotationReport.Profiles].Kept, report[RotationReport.Profiles].Lost));
        Assert.Equal(1, report[RotationReport.Pairs].Lost);
    }

    [Fact]
    public async Task A_store_in_use_and_one_with_freshly_erased_events_are_refused_as_they_are()
    {
        await using (var store = SomeSqliteStore.At(_path, TimeProvider.System))
        {
            await FillAsync(store, 3);
            Assert.Contains("in use", Assert.Throws<StateStoreException>(Rotate).Message);
            await store.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: false), Entry("subject.erase", ""), CancellationToken.None);
        }

        var secret = Secret().Secret;
        Assert.Contains("younger than 7 days", Assert.Throws<StateStoreException>(Rotate).Message);
        Assert.Equal(secret, Secret().Secret);

        await using (var later = SomeSqliteStore.At(_path, TimeProvider.System)) await new UnitOfWork(later.Hash).Login("later", Now + TimeSpan.FromDays(7.1), "43").RunAsync(later);
        Assert.Equal(3, Rotate()[RotationReport.Events].Lost);
    }

    private RotationReport Rotate() => HashSecretRotation.Run(_path, apply: true, "test", TimeProvider.System, null, CancellationToken.None);

    /// <summary>Somebody with a long history, somebody else each time, and guesses at a name that does not exist.</summary>
    private static async Task FillAsync(SqliteStateStore store, int count)
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

    /// <summary>What a store knows of those who come.</summary>
    private async Task<string> LookAsync()
    {
        await using var store = SomeSqliteStore.At(_path, TimeProvider.System);
        var text = new StringBuilder();
        foreach (var (id, subject, address) in new[] { ("a-0", "42", "203.0.113.7"), ("new", "42", "198.51.100.200"), ("b-1", "p1", "198.51.100.1"), ("never", "nobody", "203.0.113.7") })
        {
            var view = (await new UnitOfWork(store.Hash).Login(id, Now, subject, address).LoadAsync(store)).View;
            var profile = view.Profiles.Profile(view[0].Subject);
            var look = view[0].Skeleton < 0 ? default : view.Skeletons.Row(view[0].Skeleton);
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{subject}@{address}: seen {view.Events.IsFound(view[0].Event)}, {profile.Header.Count} of {profile.Header.Logins} logins, ");
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"pair {view.Pairs.Row(view[0].Pair).Successes.At(Now.UnixSeconds, Core.Models.ReputationRow.HalfLife):F2}, ");
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture, $"look {look.FirstSeen} {look.FirstSeen != 0 && look.OtherThan((ulong)view[0].SubjectKey, view[0].NameTag) == default}");
        }

        return text.ToString();
    }

    private static async Task BlockAsync(SqliteStateStore store, BlockScope scope, string value)
    {
        Assert.True(new BlockKeyReader(store.Hash).TryParse(scope, value, "default", EntryPurpose.Block, out var entry, out var error), error);
        var block = new Block { Scope = scope, Value = entry.Value, Reason = "test", Origin = BlockOrigin.Person, CreatedAt = Now, Owner = "admin" };
        await store.AddBlockAsync(block, entry.Key, Entry("block.add", $"{scope.Name()}:{value}"), CancellationToken.None);
    }

    private static AuditEntry Entry(string what, string target) => new(0, Now, "admin", what, target, "");

    private AuditVerdict Verify()
    {
        using var audit = StoredAudit.Open(_path);
        return audit.Read(null, _ => { }, CancellationToken.None);
    }

    private (byte[] Secret, KeyedHash Hash) Secret()
    {
        using var database = SqliteDatabase.OpenForReading(_path);
        var secret = SqliteFile.ReadHashKey(database);
        return (secret, new KeyedHash(secret));
    }

    private bool Stands(byte[] trace) => Directory.GetFiles(Path.GetDirectoryName(_path)!).Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(trace) >= 0);

    /// <summary>The low half as SQLite writes the number of a column, or the whole as a blob is too short to say; big-endian.</summary>
    private static byte[] BytesOf(UInt128 hash)
    {
        var bytes = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)hash);
        return bytes;
    }
}
