using System.Text.Json;

namespace RiskEngine.Host.Authentik;

/// <summary>Whether authentik sends its events, and what went wrong with it lately.</summary>
internal sealed class WebhookCheck(AuthentikApi api, bool isPolling)
{
    private const string What = "webhook";
    private const string Name = "riskengine";
    private const string Route = "/api/v1/events/authentik";

    public async Task<IReadOnlyList<AuthentikFinding>> RunAsync(CancellationToken cancellation)
    {
        List<AuthentikFinding> findings = [await ExceptionsAsync(cancellation)];
        if (await api.ListAsync($"events/rules/?name={Name}", cancellation) is not { } rules) return [.. findings, AuthentikFinding.Unseen(What, "authentik_events.view_notificationrule")];
        if (await api.ListAsync($"events/transports/?name={Name}", cancellation) is not { } transports) return [.. findings, AuthentikFinding.Unseen(What, "authentik_events.view_notificationtransport")];
        if (rules is not [var rule, ..])
            return [.. findings, isPolling ? AuthentikFinding.Fine(What, "none; events are polled") : AuthentikFinding.Look(What, "there is no rule 'riskengine', and events are not polled (sources.authentik): RiskEngine hears of no login. Apply the blueprint with send_events, or poll.")];
        if (transports is not [var transport, ..]) return [.. findings, AuthentikFinding.Look(What, "there is no transport 'riskengine': apply the blueprint again.")];

        var faults = new List<AuthentikFinding>();
        faults.AddRange(Judge(transport));
        faults.AddRange(await JudgeAsync(rule, Field.Text(transport, "pk"), cancellation));
        return [.. findings, .. faults.Count > 0 ? faults : [AuthentikFinding.Fine(What, $"sends to {Field.Text(transport, "webhook_url")}")]];
    }

    private static IEnumerable<AuthentikFinding> Judge(JsonElement transport)
    {
        if (Field.Text(transport, "mode") != "webhook") yield return AuthentikFinding.Look(What, "the transport's mode is not 'webhook': apply the blueprint again.");
        if (!Uri.TryCreate(Field.Text(transport, "webhook_url"), UriKind.Absolute, out var url) || !url.AbsolutePath.EndsWith(Route, StringComparison.Ordinal))
            yield return AuthentikFinding.Look(What, $"the transport sends to an address that does not end in {Route}: print the blueprint for the right one (--url) and replace it.");
        if (Field.Text(transport, "webhook_mapping_body").Length == 0) yield return AuthentikFinding.Look(What, "the transport has no body mapping: what it sends has neither address nor id in it. Apply the blueprint again.");
        if (Field.Text(transport, "webhook_mapping_headers").Length == 0) yield return AuthentikFinding.Look(What, "the transport has no header mapping: what it sends shows no key and is refused. Apply the blueprint again.");
        if (!Field.IsTrue(transport, "send_once")) yield return AuthentikFinding.Look(What, "the transport sends once for each member of the group: turn 'send once' on.");
    }

    private async Task<IReadOnlyList<AuthentikFinding>> JudgeAsync(JsonElement rule, string transport, CancellationToken cancellation)
    {
        List<AuthentikFinding> findings = [];
        if (!Field.List(rule, "transports").Any(item => item.ValueKind == JsonValueKind.String && item.GetString() == transport))
            findings.Add(AuthentikFinding.Look(What, "the rule does not use the transport 'riskengine': apply the blueprint again."));
        if (!Field.List(Field.Of(rule, "destination_group_obj"), "users").Any())
            findings.Add(AuthentikFinding.Look(What, "the rule's group has no member, and authentik sends nothing to an empty one: apply the blueprint again."));
        if (await api.ListAsync($"policies/bindings/?target={Uri.EscapeDataString(Field.Text(rule, "pk"))}", cancellation) is not { } policies) return [.. findings, AuthentikFinding.Unseen(What, "authentik_policies.view_policybinding")];
        if (!policies.Any(policy => Field.IsTrue(policy, "enabled"))) findings.Add(AuthentikFinding.Look(What, "no event matcher is bound to the rule, and a rule without one never fires: apply the blueprint again."));
        return findings;
    }

    /// <summary>What authentik says of failures itself: its events about exceptions that name something of ours.</summary>
    private async Task<AuthentikFinding> ExceptionsAsync(CancellationToken cancellation)
    {
        const string Kinds = "events/events/?actions=policy_exception&actions=property_mapping_exception&actions=system_task_exception&ordering=-created";
        if (await api.ListAsync(Kinds, cancellation) is not { } events) return AuthentikFinding.Unseen("exceptions", "authentik_events.view_event");
        var ours = events.Where(item => Field.Of(item, "context") is { ValueKind: JsonValueKind.Object } context && context.GetRawText().Contains(Name, StringComparison.OrdinalIgnoreCase)).ToList();
        return ours.Count == 0
            ? AuthentikFinding.Fine("exceptions", "authentik wrote of none that names RiskEngine")
            : AuthentikFinding.Look("exceptions", $"{ours.Count} of the last {events.Count} events about exceptions name RiskEngine, the newest of {Field.Text(ours[0], "created")} ({Field.Text(ours[0], "action")}): Events, Logs shows its text. A webhook that cannot be delivered is one of them.");
    }
}
