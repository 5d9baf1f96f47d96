using System.Diagnostics;
using RiskEngine.Host.Serving;

namespace RiskEngine.Host.Telemetry.Traces;

/// <summary>A span for what people do by the interface, so that what responders are owed because of it leads there.</summary>
/// <remarks>Of requests that change something; who may not do it has none, since authorization comes before. Named by method and route, which say nothing of whom or what.</remarks>
internal static class ActSpans
{
    public static TBuilder Traced<TBuilder>(this TBuilder routes, ServerParts parts)
        where TBuilder : IEndpointConventionBuilder =>
        routes.AddEndpointFilter(async (call, next) =>
        {
            var context = call.HttpContext;
            if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) return await next(call);
            using var span = parts.Telemetry.Spans.BeginRequest(context, $"{context.Request.Method} {(context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText}");
            try
            {
                var result = await next(call);
                var answer = result is INestedHttpResult nested ? nested.Result : result;
                if (answer is IStatusCodeHttpResult { StatusCode: { } status }) span?.SetTag("http.response.status_code", status);
                return result;
            }
            catch
            {
                span?.SetStatus(ActivityStatusCode.Error);
                throw;
            }
        });
}
