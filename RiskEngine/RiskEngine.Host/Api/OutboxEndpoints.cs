using Microsoft.AspNetCore.Http.HttpResults;
using RiskEngine.Core.State;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary>Something that is owed to a responder. What would be sent is not shown: it may tell of people.</summary>
internal sealed record OutboxAnswer(
    long Id, string Responder, string Kind, string State, DateTimeOffset CreatedAt, DateTimeOffset DueAt, int Attempts, string? LastFailure, string IdempotencyKey);

internal sealed record OutboxPage(IReadOnlyList<OutboxAnswer> Items, string? Next);

/// <summary><c>/api/v1/outbox</c>: what responders are still owed, and what was given up.</summary>
internal sealed class OutboxEndpoints(ServerParts parts)
{
    private const int PageSize = 200;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/outbox", (Delegate)ListAsync).Needs(KeyScopes.Admin)
            .WithName("outbox-list").WithTags("outbox").WithSummary("Lists what responders are still owed, oldest first.")
            .WithDescription("state is waiting or dead.").Produces<OutboxPage>().Problem(400);
        routes.MapPost("/outbox/{id}/retry", (Delegate)RetryAsync).Needs(KeyScopes.Admin)
            .WithName("outbox-retry").WithTags("outbox").WithSummary("Tries an item again at once, with a whole time before it is given up.").Problem(404);
        routes.MapDelete("/outbox/{id}", DropAsync).Needs(KeyScopes.Admin)
            .WithName("outbox-drop").WithTags("outbox").WithSummary("Gives an item up for good.").Problem(404);
    }

    private async Task<Results<Ok<OutboxPage>, ProblemHttpResult>> ListAsync(HttpContext context, string? responder, string? state, string? cursor)
    {
        if (state is not (null or "waiting" or "dead")) return Problems.BadRequest("state: expected waiting or dead.");
        var after = 0L;
        if (cursor is not null && !long.TryParse(cursor, out after)) return Problems.BadRequest("cursor: expected the next of the page before.");
        var query = new OutboxQuery { Responder = responder, IsDead = state is null ? null : state == "dead", After = after, Limit = PageSize + 1 };
        var found = await parts.Records.Outbox.ListAsync(query, context.RequestAborted);
        var next = found.Count > PageSize ? found[PageSize - 1].Id.ToString() : null;
        return TypedResults.Ok(new OutboxPage([.. found.Take(PageSize).Select(AnswerOf)], next));
    }

    private async Task<Results<NoContent, ProblemHttpResult>> RetryAsync(HttpContext context, string id) =>
        long.TryParse(id, out var number) && await parts.Records.Outbox.ReviveAsync(number, Audit.Entry(context, parts, "outbox.retry", id, ""), context.RequestAborted) ? TypedResults.NoContent() : Gone();

    private async Task<Results<NoContent, ProblemHttpResult>> DropAsync(HttpContext context, string id) =>
        long.TryParse(id, out var number) && await parts.Records.Outbox.DropAsync(number, Audit.Entry(context, parts, "outbox.drop", id, ""), context.RequestAborted) ? TypedResults.NoContent() : Gone();

    private static OutboxAnswer AnswerOf(OutboxItem item) => new(
        item.Id, item.Responder, item.Kind, item.IsDead ? "dead" : "waiting", item.CreatedAt.ToDateTimeOffset(), item.DueAt.ToDateTimeOffset(), item.Attempts,
        item.LastFailure.Length > 0 ? item.LastFailure : null, item.IdempotencyKey);

    private static ProblemHttpResult Gone() => Problems.NotFound("There is nothing with that id in the outbox; it may have been delivered.");
}
