using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using RiskEngine.Core.Events;
using RiskEngine.Core.Policies;
using RiskEngine.Core.State;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>A key that somebody asks for.</summary>
internal sealed record KeyRequest
{
    [Description("1 to 64 letters, digits, dots, dashes or underscores.")]
    public required string Name { get; init; }

    [Description("evaluate, events:write, events:webhook (authentik's webhook alone), decisions:read, admin.")]
    public required IReadOnlyList<string> Scopes { get; init; }

    [Description("How long it works, such as 90d; this, until, or neither for a key that does not end.")]
    public string? Duration { get; init; }

    public DateTimeOffset? Until { get; init; }
}

/// <summary>How a key is to be replaced.</summary>
internal sealed record KeyRotationRequest
{
    [Description("How long the old secret goes on working, such as 24h; 0s for not at all. One day where left out, seven days at most.")]
    public string? Overlap { get; init; }
}

/// <summary>A key without its secret.</summary>
internal sealed record KeyAnswer(string Name, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? Until, bool Active);

/// <summary>A key just made: its secret is shown this once.</summary>
internal sealed record CreatedKey(string Name, string Key, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? Until);

internal sealed record KeyPage(IReadOnlyList<KeyAnswer> Items);

/// <summary><c>/api/v1/keys</c>: who may call.</summary>
internal sealed class KeyEndpoints(ServerParts parts, KeyRing ring)
{
    private const int LongestName = 64;

    /// <summary>What the name of a key ends with whose secret was replaced.</summary>
    private const string OldSuffix = ".old";

