using RiskEngine.Storage.Records;

namespace RiskEngine.Storage.Sqlite.Journal;

/// <summary>Takes a row out of a run: out of its block, and where it was the block's first, out of the directory too.</summary>
/// <remarks>Bits of the filter stay: they stand for many rows at once. Belongs to the writer's thread.</remarks>
internal static class RunEraser
{
    /// <returns>The run as it is then; null where it does not hold the row.</returns>
    public static SortedRun? Erase(SqliteDatabase database, SortedRun run, StateRowKind kind, UInt128 key)
    {
        var place = run.Find(kind, key);
        if (place < 0 || database.Query("SELECT rows FROM run_blocks WHERE place = ?", row => row.Blob(0).ToArray(), place) is not [var rows]) return null;
        if (!RunBlock.TryFind(rows, kind, key, out _)) return null;
        var kept = new ByteBuffer();
        RowPosition? first = null;
        for (var from = new ByteReader(rows); !from.IsAtEnd;)
        {
            var row = RunBlock.Next(ref from);
            if (row.Key == key && row.Kind == kind) continue;
            first ??= RowPosition.Of(row);
            StateRow.Write(kept, row.Kind, row.Key, row.Body);
        }

        if (kept.Length > 0) database.Execute("UPDATE run_blocks SET rows = ? WHERE place = ?", kept.Written.ToArray(), place);
        else database.Execute("DELETE FROM run_blocks WHERE place = ?", place);
        var block = (int)(place & ((1 << SortedRun.BlockBits) - 1));
        if (run.First(block) == first) return run;
        var changed = run.WithFirst(block, first);
        database.Execute("UPDATE runs SET directory = ? WHERE number = ?", changed.ToBytes(), run.Number);
        return changed;
    }
}
