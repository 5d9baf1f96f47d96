using System.Globalization;
using RiskEngine.Storage.PostgreSql;

namespace RiskEngine.Storage.Shared;

/// <summary>Looks at what one replica does for all: who leads, who polls, and how much waits to be carried over. For <c>doctor</c>.</summary>
internal static class SharedDutyCheck
{
    /// <summary>How long rows may wait before somebody has to look: several times as long as it takes while nothing is wrong.</summary>
    private static readonly TimeSpan MostWaiting = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<SharedStoreFinding>> LookAsync(PgSession session)
    {
        var leader = await HolderAsync(session, PgLease.Leader);
        var poller = await HolderAsync(session, PgLease.Poller);
        var (units, bytes, age) = (await session.QueryAsync(
            "SELECT count(*), coalesce(sum(length(body)), 0)::bigint, coalesce(extract(epoch FROM now() - min(at)), 0)::float8 FROM journal WHERE number > (SELECT carried FROM head)",
            row => (row.GetInt64(0), row.GetInt64(1), TimeSpan.FromSeconds(row.GetDouble(2)))))[0];
        var waiting = units == 0 ? "nothing waits to be carried over" : string.Create(CultureInfo.InvariantCulture, $"{units} units of work, {bytes / 1e6:0.0} MB, wait to be carried over, the oldest for {age.TotalSeconds:0} s");
        return
        [
            age <= MostWaiting ? Found(true, "journal", waiting)
                : Found(false, "journal", $"{waiting}; {(leader is null ? "start a server with the role engine, which carries them over" : "see PostgreSQL's disk and load, and the log of the server that leads")}: at 512 MB nothing is stored any more"),
            Found(true, "leader", leader ?? "nobody: nothing is delivered, carried over or tidied up while no server with the role engine runs"),
            Found(true, "poller", poller ?? "nobody: nothing is polled while no server with the role collector runs"),
        ];
    }

    private static async Task<string?> HolderAsync(PgSession session, string name) => (await session.QueryAsync(
        "SELECT who FROM leases WHERE name = $1 AND until > now()", row => row.GetString(0) is { Length: > 0 } who ? who : "a server that does not give its name", name)).FirstOrDefault();

    private static SharedStoreFinding Found(bool isGood, string what, string detail) => new(isGood, what, detail);
}
