using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>Notes who did what, through which key.</summary>
internal static class Audit
{
    public static AuditEntry Entry(HttpContext context, ServerParts parts, string what, string target, string detail) =>
        new(0, Now(parts), Caller.Of(context).Name, what, target, detail);

    public static EventTime Now(ServerParts parts) => EventTime.From(parts.Clock.GetUtcNow());
}
