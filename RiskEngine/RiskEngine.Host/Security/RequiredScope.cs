namespace RiskEngine.Host.Security;

/// <summary>What a route needs: endpoint metadata. A route without it is refused to everybody, so that forgetting it opens nothing.</summary>
/// <param name="Scope"><see cref="KeyScopes.None"/> for a route that is open.</param>
/// <param name="Rate">Which of the caller's rates a request counts against.</param>
/// <param name="Proof">How a caller shows that it may.</param>
internal sealed record RequiredScope(KeyScopes Scope, RequestRate Rate = RequestRate.Requests, CallerProof Proof = CallerProof.Bearer);

/// <summary>Ways of showing that a request may be made.</summary>
internal enum CallerProof : byte
{
    /// <summary>A key in <c>Authorization: Bearer</c>.</summary>
    Bearer,

    /// <summary>A key in <c>X-Api-Key</c>, and refusals as CrowdSec's LAPI words them: 403 and one message.</summary>
    ApiKey,

    /// <summary>The connection comes from a trusted proxy; from elsewhere a key in <c>Authorization: Bearer</c>. A proxy's request carries its visitor's headers, so no key is looked for in it.</summary>
    ProxyOrBearer,
}

/// <summary>Rates that a request can count against.</summary>
internal enum RequestRate : byte
{
    Requests,
    Submissions,

    /// <summary>None: evaluations are never shed.</summary>
    Unlimited,
}

/// <summary>How routes say what they need.</summary>
internal static class RequiredScopeExtensions
{
    public static TBuilder Needs<TBuilder>(this TBuilder builder, KeyScopes scope, RequestRate rate = RequestRate.Requests)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequiredScope(scope, rate));

    public static TBuilder Needs<TBuilder>(this TBuilder builder, KeyScopes scope, CallerProof proof, RequestRate rate = RequestRate.Requests)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequiredScope(scope, rate, proof));

    public static TBuilder IsOpen<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequiredScope(KeyScopes.None, RequestRate.Unlimited));
}
