using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Host.Security;

/// <summary>Who calls: an active key as kept in memory, with what it has left of its rates.</summary>
internal sealed class Caller(ApiKey key, KeyScopes scopes, TokenBucket requests, TokenBucket submissions)
{
    private static readonly object ItemKey = new();

    public string Name => key.Name;

    public ReadOnlySpan<byte> Sha256 => key.Sha256;

    public KeyScopes Scopes => scopes;

    /// <summary>Gets the rate of everything but submitting events and asking for decisions.</summary>
    public TokenBucket Requests => requests;

    /// <summary>Gets the rate of submitting events, in requests.</summary>
    public TokenBucket Submissions => submissions;

    public bool IsActive(EventTime now) => key.Until is not { } until || now < until;

    /// <summary>The caller of a request that has passed the gate.</summary>
    public static Caller Of(HttpContext context) =>
        context.Items[ItemKey] as Caller ?? throw new InvalidOperationException("The route asks who calls, but nobody had to show a key.");

    public void Attach(HttpContext context) => context.Items[ItemKey] = this;
}