    private static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(7);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/keys", (Delegate)ListAsync).Needs(KeyScopes.Admin).WithName("keys-list").WithTags("keys").WithSummary("Lists keys, without their secrets.");
        routes.MapPost("/keys", (Delegate)AddAsync).Needs(KeyScopes.Admin).WithName("keys-add").WithTags("keys").WithSummary("Makes a key; its secret is shown this once.")
            .WithMetadata(new BodyContract(typeof(KeyRequest), MediaType.Json)).Problem(400, 409, 413, 415, 422);
        routes.MapPost("/keys/{name}/rotate", (Delegate)RotateAsync).Needs(KeyScopes.Admin).WithName("keys-rotate").WithTags("keys")
            .WithSummary("Gives a key a new secret, shown this once; the old one goes on working for a time, as NAME.old.")
            .WithMetadata(new BodyContract(typeof(KeyRotationRequest), MediaType.Json)).Problem(400, 404, 409, 413, 415, 422);
        routes.MapDelete("/keys/{name}", RevokeAsync).Needs(KeyScopes.Admin).WithName("keys-revoke").WithTags("keys").WithSummary("Revokes a key at once.").Problem(404);
    }

    private async Task<Ok<KeyPage>> ListAsync(HttpContext context)
    {
        var now = Audit.Now(parts);
        var keys = await parts.Records.ListKeysAsync(context.RequestAborted);
        return TypedResults.Ok(new KeyPage(
        [
            .. keys.Select(key => new KeyAnswer(
                key.Name, key.Scopes, key.CreatedAt.ToDateTimeOffset(), key.Until?.ToDateTimeOffset(), key.Until is not { } until || now < until)),
        ]));
    }

    private async Task<Results<Created<CreatedKey>, ProblemHttpResult>> AddAsync(HttpContext context)
    {
        var (request, unread) = await JsonBody.ReadAsync(context, ApiJson.Default.KeyRequest);
        if (request is null) return unread!;
        if (!IsName(request.Name)) return Problems.Unprocessable($"name: expected 1 to {LongestName} letters, digits, dots, dashes or underscores.");
        if (request.Scopes.Count == 0 || !KeyScopeNames.TryParse(request.Scopes, out _)) return Problems.Unprocessable($"scopes: expected some of {string.Join(", ", KeyScopeNames.All)}.");
        var (until, fault) = End(request);
        if (fault is not null) return Problems.Unprocessable(fault);
        var keys = await parts.Records.ListKeysAsync(context.RequestAborted);
        if (keys.Any(key => key.Name == request.Name)) return Problems.Conflict("There is a key with that name. Revoke it first, or choose another.");

        var secret = KeySecret.Create();
        IReadOnlyList<string> scopes = [.. KeyScopeNames.All.Where(request.Scopes.Contains)];
        var made = new ApiKey(request.Name, KeySecret.Hash(secret), scopes, Audit.Now(parts), until);
        await parts.Records.AddKeyAsync(made, Audit.Entry(context, parts, "key.create", made.Name, string.Join(' ', scopes)), context.RequestAborted);
        await ring.RefreshAsync(context.RequestAborted);
        return TypedResults.Created(
            $"{context.Request.Path}/{made.Name}", new CreatedKey(made.Name, secret, scopes, made.CreatedAt.ToDateTimeOffset(), until?.ToDateTimeOffset()));
    }

    private async Task<Results<Ok<CreatedKey>, ProblemHttpResult>> RotateAsync(HttpContext context, string name)
    {
        var (request, unread) = await JsonBody.ReadAsync(context, ApiJson.Default.KeyRotationRequest);
        if (request is null) return unread!;
        var now = Audit.Now(parts);
        if (!Durations.TryParse(request.Overlap ?? "24h", out var overlap, out _) || overlap < TimeSpan.Zero || overlap > LongestOverlap) return Problems.Unprocessable("overlap: expected 0s to 7d, such as 24h.");
        var keys = await parts.Records.ListKeysAsync(context.RequestAborted);
        if (keys.FirstOrDefault(key => key.Name == name) is not { } old) return Problems.NotFound("There is no key with that name.");
        if (old.Until is { } end && end <= now) return Problems.Conflict("That key has ended. Make a new one.");
        var kept = old.Name + OldSuffix;
        if (!IsName(kept)) return Problems.Unprocessable($"name: the old secret would be called {kept}, which is too long. Make a new key with a shorter name.");
        if (keys.Any(key => key.Name == kept && (key.Until is not { } until || now < until))) return Problems.Conflict($"The secret before this one still works. Revoke {kept} first.");

        // The old secret is kept under its second name before the first one is given away, so a crash in between locks nobody out.
        var last = now + overlap;
        if (overlap > TimeSpan.Zero) await parts.Records.AddKeyAsync(
            old with { Name = kept, Until = old.Until is { } ends && ends < last ? ends : last },
            Audit.Entry(context, parts, "key.keep", kept, $"the secret that {name} had, for {Durations.Format(overlap)}"), context.RequestAborted);
        var secret = KeySecret.Create();
        var made = old with { Sha256 = KeySecret.Hash(secret), CreatedAt = now };
        await parts.Records.AddKeyAsync(made, Audit.Entry(context, parts, "key.rotate", name, string.Join(' ', made.Scopes)), context.RequestAborted);
        await ring.RefreshAsync(context.RequestAborted);
        return TypedResults.Ok(new CreatedKey(made.Name, secret, made.Scopes, made.CreatedAt.ToDateTimeOffset(), made.Until?.ToDateTimeOffset()));
    }

    private async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(HttpContext context, string name)
    {
        var isRevoked = await parts.Records.RevokeKeyAsync(name, Audit.Entry(context, parts, "key.revoke", name, ""), context.RequestAborted);
        await ring.RefreshAsync(context.RequestAborted);
        return isRevoked ? TypedResults.NoContent() : Problems.NotFound("There is no key with that name.");
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private (EventTime? Until, string? Fault) End(KeyRequest request)
    {
        var now = Audit.Now(parts);
        if (request is { Duration: not null, Until: not null }) return (null, "Give duration or until, not both.");
        if (request.Until is { } until) return EventTime.From(until) > now ? (EventTime.From(until), null) : (null, "until: expected a time in the future.");
        if (request.Duration is null) return (null, null);
        return Durations.TryParse(request.Duration, out var duration, out _) && duration > TimeSpan.Zero ? (now + duration, null) : (null, "duration: expected one such as 90d or 12h.");
    }
}
