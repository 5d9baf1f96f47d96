using RiskEngine.Core.Pipeline;
using RiskEngine.Core.State;
using RiskEngine.Host.Api;

namespace RiskEngine.Host.Serving;

/// <summary>Turns what goes wrong behind it, and bare status codes, into problem details. No exception's text reaches a caller.</summary>
internal sealed partial class FailureGate(RequestDelegate next, ILogger<FailureGate> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var response = context.Response;
        try
        {
            await next(context);
            if (response.StatusCode < 400 || response.HasStarted || response.ContentType is not null || response.ContentLength is not null) return;
            await Problems.Of(response.StatusCode).ExecuteAsync(context);
        }
        catch (Exception failure)
        {
            if (!response.HasStarted && !context.RequestAborted.IsCancellationRequested) await AnswerAsync(context, failure);
            else if (failure is not OperationCanceledException) LogBroken(logger, failure.GetType().Name);
        }
    }

    private Task AnswerAsync(HttpContext context, Exception failure)
    {
        var response = context.Response;
        response.Headers.ContentEncoding = default;
        switch (failure)
        {
            case BadHttpRequestException bad:
                return Problems.Of(bad.StatusCode).ExecuteAsync(context);
            case PipelineBusyException:
                response.Headers.RetryAfter = "1";
                return Problems.Of(StatusCodes.Status503ServiceUnavailable, "The pipeline is busy and took nothing. Send the request again later.").ExecuteAsync(context);
            case PipelineTimeoutException:
                response.Headers.RetryAfter = "5";
                return Problems.Of(StatusCodes.Status503ServiceUnavailable, "The store has not answered in time. Send the request again later: events that were stored meanwhile count as repeated, by their ids or the Idempotency-Key.").ExecuteAsync(context);
            case PoisonSubmissionException:
                LogFailed(logger, failure);
                return Problems.Of(StatusCodes.Status500InternalServerError, "These events cannot be judged, and nothing of them was kept. Sending them again does not help; the log here says why.").ExecuteAsync(context);
            case EventSinkException:
                LogFailed(logger, failure);
                response.Headers.RetryAfter = "5";
                return Problems.Of(StatusCodes.Status503ServiceUnavailable, "The events are not known to be written. Send the request again later.").ExecuteAsync(context);
            case StateStoreException:
                LogFailed(logger, failure);
                response.Headers.RetryAfter = "5";
                return Problems.Of(StatusCodes.Status503ServiceUnavailable, "The store did not take it. Send the request again later.").ExecuteAsync(context);
            case OperationCanceledException:
                return Problems.Of(StatusCodes.Status504GatewayTimeout, "The request took too long.").ExecuteAsync(context);
            default:
                LogFailed(logger, failure);
                return Problems.Of(StatusCodes.Status500InternalServerError, "Something went wrong here; the log says what.").ExecuteAsync(context);
        }
    }

    [LoggerMessage(1, LogLevel.Error, "A request failed.")]
    private static partial void LogFailed(ILogger logger, Exception failure);

    [LoggerMessage(2, LogLevel.Debug, "An answer broke off: {Kind}.")]
    private static partial void LogBroken(ILogger logger, string kind);
}
