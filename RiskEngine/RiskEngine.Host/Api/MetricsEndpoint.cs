using System.IO.Compression;
using RiskEngine.Host.Security;
using RiskEngine.Host.Telemetry;

namespace RiskEngine.Host.Api;

/// <summary><c>/metrics</c>: open to whoever reaches the listener.</summary>
/// <remarks>OpenMetrics 1.0 where <c>Accept</c> names it, else the text format 0.0.4 of Prometheus; compressed where gzip is accepted.</remarks>
internal sealed class MetricsEndpoint(EngineTelemetry telemetry)
{
    private const string OpenMetrics = "application/openmetrics-text";

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/metrics", (Delegate)HandleAsync).IsOpen()
        .WithName("metrics").WithTags("health").WithSummary("Metrics for Prometheus, or OpenMetrics where that is asked for.").Produces<string>(StatusCodes.Status200OK, "text/plain", OpenMetrics);

    private async Task HandleAsync(HttpContext context)
    {
        var openMetrics = context.Request.Headers.Accept.ToString().Contains(OpenMetrics, StringComparison.OrdinalIgnoreCase);
        using var text = telemetry.ScrapeBytes(openMetrics);
        var response = context.Response;
        response.ContentType = openMetrics ? $"{OpenMetrics}; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";
        response.Headers.Vary = "Accept, Accept-Encoding";
        if (!context.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            response.ContentLength = text.Bytes.Length;
            await response.Body.WriteAsync(text.Bytes, context.RequestAborted);
            return;
        }

        response.Headers.ContentEncoding = "gzip";
        await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest);
        await gzip.WriteAsync(text.Bytes, context.RequestAborted);
    }
}
