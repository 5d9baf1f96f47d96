using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>Notes who did what, through which key and from which address.</summary>
internal static class Audit
{
    private const string Separator = " from ";

    public static AuditEntry Entry(HttpContext context, ServerParts parts, string what, string target, string detail) =>
        new(0, Now(parts), WhoIs(context, Caller.Of(context).Name), what, target, detail);

    /// <summary>Who did it, and from where; names hold no " from ".</summary>
    public static (string Who, string? From) Parts(string who) =>
        who.IndexOf(Separator, StringComparison.Ordinal) is > 0 and var at ? (who[..at], who[(at + Separator.Length)..]) : (who, null);

    /// <summary>A name, and the address that a request came from.</summary>
    public static string WhoIs(HttpContext context, string name) =>
         context.Connection.RemoteIpAddress is { } from ? $"{name}{Separator}{IpAddress.FromBytes(from.GetAddressBytes())}" : name;

    public static EventTime Now(ServerParts parts) => EventTime.From(parts.Clock.GetUtcNow());
}
