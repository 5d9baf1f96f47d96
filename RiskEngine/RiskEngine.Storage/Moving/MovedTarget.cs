using System.Globalization;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Storage.PostgreSql;
using RiskEngine.Storage.Sqlite;

namespace RiskEngine.Storage.Moving;

/// <summary>The shared store that rows go into: takes slices, tells what it has, and is opened to those who serve it in one last transaction.</summary>
internal sealed class MovedTarget(PgDatabase database)
{
    private HashSet<int> _days = [];

    /// <summary>Looks at what is there; nothing where the tables are not made yet.</summary>
    /// <returns>How far a move of that file has come; null where nothing was begun.</returns>
    /// <exception cref="StateStoreException">It is in use, or half of another file is in it.</exception>
    public async Task<MigrationMark?> LookAsync(string source, CancellationToken cancellation)
    {
        if (!await database.ReadAsync(session => session.ScalarAsync<bool>("SELECT to_regclass('head') IS NOT NULL"), cancellation)) return null;
        var (mark, head, days) = await database.ReadAsync(
            async session => (await MigrationMark.ReadAsync(session), (await session.QueryAsync(PgHead.Select, PgHead.Read))[0], await PgEvents.DaysAsync(session)), cancellation);
        _days = [.. days.Select(day => day.Day)];
        if (mark is null && head.Number > 0) throw new StateStoreException($"The shared store is in use: {head.Number} changes, {head.Seq} events. A move needs one that nobody served yet. Name another database.");
        if (mark is not null && mark.Source != source)
            throw new StateStoreException("Half of another file is in these tables, or the file has changed since. Drop the tables and begin anew.");
        return mark;
    }

    public Task BeginAsync(MigrationMark mark, CancellationToken cancellation) => database.ChangeAsync(
        async session =>
        {
            await mark.BeginAsync(session);
            return true;
        },
        cancellation);

    /// <summary>Takes a slice and notes that it is there, both or neither.</summary>
    public async Task WriteAsync(MovedTable table, IReadOnlyList<object?[]> rows, MigrationMark was, MigrationMark now, CancellationToken cancellation)
    {
        int[] days = table is MovedEvents ? [.. rows.Select(row => (int)row[0]!).Distinct().Where(day => !_days.Contains(day))] : [];
        await database.ChangeAsync(
            async session =>
            {
                await was.LockAsync(session);
                foreach (var day in days) PgEvents.AddDayLater(session, day);
                if (rows.Count > 0) session.Later(InsertOf(table), [.. table.Columns.Select((column, at) => (object?)column.ToArray(rows, at))]);
                now.WriteLater(session);
                await session.FlushAsync();
                return true;
            },
            cancellation);
        _days.UnionWith(days);
    }

    /// <summary>What is there of a table.</summary>
    public Task<RowSum> SumAsync(MovedTable table, CancellationToken cancellation) => database.ReadAsync(
        async session =>
        {
            var sum = new RowSum();
            var where = table.Where.Length > 0 ? $" WHERE {table.Where}" : "";
            await session.EachAsync(
                $"SELECT {ColumnsOf(table)} FROM {table.Target}{where}",
                row =>
                {
                    var values = new object?[table.Columns.Count];
                    for (var i = 0; i < values.Length; i++) values[i] = table.Columns[i].Read(row, i);
                    sum.Add(values);
                });
            return sum;
        },
        cancellation);

    /// <summary>Takes secrets and the ends of the audit over, sets what gives out numbers, and takes the mark away: from then on the store is served.</summary>
    public Task FinishAsync(SqliteDatabase file, IReadOnlyList<MovedTable> tables, MigrationMark mark, AuditEntry entry) => database.ChangeAsync(
        async session =>
        {
            await mark.LockAsync(session);
            foreach (var (name, value) in file.Query("SELECT name, value FROM meta WHERE name IN ('hash_key', 'audit_key', 'audit_head', 'audit_anchor', 'operators')", row => (row.Text(0), row.Blob(1).ToArray())))
                await PgRecords.PutMetaAsync(session, name, value);
            if (file.Number("SELECT value FROM meta WHERE name = 'audit_removed'") is > 0 and var removed)
                await PgRecords.PutMetaAsync(session, "audit_removed", Encoding.UTF8.GetBytes(removed.ToString(CultureInfo.InvariantCulture)));
            foreach (var table in tables)
            {
                if (table.Numbers is { } numbers && file.Number(numbers.Last) is > 0 and var last)
                    await session.ScalarAsync<long>($"SELECT setval(pg_get_serial_sequence('{table.Target}', '{numbers.Column}'), $1)", last);
            }

            var head = await PgHead.LockAsync(session);
            HeadOf(file, head).WriteLater(session);
            await PgAudit.AppendAsync(session, [entry]);
            MigrationMark.RemoveLater(session);
            await session.FlushAsync();
            return true;
        },
        CancellationToken.None);

    private PgHead HeadOf(SqliteDatabase file, PgHead head) => head with
    {
        Number = 1,
        Watermark = new EventTime(file.Number("SELECT value FROM meta WHERE name = 'watermark'")),
        Seq = file.Number("SELECT max(seq) FROM events"),
        Day = _days.Count == 0 ? head.Day : _days.Max(),
        Lists = 1,
        LastBlock = file.Number(MovedTables.LastOf("blocks")),
        Epoch = head.Epoch + 1,
        Profiles = file.Number("SELECT count(*) FROM profiles"),
        Reputation = file.Number("SELECT count(*) FROM reputation"),
    };

    private static string ColumnsOf(MovedTable table) => string.Join(", ", table.Columns.Select(column => column.Name));

    private static string InsertOf(MovedTable table) =>
        $"INSERT INTO {table.Target} ({ColumnsOf(table)}) OVERRIDING SYSTEM VALUE SELECT * FROM unnest({string.Join(", ", table.Columns.Select((column, at) => $"${at + 1}::{column.ArrayType}"))})";
}
