using System.Text.Json;

namespace RiskEngine.Host.Authentik;

/// <summary>Whether RiskEngine's account has the rights it needs, and no other.</summary>
internal sealed class RightsCheck(AuthentikApi api, AuthentikCheckScope scope)
{
    private const string What = "rights";
    private const string Account = "riskengine";
    private const string ViewEvents = "authentik_events.view_event";
    private const string ViewUsers = "authentik_core.view_user";
    private const string ViewGroups = "authentik_core.view_group";
    private const string ViewSessions = "authentik_core.view_authenticatedsession";

    /// <summary>The global writes that a switch of the blueprint grants, by right.</summary>
    public static readonly Dictionary<string, string> Switches = new()
    {
        ["authentik_core.delete_authenticatedsession"] = "end_sessions",
        ["authentik_core.change_user"] = "deactivate_users",
        ["authentik_policies_reputation.delete_reputation"] = "delete_reputation",
        ["authentik_events.add_event"] = "add_events",
    };

    /// <param name="me">The token's owner.</param>
    public async Task<IReadOnlyList<AuthentikFinding>> RunAsync(JsonElement me, CancellationToken cancellation)
    {
        var account = scope.IsExaminer && Field.IsTrue(me, "is_superuser") ? await FindAccountAsync(cancellation) : me;
        if (account is not { } found) return [AuthentikFinding.Look(What, $"there is no account '{Account}', or this token cannot see it: apply the blueprint (riskengine authentik blueprint).")];
        if (Field.IsTrue(found, "is_superuser"))
            return [AuthentikFinding.Look(What, "the account is a superuser: whoever gets hold of its token owns authentik. Take it out of every group of superusers; the role 'riskengine' of the blueprint has what is needed.")];
        List<AuthentikFinding> findings = [];
        if (Field.Text(found, "type") is not "service_account") findings.Add(AuthentikFinding.Look(What, "the account is a person's, not a service account: make the token of the account 'riskengine'."));
        if (await RightsOfAsync(found, cancellation) is not { } rights) return [.. findings, AuthentikFinding.Unseen(What, "authentik_rbac.view_role")];
        findings.AddRange(Judge(rights));
        findings.Add(await GroupAsync(cancellation));
        return findings;
    }

    private IEnumerable<AuthentikFinding> Judge(IReadOnlySet<string> rights)
    {
        var missing = Needed().Where(need => !rights.Contains(need.Right)).ToList();
        var writes = rights.Where(right => !right[(right.IndexOf('.', StringComparison.Ordinal) + 1)..].StartsWith("view_", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var unasked = writes.Where(right => !(Switches.TryGetValue(right, out var name) && (scope.Switches.Contains(name) || scope.NeededSwitches.Contains(name)))).ToList();
        foreach (var (right, remedy) in missing) yield return AuthentikFinding.Look(What, $"too few: {right} is missing. {remedy}.");
        foreach (var right in unasked)
        {
            yield return AuthentikFinding.Look(What, Switches.TryGetValue(right, out var name)
                ? $"too many: {right} holds for every object. The switch {name} of the blueprint grants it; if that is meant, say --switch {name}, otherwise turn it off and apply the blueprint again."
                : $"too many: {right} holds for every object, and nothing here needs it. Take it from the account's roles.");
        }

        if (!rights.Contains(ViewGroups)) yield return AuthentikFinding.Fine(What, "groups within groups do not count, as the switch see_groups of the blueprint is off");
        if (missing.Count == 0 && unasked.Count == 0) yield return AuthentikFinding.Fine(What, $"{string.Join(", ", rights.Order(StringComparer.Ordinal))}; no write that was not asked for");
    }

    /// <summary>What the configuration of RiskEngine needs, and what gives it.</summary>
    private IEnumerable<(string Right, string Remedy)> Needed()
    {
        yield return (ViewEvents, "Apply the blueprint again");
        yield return (ViewUsers, "Apply the blueprint again");
        if (scope.IsPollingSessions) yield return (ViewSessions, "Apply the blueprint with see_sessions, or set sources.authentik.sessions: false here");
        foreach (var (right, name) in Switches.Where(pair => scope.NeededSwitches.Contains(pair.Value))) yield return (right, $"Apply the blueprint with {name}, or turn the act off under responders.authentik");
    }

    private async Task<AuthentikFinding> GroupAsync(CancellationToken cancellation) =>
        await api.ListAsync("core/groups/?name=risk-high&include_users=false", cancellation) is [_, ..]
            ? AuthentikFinding.Fine(What, "the group risk-high is there and can be seen")
            : AuthentikFinding.Look(What, "the group risk-high is not there or cannot be seen: apply the blueprint again.");

    private async Task<JsonElement?> FindAccountAsync(CancellationToken cancellation) =>
        await api.ListAsync($"core/users/?username={Account}", cancellation) is [var user, ..] ? user : null;

    /// <summary>The global rights of all roles of an account; null where its roles cannot be seen.</summary>
    private async Task<IReadOnlySet<string>?> RightsOfAsync(JsonElement account, CancellationToken cancellation)
    {
        var told = Field.List(account, "roles").Where(role => role.ValueKind == JsonValueKind.Object);
        // Whether roles that come by a group are told with the account differs; this list has them, where it can be seen.
        var listed = Field.Of(account, "pk") is { ValueKind: JsonValueKind.Number } pk ? await api.ListAsync($"rbac/roles/?users={pk}&inherited=true", cancellation) : null;
        var roles = told.Concat(listed ?? []).Select(role => Field.Text(role, "pk")).Where(key => key.Length > 0).Distinct().ToList();
        if (roles.Count == 0) return null;
        HashSet<string> rights = [];
        foreach (var role in roles)
        {
            var granted = await api.ListAsync($"rbac/permissions/?role={Uri.EscapeDataString(role)}", cancellation);
            rights.UnionWith((granted ?? []).Select(right => $"{Field.Text(right, "app_label")}.{Field.Text(right, "codename")}"));
        }

        return rights;
    }
}
