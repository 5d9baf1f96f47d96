using System.Globalization;

namespace RiskEngine.Storage.PostgreSql;

/// <summary>Who of many replicas does what only one may do: a row with an end, by the clock of the server, so that clocks of replicas may differ.</summary>
/// <remarks>
/// A holder that is gone is followed when its time is over. Whoever holds it counts its time from before it asked, so that it stops believing
/// before another may begin. Thread-safe.
/// </remarks>
/// <param name="name">What it is about.</param>
/// <param name="length">For how long it holds without being renewed.</param>
internal sealed class PgLease(PgDatabase database, string name, TimeSpan length, TimeProvider time)
{
    /// <summary>What there is to be the one for: to lead, and to poll.</summary>
    public const string Leader = "leader", Poller = "poller";

    /// <summary>How the names of leases begin that say who has the store open; each has one of its own.</summary>
    private const string Opened = "opened ";

    /// <summary>Tells people who it is; nothing goes by it.</summary>
    private static readonly string Who = string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}");

    private readonly Guid _holder = Guid.NewGuid();
    private long _heldUntil;

    /// <summary>What says that this program has the store open, for as long as it is renewed.</summary>
    public static PgLease OfOpened(PgDatabase database, TimeSpan length, TimeProvider time) => new(database, Opened + Guid.NewGuid().ToString("n"), length, time);

    /// <summary>Who holds any lease, that of having the store open too, each once.</summary>
    public static Task<List<string>> HoldersAsync(PgSession session) => session.QueryAsync(
        "SELECT DISTINCT coalesce(nullif(who, ''), 'a server that does not give its name') AS who FROM leases WHERE until > now() ORDER BY who", row => row.GetString(0));

    /// <summary>Removes what programs left that ended without giving it up.</summary>
    public static Task TidyAsync(PgSession session) => session.ExecuteAsync("DELETE FROM leases WHERE starts_with(name, $1) AND until < now()", Opened);

    /// <summary>Gets whether it is held now.</summary>
    public bool IsHeld => time.GetTimestamp() < Interlocked.Read(ref _heldUntil);

    /// <summary>Takes it, or renews it.</summary>
    /// <returns>Whether it is held; false also where another one has it.</returns>
    public Task<bool> RenewAsync(CancellationToken cancellationToken) => database.ChangeAsync(RenewAsync, cancellationToken);

    /// <summary>The same within a transaction, with which it has to end well.</summary>
    public async Task<bool> RenewAsync(PgSession session)
    {
        var asked = time.GetTimestamp();
        var isHeld = await session.ScalarAsync<bool>(
            """
            INSERT INTO leases (name, holder, until, who) VALUES ($1, $2, now() + $3, $4) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until, who = excluded.who
            WHERE leases.holder = excluded.holder OR leases.until < now() RETURNING true
            """,
            name, _holder, length, Who);
        Interlocked.Exchange(ref _heldUntil, isHeld ? asked + (long)(length.TotalSeconds * time.TimestampFrequency) : 0);
        return isHeld;
    }

    /// <summary>Gives it up, so that another need not wait.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _heldUntil, 0) == 0) return;
        await database.ChangeAsync(session => session.ExecuteAsync("DELETE FROM leases WHERE name = $1 AND holder = $2", name, _holder), cancellationToken);
    }
}
