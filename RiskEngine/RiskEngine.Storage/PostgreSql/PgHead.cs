using Npgsql;
using RiskEngine.Core.Events;

namespace RiskEngine.Storage.PostgreSql;

/// <summary>The one row that every change locks first: where the order of changes stands.</summary>
/// <param name="Number">Of the newest change.</param>
/// <param name="Watermark">The newest event time ever accepted.</param>
/// <param name="Seq">Of the newest event.</param>
/// <param name="Day">The newest partition of events.</param>
/// <param name="Lists">The change that blocks or the allow list were changed by last.</param>
/// <param name="LastBlock">The highest id of a block given out.</param>
/// <param name="Epoch">Which copies in Redis count.</param>
/// <param name="Carried">The change up to which all rows are in their table, and not only in the journal.</param>
/// <param name="Forgotten">The change up to which the journal has been cut.</param>
/// <param name="Turned">How often the secret of the hashes was turned.</param>
internal sealed record PgHead(long Number, EventTime Watermark, long Seq, int Day, long Lists, long LastBlock, long Epoch, long Profiles, long Reputation, long Carried, long Forgotten, long Turned)
{
    public const string Columns = "number, watermark, seq, day, lists, last_block, epoch, profiles, reputation, carried, forgotten, turned";

    public const string Select = $"SELECT {Columns} FROM head";

    public const string Lock = Select + " FOR UPDATE";

    public static PgHead Read(NpgsqlDataReader row) =>
        new(row.GetInt64(0), new EventTime(row.GetInt64(1)), row.GetInt64(2), row.GetInt32(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetInt64(10), row.GetInt64(11));

    /// <summary>Takes the lock, for as long as the transaction lasts.</summary>
    public static async Task<PgHead> LockAsync(PgSession session) => (await session.QueryAsync(Lock, Read))[0];

    /// <summary>Writes it with the next flush; how far the journal has been carried over, and how often the secret was turned, is not of a change, and stays.</summary>
    public void WriteLater(PgSession session) => session.Later(
        "UPDATE head SET number = $1, watermark = $2, seq = $3, day = $4, lists = $5, last_block = $6, epoch = $7, profiles = $8, reputation = $9",
        Number, Watermark.UnixMilliseconds, Seq, Day, Lists, LastBlock, Epoch, Profiles, Reputation);
}
