using System.Text.Json;

namespace RiskEngine.Responders.Authentik;

/// <summary>An account at authentik.</summary>
internal sealed record AuthentikUser(long Pk, string Name);

/// <summary>Finds the account that an event was about, and makes sure that it is that one: acting on another is worse than not acting.</summary>
/// <remarks>A bare number is not enough: other sources number and name people as well. Then the name is the one that stored events of that id have.</remarks>
internal sealed class AuthentikUsers(AuthentikApi api, Func<string, CancellationToken, ValueTask<string?>> nameOf)
{
    public async Task<(AuthentikUser? User, DeliveryResult Result)> FindAsync(AuthentikAct act, CancellationToken cancellation)
    {
        long pk = 0;
        var hasPk = act.UserId.Length > 0 && long.TryParse(act.UserId, out pk);
        if (act.UserName.Length == 0 && !hasPk) return (null, Missing("the event names no account of authentik"));
        var name = act.UserName.Length > 0 ? act.UserName : await nameOf(act.UserId, cancellation).ConfigureAwait(false);
        if (name is null) return (null, Missing("no stored event says the name of that id, so that whose it is at authentik is not certain"));
        var (rows, result) = await api.ListAsync($"core/users/?username={Uri.EscapeDataString(name)}&include_groups=false&include_roles=false&page_size=2", cancellation).ConfigureAwait(false);
        if (rows is null) return (null, result);
        if (rows.Count != 1 || UserOf(rows[0]) is not { } user || user.Name != name) return (null, Missing("authentik shows no account of that name"));
        return act.UserId.Length > 0 && (!hasPk || user.Pk != pk) ? (null, Missing("the account of that name has another id: it is not the one of the event")) : (user, result);
    }

    private static AuthentikUser? UserOf(JsonElement row) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty("pk", out var pk) && pk.ValueKind == JsonValueKind.Number && pk.TryGetInt64(out var number)
        && row.TryGetProperty("username", out var name) && name.ValueKind == JsonValueKind.String ? new AuthentikUser(number, name.GetString()!) : null;

    private static DeliveryResult Missing(string words) => DeliveryResult.Never(DeliveryReasons.NotFound, words);
}
