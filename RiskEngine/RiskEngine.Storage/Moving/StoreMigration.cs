using System.Security.Cryptography;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.PostgreSql.Migrations;
using RiskEngine.Storage.Shared;
using RiskEngine.Storage.Sqlite;
using RiskEngine.Storage.Sqlite.Rotation;

namespace RiskEngine.Storage.Moving;

/// <param name="Rows">How many it has.</param>
public sealed record MovedCount(string Table, long Rows);

/// <summary>What a move did, or would do.</summary>
/// <param name="Nameless">Erased events that keep no id: should their source send them again within a week, they are judged anew.</param>
public sealed record MigrationReport(IReadOnlyList<MovedCount> Tables, long Nameless, bool IsDone);

/// <summary>Moves what an embedded store holds into a shared one that nobody served yet, and checks that all of it is there.</summary>
/// <remarks>
/// <para>
/// The file stays as it is. A copy of it is brought into one form and read table by table, in slices; each is one transaction that also notes how far it is.
/// So whatever breaks off goes on behind the last slice, and nothing goes over twice. Nobody can serve the shared store meanwhile.
/// </para>
/// <para>
/// At the end both sides are counted and summed up (<see cref="RowSum"/>). Only where every table agrees does the last transaction take the secret of the hashes
/// and the ends of the audit's chain over, and open the store.
/// </para>
/// </remarks>
public static class StoreMigration
{
    internal const int RowsPerSlice = 2000;

    /// <summary>Room for the copy, as a multiple of the length of the file.</summary>
    private const double RoomNeeded = 1.2;

    /// <param name="path">The embedded store, which nobody may serve.</param>
    /// <param name="apply">False to tell only what would go over, and whether the target is fit for it.</param>
    /// <param name="who">Who asked, for the audit.</param>
    /// <param name="progress">Told of each slice: the table, and its rows so far in this run.</param>
    /// <exception cref="StateStoreException">It cannot be done, or not all of it arrived. The file is as it was; what is in the shared store is not served, and running it again goes on.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; running it again goes on.</exception>
    public static Task<MigrationReport> RunAsync(string path, SharedStoreSettings settings, bool apply, string who, TimeProvider time, Action<string, long>? progress, CancellationToken cancellation) =>
        RunAsync(path, settings, apply, who, time, progress, RowsPerSlice, cancellation);

    /// <summary>The same with slices of a size, for tests.</summary>
    internal static async Task<MigrationReport> RunAsync(
        string path, SharedStoreSettings settings, bool apply, string who, TimeProvider time, Action<string, long>? progress, int slice, CancellationToken cancellation)
    {
        path = Path.GetFullPath(path);
        SqliteFileCheck.CheckReadable(path);
        using var file = SqliteFile.Open(path);
        file.EndOpening();
        try
        {
            using var copy = CopyOf(path);
            var hash = new KeyedHash(SqliteFile.ReadHashKey(copy));
            var events = new MovedEvents(copy, hash);
            var tables = MovedTables.Of(copy, events);
            await using var database = new PgDatabase(settings.ConnectionString, settings.Password, settings.Timeout);
            var target = new MovedTarget(database);
            var source = SourceOf(copy);
            if (apply) await PgMigration.RunAsync(database, cancellation);
            var mark = await target.LookAsync(source, cancellation);
            var counts = tables.Select(table => new MovedCount(table.Name, table.Count(copy))).ToList();
            if (!apply) return new MigrationReport(counts, 0, false);
            if (mark is null) await target.BeginAsync(mark = new MigrationMark(source, tables[0].Name, null), cancellation);
            mark = await MoveAsync(copy, tables, target, mark, progress, slice, cancellation);
            var before = events.Nameless;
            await CheckAsync(copy, tables, target, progress, cancellation);
            var entry = new AuditEntry(0, EventTime.From(time.GetUtcNow()), who, "store.migrate", "", string.Join(", ", counts.Select(count => $"{count.Table} {count.Rows}")));
            await target.FinishAsync(copy, tables, mark, entry);
            return new MigrationReport(counts, events.Nameless - before, true);
        }
        catch (Exception failure) when (failure is SqliteFailureException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new StateStoreException($"The store {path} was not moved: {failure.Message}. It is as it was.", failure);
        }
        finally
        {
            SqliteFile.RemoveCopies(path);
        }
    }

    /// <summary>A copy in which every row of state is in its table.</summary>
    private static SqliteDatabase CopyOf(string path)
    {
        WorkCopy.CheckRoom(path, RoomNeeded);
        WorkCopy.Make(path);
        var copy = WorkCopy.Open(path);
        try
        {
            new StateMerge(copy).Run();
            copy.Execute("COMMIT");
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    private static async Task<MigrationMark> MoveAsync(
        SqliteDatabase copy, IReadOnlyList<MovedTable> tables, MovedTarget target, MigrationMark mark, Action<string, long>? progress, int size, CancellationToken cancellation)
    {
        var at = Math.Max(0, tables.ToList().FindIndex(table => table.Name == mark.Table));
        for (long rows = 0; at < tables.Count;)
        {
            cancellation.ThrowIfCancellationRequested();
            var slice = tables[at].Read(copy, mark.After, size);
            rows += slice.Rows.Count;
            var isLast = at == tables.Count - 1;
            var next = slice.Last is not null ? mark with { After = slice.Last } : isLast ? mark : new MigrationMark(mark.Source, tables[at + 1].Name, null);
            await target.WriteAsync(tables[at], slice.Rows, mark, next, cancellation);
            mark = next;
            progress?.Invoke(tables[at].Name, rows);
            if (slice.Last is null) (at, rows) = (at + 1, 0);
        }

        return mark;
    }

    private static async Task CheckAsync(SqliteDatabase copy, IReadOnlyList<MovedTable> tables, MovedTarget target, Action<string, long>? progress, CancellationToken cancellation)
    {
        foreach (var table in tables)
        {
            var here = new RowSum();
            for (long[]? after = null; table.Read(copy, after, RowsPerSlice) is { Last: { } last } slice; after = last)
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (var row in slice.Rows) here.Add(row);
            }

            var there = await target.SumAsync(table, cancellation);
            if (here.Count != there.Count || here.Sum != there.Sum)
                throw new StateStoreException($"Of {table.Name} {here.Count} rows were to be moved and {there.Count} are there{(here.Count == there.Count ? ", with another content" : "")}. Drop the tables and begin anew; the file is as it was.");
            progress?.Invoke($"{table.Name}, checked", here.Count);
        }
    }

    /// <summary>Whatever changes the store changes one of these.</summary>
    private static string SourceOf(SqliteDatabase copy)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(SqliteFile.ReadHashKey(copy));
        foreach (var value in copy.Query("SELECT value FROM meta WHERE name IN ('audit_head', 'carried') ORDER BY name", row => row.Blob(0).ToArray())) hash.AppendData(value);
        hash.AppendData(Encoding.UTF8.GetBytes($"{copy.Number("SELECT value FROM meta WHERE name = 'watermark'")} {copy.Number("SELECT max(seq) FROM events")}"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
