using System.Text.Json;

namespace RiskEngine.Host.Authentik;

/// <summary>Whether the flow asks RiskEngine, denies only by its answer, and challenges without one.</summary>
internal sealed class FlowCheck(AuthentikApi api, string slug)
{
    private const string What = "flow";
    private const string DenyStage = "riskengine-deny";
    private const string FactorStage = "riskengine-second-factor";
    private const string LetsRest = "riskengine-only-when-risky";
    private const string Denies = "riskengine-block";
    private const string Challenges = "riskengine-challenge";

    public async Task<IReadOnlyList<AuthentikFinding>> RunAsync(CancellationToken cancellation)
    {
        if (await api.ListAsync($"flows/instances/?slug={Uri.EscapeDataString(slug)}", cancellation) is not { } flows) return [AuthentikFinding.Unseen(What, "authentik_flows.view_flow")];
        if (flows is not [var flow, ..]) return [AuthentikFinding.Look(What, $"there is no flow '{slug}': name the one that people sign in with (--flow), also in the blueprint.")];
        if (await api.ListAsync($"flows/bindings/?target={Uri.EscapeDataString(Field.Text(flow, "pk"))}", cancellation) is not { } bindings)
            return [AuthentikFinding.Unseen(What, "authentik_flows.view_flowstagebinding")];

        List<AuthentikFinding> findings = [];
        foreach (var stage in new[] { DenyStage, FactorStage }.Where(stage => !bindings.Any(binding => StageOf(binding) == stage)))
            findings.Add(AuthentikFinding.Look(What, $"the stage {stage} is not bound to '{slug}': apply the blueprint with flow set to it."));
        findings.AddRange(FlowOrder.Judge(bindings, DenyStage, FactorStage).Select(fault => AuthentikFinding.Look(What, fault)));
        foreach (var binding in bindings) findings.AddRange(await JudgeAsync(binding, cancellation));
        findings.AddRange(await FactorAsync(cancellation));
        return findings.Count > 0 ? findings : [AuthentikFinding.Fine(What, $"'{slug}' asks before it lets anybody in, denies by an answer only, and challenges without one")];
    }

    private static string StageOf(JsonElement binding) => Field.Text(Field.Of(binding, "stage_obj"), "name");

    private static string PolicyOf(JsonElement binding) => Field.Text(Field.Of(binding, "policy_obj"), "name");

    private async Task<IReadOnlyList<AuthentikFinding>> JudgeAsync(JsonElement binding, CancellationToken cancellation)
    {
        var stage = StageOf(binding);
        if (await api.ListAsync($"policies/bindings/?target={Uri.EscapeDataString(Field.Text(binding, "policybindingmodel_ptr_id"))}", cancellation) is not { } policies)
            return [AuthentikFinding.Unseen(What, "authentik_policies.view_policybinding")];
        var isOurs = stage is DenyStage or FactorStage;
        var bound = policies.Where(policy => Field.IsTrue(policy, "enabled")).ToList();
        List<AuthentikFinding> findings = [];
        if (isOurs && bound.Count == 0)
            findings.Add(AuthentikFinding.Look(What, stage == DenyStage ? "the deny stage is bound without a policy and DENIES EVERYBODY: apply the blueprint again, or delete the binding." : "the second factor is bound without a policy and asked of everybody: apply the blueprint again."));
        var ours = stage == DenyStage ? Denies : stage == FactorStage ? Challenges : LetsRest;
        if (isOurs && bound.Count > 0 && !bound.Exists(policy => PolicyOf(policy) == ours))
            findings.Add(AuthentikFinding.Look(What, $"the policy {ours} is not bound to {stage}, or not enabled there, and what is bound in its place asks RiskEngine nothing: apply the blueprint again."));
        if (bound.Exists(policy => PolicyOf(policy) == ours && Field.IsTrue(policy, "negate")))
            findings.Add(AuthentikFinding.Look(What, $"the policy {ours} is negated at {stage}, which turns each of its answers round: set negate to false."));
        if (stage == DenyStage && bound.Exists(policy => Field.IsTrue(policy, "failure_result")))
            findings.Add(AuthentikFinding.Look(What, "the policy of the deny stage has failure result true: when it breaks, everybody is denied. Set it to false."));
        if (stage == FactorStage && bound.Exists(policy => !Field.IsTrue(policy, "failure_result")))
            findings.Add(AuthentikFinding.Look(What, "the policy of the second factor has failure result false: when it breaks, nobody is challenged. Set it to true."));
        var hasOurPolicy = isOurs || bound.Exists(policy => PolicyOf(policy) == LetsRest);
        if (hasOurPolicy && bound.Count > 0 && Field.Text(binding, "policy_engine_mode") != "all")
            findings.Add(AuthentikFinding.Look(What, $"the binding of {stage} has policy engine mode 'any': one policy that passes outweighs ours. Set it to 'all'."));
        if (hasOurPolicy && (Field.IsTrue(binding, "evaluate_on_plan") || !Field.IsTrue(binding, "re_evaluate_policies")))
            findings.Add(AuthentikFinding.Look(What, $"the binding of {stage} is evaluated when the flow is planned, before anybody's name is known: turn 'evaluate on plan' off and 're-evaluate policies' on."));
        return findings;
    }

    private async Task<IReadOnlyList<AuthentikFinding>> FactorAsync(CancellationToken cancellation)
    {
        if (await api.ListAsync($"stages/authenticator/validate/?name={FactorStage}", cancellation) is not { } stages)
            return [AuthentikFinding.Unseen(What, "authentik_stages_authenticator_validate.view_authenticatorvalidatestage")];
        List<AuthentikFinding> findings = [];
        foreach (var stage in stages)
        {
            var action = Field.Text(stage, "not_configured_action");
            if (action == "skip") findings.Add(AuthentikFinding.Look(What, "a challenged person without a second factor walks through (not configured action 'skip'): set without_second_factor to deny, once people have one."));
            if (action == "configure") findings.Add(AuthentikFinding.Look(What, "a challenged person without a second factor may set one up (not configured action 'configure'), and so may a thief of the password: set it to 'deny'."));
            if (Field.Text(stage, "last_auth_threshold") is var threshold and not ("" or "seconds=0"))
                findings.Add(AuthentikFinding.Look(What, $"a second factor given within {threshold} counts for a challenge too: set the last validation threshold to seconds=0."));
        }

        return findings;
    }
}
