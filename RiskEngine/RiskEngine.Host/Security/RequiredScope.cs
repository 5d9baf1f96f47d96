namespace RiskEngine.Host.Security;

/// <summary>What a route needs: endpoint metadata. A route without it is refused to everybody, so that forgetting it opens nothing.</summary>
/// <param name="Scope"><see cref="KeyScopes.None"/> for a route that is open.</param>
/// <param name="Rate">Which of the caller's rates a request counts against.</param>
internal sealed record RequiredScope(KeyScopes Scope, RequestRate Rate = RequestRate.Requests);

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

    public static TBuilder IsOpen<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequiredScope(KeyScopes.None, RequestRate.Unlimited));
}
