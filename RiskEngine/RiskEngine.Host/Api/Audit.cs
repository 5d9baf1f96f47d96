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
        new(0, Now(parts), WhoIs(context), what, target, detail);

    /// <summary>Who did it, and from where; names of keys hold no spaces.</summary>
    public static (string Who, string? From) Parts(string who) =>
        who.IndexOf(Separator, StringComparison.Ordinal) is > 0 and var at ? (who[..at], who[(at + Separator.Length)..]) : (who, null);

    private static string WhoIs(HttpContext context)
    {
        var name = Caller.Of(context).Name;
        return context.Connection.RemoteIpAddress is { } from ? $"{name}{Separator}{IpAddress.FromBytes(from.GetAddressBytes())}" : name;
    }

    public static EventTime Now(ServerParts parts) => EventTime.From(parts.Clock.GetUtcNow());
}
