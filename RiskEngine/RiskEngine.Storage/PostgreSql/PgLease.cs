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

    /// <summary>Tells people who it is; nothing goes by it.</summary>
    private static readonly string Who = string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName}");

    private readonly Guid _holder = Guid.NewGuid();
    private long _heldUntil;

    /// <summary>Gets whether it is held now.</summary>
    public bool IsHeld => time.GetTimestamp() < Interlocked.Read(ref _heldUntil);

    /// <summary>Takes it, or renews it.</summary>
    /// <returns>Whether it is held; false also where another one has it.</returns>
    public async Task<bool> RenewAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        var isHeld = await database.ChangeAsync(
            session => session.ScalarAsync<bool>(
                """
                INSERT INTO leases (name, holder, until, who) VALUES ($1, $2, now() + $3, $4) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until, who = excluded.who
                WHERE leases.holder = excluded.holder OR leases.until < now() RETURNING true
                """,
                name, _holder, length, Who),
            cancellationToken);
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
