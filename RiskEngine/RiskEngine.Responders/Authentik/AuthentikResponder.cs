using System.Text.Json;
using System.Text.Json.Nodes;
using RiskEngine.Core.State;
using RiskEngine.Outbound;

namespace RiskEngine.Responders.Authentik;

/// <summary>Acts at authentik through its API: group membership, sessions, accounts, reputation, events. Each act may be repeated without harm.</summary>
/// <remarks>What the token needs for each act stands in docs/responders.md. The event that it writes is marked, and the format passes over it on its way back in.</remarks>
public sealed class AuthentikResponder(AuthentikTarget target, OutboundClient client) : IResponder
{
    /// <summary>Name of the member of an event's context that marks it as ours.</summary>
    public const string Mark = "riskengine";

    /// <summary>Sessions and rows of reputation that are looked at in one delivery, at most; the rest follows.</summary>
    private const int PageSize = 100;

    private readonly AuthentikApi _api = new(target, client);
    private volatile string? _group;

    private AuthentikUsers Users => new(_api, target.NameOf);

    public string Name => AuthentikTarget.ResponderName;

    public async Task<DeliveryResult> DeliverAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        if (AuthentikAct.Read(item.Payload.Span) is not { } act) return DeliveryResult.Never(DeliveryReasons.BadAnswer, "the item is of another version and not understood");
        if (item.Kind == AuthentikAct.ForgetReputation) return await ForgetReputationAsync(act, cancellationToken).ConfigureAwait(false);
        var (user, fault) = await Users.FindAsync(act, cancellationToken).ConfigureAwait(false);
        if (user is null) return fault;
        return item.Kind switch
        {
            AuthentikAct.Membership => await MoveAsync(user, act.Wish, cancellationToken).ConfigureAwait(false),
            AuthentikAct.EndSessions when act.Wish => (await _api.DeleteAsync($"core/authenticated_sessions/bulk_delete/?user_pks={user.Pk}", cancellationToken).ConfigureAwait(false)).Result,
            AuthentikAct.EndSessions => await EndSessionsFromAsync(user, act.Address, cancellationToken).ConfigureAwait(false),
            AuthentikAct.Deactivate => (await _api.PatchAsync($"core/users/{user.Pk}/", new JsonObject { ["is_active"] = false }, cancellationToken).ConfigureAwait(false)).Result,
            AuthentikAct.SuspiciousRequest => await TellAsync(user, act, item.IdempotencyKey, cancellationToken).ConfigureAwait(false),
            _ => DeliveryResult.Never(DeliveryReasons.BadAnswer, "there is no such act"),
        };
    }

    private async Task<DeliveryResult> MoveAsync(AuthentikUser user, bool isIn, CancellationToken cancellation)
    {
        var known = _group;
        var (group, fault) = known is not null ? (known, default) : await FindGroupAsync(cancellation).ConfigureAwait(false);
        if (group is null) return fault;
        var answer = await PostAsync(group).ConfigureAwait(false);
        if (answer.Status != 404 || known is null) return answer.Result;

        // The group may have been made anew since; then it has another id.
        (group, fault) = await FindGroupAsync(cancellation).ConfigureAwait(false);
        if (group is null || group == known) return group is null ? fault : answer.Result;
        return (await PostAsync(group).ConfigureAwait(false)).Result;

        Task<ApiAnswer> PostAsync(string pk) => _api.PostAsync($"core/groups/{pk}/{(isIn ? "add_user" : "remove_user")}/", new JsonObject { ["pk"] = user.Pk }, cancellation);
    }

    private async Task<(string? Group, DeliveryResult Fault)> FindGroupAsync(CancellationToken cancellation)
    {
        _group = null;
        var (rows, result) = await _api.ListAsync($"core/groups/?name={Uri.EscapeDataString(target.Acts.RiskGroup)}&include_users=false&page_size=2", cancellation).ConfigureAwait(false);
        if (rows is null) return (null, result);
        var found = rows.Where(row => Text(row, "name") == target.Acts.RiskGroup).Select(row => Text(row, "pk")).Where(pk => Guid.TryParse(pk, out _)).ToList();
        if (found is not [{ } group]) return (null, DeliveryResult.Unavailable(DeliveryReasons.NotFound, $"authentik shows no group {target.Acts.RiskGroup}: make it, or let the token's owner see it"));
        _group = group;
        return (group, result);
    }

    /// <summary>Ends the person's sessions that were last used from an address; authentik's events do not say which session a login began.</summary>
    private async Task<DeliveryResult> EndSessionsFromAsync(AuthentikUser user, string address, CancellationToken cancellation)
    {
        var path = $"core/authenticated_sessions/?user__username={Uri.EscapeDataString(user.Name)}&session__last_ip={Uri.EscapeDataString(address)}&page_size={PageSize}";
        var (rows, result) = await _api.ListAsync(path, cancellation).ConfigureAwait(false);
        if (rows is null) return result;
        var sessions = rows.Where(row => row.TryGetProperty("user", out var owner) && owner.ValueKind == JsonValueKind.Number && owner.TryGetInt64(out var pk) && pk == user.Pk);
        return WithMore(rows, await DeleteAllAsync("core/authenticated_sessions", sessions.Select(row => Text(row, "uuid")), cancellation).ConfigureAwait(false));
    }

    private async Task<DeliveryResult> ForgetReputationAsync(AuthentikAct act, CancellationToken cancellation)
    {
        var (rows, result) = await _api.ListAsync($"policies/reputation/scores/?ip={Uri.EscapeDataString(act.Address)}&page_size={PageSize}", cancellation).ConfigureAwait(false);
        if (rows is null) return result;
        return WithMore(rows, await DeleteAllAsync("policies/reputation/scores", rows.Where(row => Text(row, "ip") == act.Address).Select(row => Text(row, "pk")), cancellation).ConfigureAwait(false));
    }

    /// <summary>A full page is not known to be the last one.</summary>
    private static DeliveryResult WithMore(IReadOnlyList<JsonElement> rows, DeliveryResult deleted) =>
        deleted.Verdict == DeliveryVerdict.Delivered && rows.Count == PageSize ? DeliveryResult.Retry(DeliveryReasons.Conflict, "there may be more than one page of it; the rest follows") : deleted;

    /// <summary>Deletes one by one; what is gone already is no fault.</summary>
    private async Task<DeliveryResult> DeleteAllAsync(string path, IEnumerable<string?> ids, CancellationToken cancellation)
    {
        foreach (var id in ids.Where(id => Guid.TryParse(id, out _)).ToList())
        {
            var answer = await _api.DeleteAsync($"{path}/{id}/", cancellation).ConfigureAwait(false);
            if (!answer.IsSuccess && answer.Status != 404) return answer.Result;
        }

        return DeliveryResult.Delivered;
    }

    private async Task<DeliveryResult> TellAsync(AuthentikUser user, AuthentikAct act, string key, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["action"] = "suspicious_request",
            ["app"] = Mark,
            ["user"] = new JsonObject { ["pk"] = user.Pk, ["username"] = user.Name, ["email"] = "" },
            ["context"] = new JsonObject
            {
                ["message"] = $"RiskEngine: {act.Why}",
                [Mark] = new JsonObject { ["event"] = act.EventId, ["score"] = act.Score, ["id"] = key },
            },
        };
        if (act.Address.Length > 0) body["client_ip"] = act.Address;
        return (await _api.PostAsync("events/events/", body, cancellation).ConfigureAwait(false)).Result;
    }

    private static string? Text(JsonElement row, string name) =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
