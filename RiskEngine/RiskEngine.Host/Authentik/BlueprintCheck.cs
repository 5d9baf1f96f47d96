namespace RiskEngine.Host.Authentik;

/// <summary>Whether authentik has the blueprint, applied, and of this program's revision.</summary>
internal sealed class BlueprintCheck(AuthentikApi api)
{
    private const string What = "blueprint";

    public async Task<IReadOnlyList<AuthentikFinding>> RunAsync(CancellationToken cancellation)
    {
        if (await api.ListAsync("managed/blueprints/?search=riskengine", cancellation) is not { } found) return [AuthentikFinding.Unseen(What, "authentik_blueprints.view_blueprintinstance")];
        var ours = BlueprintText.Embedded;
        var instances = found.Where(instance => Field.Text(Field.Of(instance, "metadata"), "name") == ours.Name).ToList();
        if (instances.Count == 0) return [AuthentikFinding.Look(What, "authentik does not have it, under a name or path with riskengine in it: riskengine authentik blueprint --url URL prints it, docs/authentik.md says where it goes.")];
        if (instances.Count > 1) return [AuthentikFinding.Look(What, $"authentik has it {instances.Count} times, and each application overwrites the others': keep one.")];
        var (status, revision) = (Field.Text(instances[0], "status"), Field.Text(Field.Of(Field.Of(instances[0], "metadata"), "labels"), BlueprintText.RevisionLabel));
        List<AuthentikFinding> findings = [];
        if (!Field.IsTrue(instances[0], "enabled")) findings.Add(AuthentikFinding.Look(What, "it is disabled: changes of it are not applied. Enable it under Customization, Blueprints."));
        if (status != "successful")
            findings.Add(AuthentikFinding.Look(What, $"it was not applied (status {status}). The worker's log names the entry; 'policy-block' or 'mapping-headers' means that RISKENGINE_EVALUATE_KEY or RISKENGINE_EVENTS_KEY is missing in the worker's environment."));
        if (revision != ours.Revision)
            findings.Add(AuthentikFinding.Look(What, $"it is of revision '{revision}', and this program has {ours.Revision}: print it anew and replace it."));
        return findings.Count > 0 ? findings : [AuthentikFinding.Fine(What, $"applied, revision {revision}")];
    }
}
