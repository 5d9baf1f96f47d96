using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Rotation;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Sqlite.Rotation;
using RiskEngine.Storage.Tests.Sqlite;
using RiskEngine.Testing;

namespace RiskEngine.Storage.Tests.Rotation;

/// <summary>What is known after the secret of the hashes was turned, what is not, and what a crash in between costs.</summary>
public sealed class HashSecretRotationTests : RotationTest
{
    [Theory]
    [InlineData(64L << 20, 8 << 20)]
    [InlineData(1L, 64 << 20)]
    [InlineData(1L, 1)]
    [InlineData(40_000L, 1)]
    public async Task Everybody_who_has_a_stored_event_is_known_as_before_wherever_the_rows_lay(long journalLength, int smallestRun)
    {
        await using (var store = SomeSqliteStore.At(StorePath, TimeProvider.System, journalLength: journalLength, smallestRun: smallestRun)) await FillAsync(store, 40);
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
        await using (var store = SomeSqliteStore.At(StorePath, TimeProvider.System)) await FillAsync(store, 40);
        var (secret, hash) = Secret();
        List<byte[]> traces = [secret, BytesOf(StateKeys.Subject(hash, default, "42"u8, default)), Encoding.ASCII.GetBytes(Unknown), BytesOf(SubjectHandle.Of(hash, "default", "42"))];
        Assert.Contains(traces, Stands);
        Rotate();
        Assert.DoesNotContain(traces, Stands);
        Assert.NotEqual(secret, Secret().Secret);
        Assert.Equal([StorePath, StorePath + ".lock"], Directory.GetFiles(Path.GetDirectoryName(StorePath)!).Order());
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(StorePath));
    }

    [Fact]
    public async Task Repeats_are_told_and_events_are_found_by_id_subject_and_address_also_in_full_segments()
    {
        await using (var store = SomeSqliteStore.At(StorePath, TimeProvider.System))
        {
            for (var batch = 0; batch < 66; batch++)
            {
                var work = new UnitOfWork(store.Hash);
                for (var i = 0; i < 1000; i++) work.Login($"{batch}-{i}", Now, $"p{i % 100}", $"203.0.113.{i % 50}");
                await work.RunAsync(store);
            }
        }

        Rotate();
        await using var again = SomeSqliteStore.At(StorePath, TimeProvider.System);
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

    [Theory]
    [InlineData(RotationStep.Copied)]
    [InlineData(RotationStep.Hashed)]
    [InlineData(RotationStep.Packed)]
    [InlineData(RotationStep.Emptied)]
    [InlineData(RotationStep.Replaced)]
    public async Task What_ends_at_any_step_leaves_the_old_state_or_the_new_one(RotationStep step)
    {
        await using (var store = SomeSqliteStore.At(StorePath, TimeProvider.System)) await FillAsync(store, 5);
        var (before, secret) = (await LookAsync(), Secret().Secret);
        var copies = new[] { SqliteFile.WorkPath(StorePath), SqliteFile.MakingPath(StorePath) };
        foreach (var copy in copies) await File.WriteAllTextAsync(copy, "left by a crash");
        void Pull(RotationStep at)
        {
            if (at == step) throw new InvalidOperationException("the plug was pulled");
        }

        Assert.Throws<InvalidOperationException>(() => HashSecretRotation.Run(StorePath, apply: true, "test", TimeProvider.System, Pull, CancellationToken.None));
        foreach (var copy in copies) await File.WriteAllTextAsync(copy, "left by a crash");
        Assert.Equal(step == RotationStep.Replaced, !secret.AsSpan().SequenceEqual(Secret().Secret));
        Assert.Equal(before, await LookAsync());
        Assert.DoesNotContain(copies, File.Exists);
    }

    [Fact]
    public async Task A_look_changes_nothing_and_tells_what_would_be()
    {
        await using (var store = SomeSqliteStore.At(StorePath, TimeProvider.System)) await FillAsync(store, 5);
        var secret = Secret().Secret;
        var would = HashSecretRotation.Run(StorePath, apply: false, "test", TimeProvider.System, null, CancellationToken.None);
        Assert.Equal(secret, Secret().Secret);
        Assert.Equal(would.Tables, Rotate().Tables);
    }

    [Fact]
    public async Task Whose_events_are_beyond_their_retention_is_forgotten_and_counted()
    {
        await using (var store = SqliteStateStore.Open(new SqliteStoreSettings { Path = StorePath, Events = 1000 }, TimeProvider.System))
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
        await using (var store = SomeSqliteStore.At(StorePath, TimeProvider.System))
        {
            await FillAsync(store, 3);
            Assert.Contains("in use", Assert.Throws<StateStoreException>(Rotate).Message);
            await store.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: false), Entry("subject.erase", ""), CancellationToken.None);
        }

        var secret = Secret().Secret;
        Assert.Contains("younger than 7 days", Assert.Throws<StateStoreException>(Rotate).Message);
        Assert.Equal(secret, Secret().Secret);

        await using (var later = SomeSqliteStore.At(StorePath, TimeProvider.System)) await new UnitOfWork(later.Hash).Login("later", Now + TimeSpan.FromDays(7.1), "43").RunAsync(later);
        Assert.Equal(3, Rotate()[RotationReport.Events].Lost);
    }

    private async Task<string> LookAsync()
    {
        await using var store = SomeSqliteStore.At(StorePath, TimeProvider.System);
        return await LookAsync(store);
    }

    private bool Stands(byte[] trace) => Directory.GetFiles(Path.GetDirectoryName(StorePath)!).Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(trace) >= 0);

    /// <summary>The low half as SQLite writes the number of a column, or the whole as a blob is too short to say; big-endian.</summary>
    private static byte[] BytesOf(UInt128 hash)
    {
        var bytes = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, (ulong)hash);
        return bytes;
    }
}
