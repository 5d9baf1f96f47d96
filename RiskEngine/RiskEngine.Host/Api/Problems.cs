using Microsoft.AspNetCore.Http.HttpResults;

namespace RiskEngine.Host.Api;

/// <summary>Errors as RFC 9457 problem details. Details say what was expected, never what was sent: it may be a secret. Only the name of a parameter that there is not is repeated, where it looks like one.</summary>
internal static class Problems
{
    public static ProblemHttpResult Of(int status, string? detail = null) => TypedResults.Problem(detail, statusCode: status);

    public static ProblemHttpResult NotFound(string detail) => Of(StatusCodes.Status404NotFound, detail);

    public static ProblemHttpResult Conflict(string detail) => Of(StatusCodes.Status409Conflict, detail);

    /// <summary>The request makes sense and is refused.</summary>
    public static ProblemHttpResult Unprocessable(string detail) => Of(StatusCodes.Status422UnprocessableEntity, detail);

    public static ProblemHttpResult BadRequest(string detail) => Of(StatusCodes.Status400BadRequest, detail);

    public static ProblemHttpResult UnsupportedMedia(string detail) => Of(StatusCodes.Status415UnsupportedMediaType, detail);

    public static ProblemHttpResult TooLarge(long limit) => Of(StatusCodes.Status413PayloadTooLarge, $"The body may have at most {limit} bytes, compressed or not.");

    /// <summary>Elements of a request that were not understood, each with its index.</summary>
    /// <param name="count">All faulty elements; <paramref name="errors"/> may be cut short.</param>
    public static ProblemHttpResult Faulty(IReadOnlyList<FaultyElement> errors, int count) => TypedResults.Problem(
        count == 1 ? "One element is faulty; nothing was taken." : $"{count} elements are faulty; nothing was taken.",
        statusCode: StatusCodes.Status400BadRequest,
        extensions: [new("errors", errors), new("error_count", count)]);

    /// <summary>Says on the route which problems it answers with, for OpenAPI.</summary>
    public static TBuilder Problem<TBuilder>(this TBuilder builder, params ReadOnlySpan<int> statuses)
        where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in statuses) builder.ProducesProblem(status);
        return builder;
    }
}

/// <summary>One element, or line, that was not understood.</summary>
/// <param name="Index">Index in the array, or of the line, from 0.</param>
/// <param name="Position">Byte within the element; null where no place can be named.</param>
/// <param name="Reason">From a closed set, as in metrics.</param>
/// <param name="Detail">What was expected.</param>
internal sealed record FaultyElement(int Index, int? Position, string Reason, string Detail);
