using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using RiskEngine.Core.Decisions;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>Checks what somebody asks to block or to allow, before anything is stored.</summary>
internal sealed class StandingRequest(ServerParts parts)
{
    private const int LongestReason = 500;

    private readonly BlockKeyReader _keys = new(parts.State.Hash);

    /// <returns>The entry, or the problem to answer with.</returns>
    public (Block? Block, KeyedEntry Entry, ProblemHttpResult? Problem) Check(HttpContext context, BlockRequest request, bool isAllow)
    {
        if (!BlockNames.TryParse(request.Scope, out var scope)) return Refuse(Problems.Unprocessable($"scope: expected one of {string.Join(", ", BlockNames.AllScopes)}."));
        var reason = request.Reason.Trim();
        if (reason.Length is 0 or > LongestReason) return Refuse(Problems.Unprocessable($"reason: expected 1 to {LongestReason} characters that say why."));
        // Read once: an entry of four hours ends four hours after it was made.
        var now = Audit.Now(parts);
        var (until, fault) = End(request, isAllow, now);
        if (fault is not null) return Refuse(Problems.Unprocessable(fault));

        var purpose = isAllow ? EntryPurpose.Allow : request.Confirm ? EntryPurpose.WideBlock : EntryPurpose.Block;
        var tenant = request.Tenant is { Length: > 0 } given ? given : "default";
        if (!_keys.TryParse(scope, request.Value, tenant, purpose, out var entry, out var error)) return Refuse(Problems.Unprocessable($"value: {error}."));
        if (!isAllow && !request.Confirm && IsOwn(context.Connection.RemoteIpAddress, entry))
        {
            return Refuse(Problems.Conflict("This would block the address you are calling from. Say \"confirm\": true if that is meant."));
        }

        var block = new Block
        {
            Scope = scope, Value = entry.Value, Tenant = tenant, Reason = reason, Origin = BlockOrigin.Person, Owner = Caller.Of(context).Name,
            CreatedAt = now, Until = until,
        };
        return (block, entry, null);
    }

    private static (Block? Block, KeyedEntry Entry, ProblemHttpResult? Problem) Refuse(ProblemHttpResult problem) => (null, default, problem);

    private static bool IsOwn(IPAddress? caller, in KeyedEntry entry) => caller is not null && BlockKeyReader.Covers(entry, IpAddress.FromBytes(caller.GetAddressBytes()));

    private static (EventTime? Until, string? Fault) End(BlockRequest request, bool isAllow, EventTime now)
    {
        var given = (request.Duration is null ? 0 : 1) + (request.Until is null ? 0 : 1) + (request.Permanent ? 1 : 0);
        if (isAllow && request.Permanent) return (null, "permanent: an allow entry always ends; give duration or until.");
        if (given != 1) return (null, isAllow ? "Give either duration or until." : "Give one of duration, until and permanent.");
        if (request.Permanent) return (null, null);

        var key = request.Until is null ? "duration" : "until";
        TimeSpan duration;
        if (request.Until is { } until)
        {
            duration = until - now.ToDateTimeOffset();
            if (duration <= TimeSpan.Zero) return (null, "until: expected a time in the future.");
        }
        else if (!Durations.TryParse(request.Duration!, out duration, out _))
        {
            return (null, "duration: expected one such as 90s, 4h, 1h30m or 7d.");
        }

        if (duration <= TimeSpan.Zero) return (null, "duration: expected more than nothing.");
        if (isAllow && duration > PolicyCheck.LongestAllowed) return (null, $"{key}: an allow entry ends within {PolicyCheck.LongestAllowed.Days} days; renew it when its end comes near.");
        return (request.Until is { } end ? EventTime.From(end) : now + duration, null);
    }
}
