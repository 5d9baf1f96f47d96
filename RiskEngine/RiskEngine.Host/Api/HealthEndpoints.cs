using Microsoft.AspNetCore.Http.HttpResults;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;
using RiskEngine.Storage;

namespace RiskEngine.Host.Api;

/// <summary>How the server is.</summary>
internal sealed record HealthAnswer(string Status);

/// <summary><c>/health/live</c> and <c>/health/ready</c>: open to whoever reaches the listener.</summary>
internal sealed class HealthEndpoints(ServerParts parts)
{
    private static readonly byte[] Alive = """{"status":"alive"}"""u8.ToArray();

    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(2);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", (Delegate)(async Task (HttpContext context) => await WrittenJson.SendAsync(context, StatusCodes.Status200OK, Alive))).IsOpen()
            .WithName("health-live").WithTags("health").WithSummary("Answers while the process can.").Produces<HealthAnswer>();
        routes.MapGet("/health/ready", (Delegate)ReadyAsync).IsOpen()
            .WithName("health-ready").WithTags("health").WithSummary("Answers 200 while the store can be read and written, 503 with cause and remedy while it cannot.").Problem(503);
    }

    private async Task<Results<Ok<HealthAnswer>, ProblemHttpResult>> ReadyAsync(HttpContext context)
    {
        if (parts.Meter is { FailingSince: { } since, LastWriteFailure: { } trouble })
        {
            return Problems.Of(
                StatusCodes.Status503ServiceUnavailable,
                $"Since {since.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} nothing can be stored, so no event is acknowledged. {WriteTrouble.Describe(trouble)} The server goes on by itself once a write succeeds.");
        }

        try
        {
            // The cheapest question that reaches the store.
            await parts.Records.ReadCursorAsync("health", context.RequestAborted).AsTask().WaitAsync(StorePatience, context.RequestAborted);
            return TypedResults.Ok(new HealthAnswer("ready"));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "The store does not answer.");
        }
    }
}
