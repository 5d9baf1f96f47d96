using System.Text.Json;

namespace RiskEngine.Host.Authentik;

/// <summary>What <c>authentik check</c> is asked to look at.</summary>
internal sealed record AuthentikCheckScope
{
    /// <summary>Gets the slug of the flow that people sign in with.</summary>
    public required string Flow { get; init; }

    /// <summary>Gets whether the token was named for looking only: then an administrator's is no finding, and the account's rights are looked up.</summary>
    public bool IsExaminer { get; init; }

    /// <summary>Gets whether events are polled, so that a webhook is not needed.</summary>
    public bool IsPolling { get; init; }

    /// <summary>Gets whether sessions are polled, which needs a right of its own.</summary>
    public bool IsPollingSessions { get; init; }

    /// <summary>Gets the switches of the blueprint whose rights the configuration needs: what is done at authentik.</summary>
    public IReadOnlyList<string> NeededSwitches { get; init; } = [];

    /// <summary>Gets the switches that were turned on for something else, so that their rights are no finding.</summary>
    public IReadOnlyList<string> Switches { get; init; } = [];
}

/// <summary>Looks at a live authentik, read-only, and says for everything that is not as it should be how to mend it.</summary>
internal sealed class AuthentikCheck(AuthentikApi api, AuthentikCheckScope scope)
{
    /// <exception cref="Cli.CommandFailure">Unreachable, or the token is refused.</exception>
    public async Task<IReadOnlyList<AuthentikFinding>> RunAsync(CancellationToken cancellation)
    {
        var me = await api.GetAsync("core/users/me/", cancellation);
        List<AuthentikFinding> findings = [];
        if (me is null) return [AuthentikFinding.Look("token", "its owner may not even see itself: it must be the key of a token with intent \"API\".")];
        findings.Add(await VersionAsync(cancellation));
        findings.AddRange(await new RightsCheck(api, scope).RunAsync(Field.Of(me.Value, "user"), cancellation));
        findings.Add(await AddressesAsync(cancellation));
        findings.AddRange(await new BlueprintCheck(api).RunAsync(cancellation));
        findings.AddRange(await new FlowCheck(api, scope.Flow).RunAsync(cancellation));
        findings.AddRange(await new WebhookCheck(api, scope.IsPolling).RunAsync(cancellation));
        return findings;
    }

    private async Task<AuthentikFinding> VersionAsync(CancellationToken cancellation)
    {
        var version = await api.GetAsync("admin/version/", cancellation) is { } answer ? Field.Text(answer, "version_current") : "";
        return AuthentikVersion.Judge(version);
    }

    private async Task<AuthentikFinding> AddressesAsync(CancellationToken cancellation)
    {
        var logins = await api.ListAsync("events/events/?actions=login&actions=login_failed&ordering=-created", cancellation);
        return logins is null ? AuthentikFinding.Unseen("addresses", "authentik_events.view_event") : ClientAddresses.Judge([.. logins.Select(login => Field.Of(login, "client_ip")).Select(AddressOf)]);
    }

    private static string? AddressOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
