using System.Text.Json;

namespace RiskEngine.Responders.Authentik;

/// <summary>An account at authentik.</summary>
internal sealed record AuthentikUser(long Pk, string Name);

/// <summary>Finds the account that an event was about, and makes sure that it is that one: acting on another is worse than not acting.</summary>
internal sealed class AuthentikUsers(AuthentikApi api)
{
    public async Task<(AuthentikUser? User, DeliveryResult Result)> FindAsync(AuthentikAct act, CancellationToken cancellation)
    {
        long pk = 0;
        var hasPk = act.UserId.Length > 0 && long.TryParse(act.UserId, out pk);
        if (act.UserName.Length == 0)
            return hasPk ? await ReadAsync(pk, cancellation).ConfigureAwait(false) : (null, Missing("the event names no account of authentik"));
        var (rows, result) = await api.ListAsync($"core/users/?username={Uri.EscapeDataString(act.UserName)}&include_groups=false&include_roles=false&page_size=2", cancellation).ConfigureAwait(false);
        if (rows is null) return (null, result);
        if (rows.Count != 1 || UserOf(rows[0]) is not { } user || user.Name != act.UserName) return (null, Missing("authentik shows no account of that name"));
        return act.UserId.Length > 0 && (!hasPk || user.Pk != pk) ? (null, Missing("the account of that name has another id: it is not the one of the event")) : (user, result);
    }

    private async Task<(AuthentikUser? User, DeliveryResult Result)> ReadAsync(long pk, CancellationToken cancellation)
    {
        var answer = await api.GetAsync($"core/users/{pk}/", cancellation).ConfigureAwait(false);
        if (!answer.IsSuccess) return (null, answer.Result);
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            if (UserOf(document.RootElement) is { } user && user.Pk == pk) return (user, answer.Result);
        }
        catch (JsonException)
        {
            return (null, DeliveryResult.Unavailable(DeliveryReasons.BadAnswer, "the answer is no account of authentik's API"));
        }

        return (null, DeliveryResult.Unavailable(DeliveryReasons.BadAnswer, "the answer is no account of authentik's API"));
    }

    private static AuthentikUser? UserOf(JsonElement row) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty("pk", out var pk) && pk.ValueKind == JsonValueKind.Number && pk.TryGetInt64(out var number)
        && row.TryGetProperty("username", out var name) && name.ValueKind == JsonValueKind.String ? new AuthentikUser(number, name.GetString()!) : null;

    private static DeliveryResult Missing(string words) => DeliveryResult.Never(DeliveryReasons.NotFound, words);
}
