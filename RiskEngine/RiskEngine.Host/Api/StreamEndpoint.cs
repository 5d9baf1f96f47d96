using System.Threading.Channels;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Api;

/// <summary><c>GET /api/v1/stream</c>: every assessment as it is made, as server-sent events.</summary>
/// <remarks>Live only: who was away asks <c>/assessments</c>. A client that cannot keep up is let go and comes back.</remarks>
internal sealed class StreamEndpoint(ServerParts parts, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/stream", (Delegate)HandleAsync).Needs(KeyScopes.Admin)
        .WithName("stream").WithTags("assessments").WithSummary("Streams assessments as they are made (server-sent events named assessment).")
        .Produces<string>(StatusCodes.Status200OK, "text/event-stream").Problem(503);

    private async Task HandleAsync(HttpContext context)
    {
        if (parts.Telemetry.Stream.Join() is not { } reader)
        {
            context.Response.Headers.RetryAfter = "10";
            await Problems.Of(StatusCodes.Status503ServiceUnavailable, "Too many streams are open.").ExecuteAsync(context);
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            context.Response.ContentType = "text/event-stream";
            await WriteAsync(context, ": hello\n\n"u8.ToArray(), ended.Token);
            while (await SendWaitingAsync(context, reader, ended.Token))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // The client went away, or the server is stopping: either way the stream ends here.
        }
        finally
        {
            parts.Telemetry.Stream.Leave(reader);
        }
    }

    private async Task<bool> SendWaitingAsync(HttpContext context, ChannelReader<byte[]> reader, CancellationToken cancellationToken)
    {
        var waiting = reader.WaitToReadAsync(cancellationToken).AsTask();
        while (!waiting.IsCompleted)
        {
            try
            {
                await waiting.WaitAsync(Heartbeat, parts.Clock, cancellationToken);
            }
            catch (TimeoutException)
            {
                await WriteAsync(context, ": still here\n\n"u8.ToArray(), cancellationToken);
            }
        }

        if (!await waiting) return false;
        while (reader.TryRead(out var message)) await context.Response.BodyWriter.WriteAsync(message, cancellationToken);
        return true;
    }

    private static async Task WriteAsync(HttpContext context, byte[] message, CancellationToken cancellationToken) =>
        await context.Response.BodyWriter.WriteAsync(message, cancellationToken);
}
