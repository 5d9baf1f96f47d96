using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Npgsql;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.Audit;
using RiskEngine.Storage.Moving;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Redis;
using RiskEngine.Storage.Rotation;
using RiskEngine.Storage.Shared;
using RiskEngine.Storage.Shared.Rotation;
using RiskEngine.Storage.Tests.Shared;
using RiskEngine.Storage.Tests.Sqlite;
using RiskEngine.Testing.Servers;
using UnitOfWork = RiskEngine.Testing.UnitOfWork;

namespace RiskEngine.Storage.Tests.Rotation;

/// <summary>What a shared store knows after the secret of its hashes was turned, who is kept out meanwhile, and what is left of the old one.</summary>
public sealed class SharedRotationTests : RotationTest, IAsyncLifetime
{
    private SharedStoreSettings _settings = null!;

    public async Task InitializeAsync() => _settings = await SharedStores.SettingsAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory, InlineData(false), InlineData(true)]
    public async Task Everybody_who_has_a_stored_event_is_known_as_before_wherever_the_rows_were(bool isCarriedOver)
    {
        string before;
        await using (var store = await OpenAsync())
        {
            await FillAsync(store, 40);
            if (isCarriedOver) await SharedStores.CutAsync(store);
            before = await LookAsync(store);
        }

        var report = await RotateSharedAsync();
        await using var again = await OpenAsync();
        Assert.Equal(before, await LookAsync(again));
        Assert.Equal((41, 1), (report[RotationReport.Profiles].Kept, report[RotationReport.Profiles].Lost));
        Assert.Equal((81, 0), (report[RotationReport.Events].Kept, report[RotationReport.Events].Lost));
        Assert.True(report[RotationReport.Looks].Kept > 0);
        Assert.False(report.HasCopiesLeft);
    }

    [Fact]
    public async Task What_is_kept_and_lost_of_a_file_is_kept_and_lost_of_the_store_that_it_was_moved_to()
    {
        await using (var store = SomeSqliteStore.At(StorePath, TimeProvider.System)) await FillRecordsAsync(store, store.Hash);
        var moved = await StoreMigration.RunAsync(StorePath, _settings, apply: true, "test", TimeProvider.System, null, CancellationToken.None);
        Assert.True(moved.IsDone);
        Assert.Equal(Rotate().Tables.OrderBy(table => table.Table), (await RotateSharedAsync()).Tables.OrderBy(table => table.Table));
    }

    [Fact]
    public async Task Blocks_words_and_what_is_owed_are_the_same_persons_and_the_audit_stays_whole()
    {
        await using (var store = await OpenAsync()) await FillRecordsAsync(store, store.Hash);
        await RotateSharedAsync();
        await using var again = await OpenAsync();
        Assert.NotNull(again.Blocks.Find(BlockScope.Subject, SubjectHandle.Of(again.Hash, "default", "42"), Now));
        Assert.Equal(["42", "42@203.0.113.7", "203.0.113.9"], again.Blocks.All.OrderBy(block => block.Id).Select(block => block.Value));
        Assert.Equal(["42", ""], (await again.Outbox.ListAsync(new OutboxQuery(), CancellationToken.None)).Select(item => item.IdempotencyKey));
        Assert.Empty(await again.Challenges.ReadOpenAsync(CancellationToken.None));
        Assert.Equal(1, (await again.Challenges.CountAsync(0, CancellationToken.None)).Challenges.Sum(count => count.Count));
        Assert.Equal(FeedbackLabel.Safe, (await again.FindFeedbackAsync("default", ["a-0"], CancellationToken.None))["a-0"].Label);
        var audit = await again.ReadAuditAsync(0, 100, CancellationToken.None);
        Assert.DoesNotContain(audit, record => record.IsErased);
        Assert.Contains("profiles 4 kept 1 lost", Assert.Single(audit, record => record.Entry.What == "hash_secret.rotate").Entry.Detail);
        var ends = await again.ReadAuditEndsAsync(CancellationToken.None);
        var verifier = new AuditVerifier(ends.Anchor);
        foreach (var record in audit) verifier.Add(record);
        var verdict = verifier.Finish(ends.Head);
        Assert.True(verdict.IsWhole, verdict.Fault);
        var erased = await again.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: false), Entry("subject.erase", ""), CancellationToken.None);
        Assert.Equal((1, 1), (erased.Rows[ErasureReport.Feedback], erased.Rows[ErasureReport.Outbox]));
        Assert.True(erased.Rows[ErasureReport.Audit] > 0);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Of_the_old_secret_its_hashes_and_its_pseudonyms_nothing_is_left_in_the_files_of_PostgreSQL_nor_in_Redis(bool isCluster)
    {
        _settings = await SharedStores.SettingsAsync(isCluster: isCluster);
        List<byte[]> traces;
        int copies;
        await using (var store = await OpenAsync())
        {
            await FillAsync(store, 40);
            await SharedStores.CutAsync(store);
            await LookAsync(store);
            var subject = StateKeys.Subject(store.Hash, default, "42"u8, default);
            traces = [await SecretAsync(), PgKey.Of(subject).ToByteArray(bigEndian: true), Encoding.ASCII.GetBytes(Unknown), PgKey.Of(StateKeys.Event(store.Hash, "default"u8, "a-0"u8)).ToByteArray(bigEndian: true)];
            copies = await CopiesAsync();
        }

        Assert.True(copies > 40);
        foreach (var trace in traces) Assert.True(await StandsAsync(trace), "The test looks at the wrong place.");
        await RotateSharedAsync();
        foreach (var trace in traces) Assert.False(await StandsAsync(trace));
        Assert.Equal(0, await CopiesAsync());
    }

    [Fact]
    public async Task A_store_in_use_is_refused_with_the_names_of_those_who_use_it()
    {
        await using (var leads = await OpenAsync())
        await using (var follows = await SharedStores.AtAsync(_settings with { MayLead = false, MayPoll = false }, TimeProvider.System))
        {
            await FillAsync(leads, 3);
            await leads.Lease.ReleaseAsync(CancellationToken.None);
            await leads.PollLease.ReleaseAsync(CancellationToken.None);
            var refused = await Assert.ThrowsAsync<StateStoreException>(RotateSharedAsync);
            Assert.Contains($"in use by process {Environment.ProcessId} on {Environment.MachineName}. It is as it was.", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(7, (await RotateSharedAsync())[RotationReport.Events].Kept);
    }

    [Fact]
    public async Task Nobody_opens_the_store_in_the_middle_and_what_ends_there_leaves_the_old_state()
    {
        string before;
        await using (var store = await OpenAsync())
        {
            await FillAsync(store, 5);
            before = await LookAsync(store);
        }

        var secret = await SecretAsync();
        StateStoreException? refused = null;
        await Assert.ThrowsAsync<InvalidOperationException>(() => RotateSharedAsync(
            async () =>
            {
                refused = await Assert.ThrowsAsync<StateStoreException>(OpenAsync);
                throw new InvalidOperationException("the plug was pulled");
            }));
        Assert.Contains("is being turned", refused!.Message, StringComparison.Ordinal);
        Assert.Equal(secret, await SecretAsync());
        await using var again = await OpenAsync();
        Assert.Equal(before, await LookAsync(again));
    }

    [Fact]
    public async Task A_replica_that_was_not_known_any_more_stores_nothing_under_the_old_secret()
    {
        await using var cut = await OpenAsync();
        await FillAsync(cut, 3);
        var judged = new UnitOfWork(cut.Hash).Login("late", Now, "42");
        await judged.LoadAsync(cut);
        judged.Judge();
        // As if it had been stopped for longer than its leases last.
        await SqlAsync("DELETE FROM leases");
        await RotateSharedAsync();
        foreach (var late in new Func<Task>[]
        {
            async () => await cut.CommitAsync(judged.Effects, CancellationToken.None),
            async () => await new UnitOfWork(cut.Hash).Login("later", Now, "42").RunAsync(cut),
            async () => await cut.AddAuditAsync(Entry("late", ""), CancellationToken.None),
            cut.CarryOverAsync,
        }) Assert.Contains("was turned while this server had the store open", (await Assert.ThrowsAsync<StateStoreException>(late)).Message, StringComparison.Ordinal);
        await using var again = await OpenAsync();
        Assert.Null(await again.FindEventAsync("default", "late", CancellationToken.None));
    }

    [Fact]
    public async Task A_look_changes_nothing_and_tells_what_would_be()
    {
        await using (var store = await OpenAsync()) await FillRecordsAsync(store, store.Hash);
        var (secret, copies) = (await SecretAsync(), await CopiesAsync());
        var would = await (await SharedHashRotation.OpenAsync(_settings, CancellationToken.None)).RunAsync(apply: false, "test", TimeProvider.System, CancellationToken.None);
        Assert.Equal(secret, await SecretAsync());
        Assert.Equal(copies, await CopiesAsync());
        Assert.Equal(would.Tables, (await RotateSharedAsync()).Tables);
    }

    [Fact]
    public async Task Without_Redis_it_is_done_and_said_and_copies_of_before_are_read_by_nobody()
    {
        var redis = await RedisServer.StartAsync();
        _settings = _settings with { Redis = new RedisSettings { Endpoints = [redis.Endpoint], Timeout = TimeSpan.FromSeconds(2) } };
        string before;
        await using (var store = await OpenAsync())
        {
            await FillAsync(store, 3);
            await SharedStores.CutAsync(store);
            before = await LookAsync(store);
        }

        await using (await redis.HangAsync()) Assert.True((await RotateSharedAsync()).HasCopiesLeft);
        await using var again = await OpenAsync();
        Assert.Equal(before, await LookAsync(again));
        redis.Server.Dispose();
    }

    [Fact]
    public async Task Freshly_erased_events_and_tables_that_are_not_there_are_refused()
    {
        Assert.Contains("no tables", (await Assert.ThrowsAsync<StateStoreException>(RotateSharedAsync)).Message, StringComparison.Ordinal);
        await using (await OpenAsync()) { }

        Assert.All((await RotateSharedAsync()).Tables, table => Assert.Equal((0, 0), (table.Kept, table.Lost)));
        await using (var store = await OpenAsync())
        {
            await FillAsync(store, 3);
            await store.EraseSubjectAsync(new SubjectErasure("default", "42", DryRun: false), Entry("subject.erase", ""), CancellationToken.None);
        }

        var secret = await SecretAsync();
        Assert.Contains("younger than 7 days", (await Assert.ThrowsAsync<StateStoreException>(RotateSharedAsync)).Message, StringComparison.Ordinal);
        Assert.Equal(secret, await SecretAsync());
        await using (var later = await OpenAsync()) await new UnitOfWork(later.Hash).Login("later", Now + TimeSpan.FromDays(7.1), "43").RunAsync(later);
        Assert.Equal(3, (await RotateSharedAsync())[RotationReport.Events].Lost);
    }

    private Task<SharedStateStore> OpenAsync() => SharedStores.AtAsync(_settings, TimeProvider.System);

    private Task<RotationReport> RotateSharedAsync() => RotateSharedAsync(static () => Task.CompletedTask);

    private async Task<RotationReport> RotateSharedAsync(Func<Task> atEnd) =>
        await (await SharedHashRotation.OpenAsync(_settings, CancellationToken.None)).RunAsync(apply: true, "test", TimeProvider.System, atEnd, CancellationToken.None);

    private string Database => new NpgsqlConnectionStringBuilder(_settings.ConnectionString).Database!;

    private async Task<string> SqlAsync(string sql) => await (await PostgreSqlServer.CurrentAsync()).ExecuteAsync(Database, sql) ?? throw new InvalidOperationException($"PostgreSQL refused {sql}.");

    private async Task<byte[]> SecretAsync() => Convert.FromHexString((await SqlAsync("SELECT encode(value, 'hex') FROM meta WHERE name = 'hash_key'")).Trim());

    /// <summary>Copies of rows that Redis has of this store, by the beginning that their names have in common.</summary>
    private async Task<int> CopiesAsync()
    {
        var id = Convert.FromHexString((await SqlAsync("SELECT encode(value, 'hex') FROM meta WHERE name = 'store_id'")).Trim());
        var epochs = long.Parse(await SqlAsync("SELECT epoch FROM head"), CultureInfo.InvariantCulture);
        IReadOnlyList<RedisServer> servers = _settings.Redis.Endpoints.Count > 1 ? await RedisServer.ClusterAsync() : [await RedisServer.CurrentAsync()];
        var found = 0;
        for (var epoch = 0L; epoch <= epochs; epoch++)
        {
            var name = string.Concat(((byte[])RedisKeys.Of(BinaryPrimitives.ReadUInt64BigEndian(id), epoch, RowKey.Carried)!).Skip(3).Take(8).Select(part => $"\\{part:000}"));
            var counting = $"local n = 0 for _, name in ipairs(redis.call('KEYS', '{{?}}*')) do if string.sub(name, 4, 11) == '{name}' then n = n + 1 end end return n";
            foreach (var server in servers) found += int.Parse((await server.CallAsync("EVAL", counting, "0"))!, CultureInfo.InvariantCulture);
        }

        return found;
    }

    /// <summary>Whether those bytes stand in a file of the database, once everything is written there.</summary>
    private async Task<bool> StandsAsync(byte[] trace)
    {
        await SqlAsync("CHECKPOINT");
        var files = $"SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 'i', 't') AND relpersistence = 'p' AND relnamespace IN ('public'::regnamespace, 'pg_toast'::regnamespace)";
        return (await SqlAsync($"SELECT count(*) FROM ({files}) AS of (path) WHERE position('\\x{Convert.ToHexString(trace)}'::bytea IN pg_read_binary_file(path)) > 0")).Trim() != "0";
    }
}
