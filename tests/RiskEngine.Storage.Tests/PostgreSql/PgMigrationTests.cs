using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.PostgreSql.Migrations;
using RiskEngine.Testing.Servers;

namespace RiskEngine.Storage.Tests.PostgreSql;

/// <summary>Programs that make the tables of an empty database at the same moment.</summary>
public sealed class PgMigrationTests : IAsyncLifetime
{
    private const int Programs = 12, Rounds = 40;

    private PgDatabase _database = null!;

    public async Task InitializeAsync() => _database = new PgDatabase(await (await PostgreSqlServer.CurrentAsync()).NewDatabaseAsync(), null, TimeSpan.FromSeconds(30));

    public async Task DisposeAsync() => await _database.DisposeAsync();

    /// <summary>Without the lock every second of these failed, with 23505 (both write its row), 42P07 (its table is there) or 42710 (its type is, its table not yet).</summary>
    [Fact]
    public async Task The_first_table_is_made_by_whoever_comes_first_however_close_the_others_are()
    {
        for (var round = 0; round < Rounds; round++)
        {
            await AtOnceAsync(async () => await _database.ChangeAsync(
                async session =>
                {
                    await PgMigration.BeginAsync(session);
                    return true;
                },
                CancellationToken.None));
            Assert.Equal(1, await _database.ReadAsync(session => session.ScalarAsync<long>("SELECT count(*) FROM riskengine_schema WHERE version = 0"), CancellationToken.None));
            await _database.ReadAsync(session => session.ExecuteAsync("DROP TABLE riskengine_schema"), CancellationToken.None);
        }
    }

    [Fact]
    public async Task All_find_the_same_secret()
    {
        var secrets = await AtOnceAsync(async () =>
        {
            await PgMigration.RunAsync(_database, CancellationToken.None);
            return Convert.ToHexString(await _database.ReadAsync(session => PgRecords.MetaAsync(session, "hash_key"), CancellationToken.None));
        });
        Assert.Single(secrets.Distinct());
    }

    private static Task<T[]> AtOnceAsync<T>(Func<Task<T>> run) => Task.WhenAll(Enumerable.Range(0, Programs).Select(_ => Task.Run(run)));
}
