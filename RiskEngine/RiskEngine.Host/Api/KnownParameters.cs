using System.Reflection;

namespace RiskEngine.Host.Api;

/// <summary>Refuses parameters of the query that an operation does not have: one that was misspelt would list, or change, what was not meant.</summary>
/// <remarks>
/// What an operation has is what its handler's method takes as text, number or flag and its path does not hold: the same that OpenAPI describes, so there is
/// no list to keep. Their case is not looked at, as everywhere in ASP.NET Core. Who may not call the operation is told that and nothing else.
/// </remarks>
internal static class KnownParameters
{
    private const int LongestName = 40;

    public static TBuilder TakesKnownParametersOnly<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder
    {
        routes.Problem(StatusCodes.Status400BadRequest).Add(endpoint =>
        {
            var (known, answer) = (Of((RouteEndpointBuilder)endpoint), endpoint.RequestDelegate!);
            endpoint.RequestDelegate = context => context.Request.QueryString.HasValue && Unknown(context.Request.Query, known) is { } unknown
                ? Problems.BadRequest(Told(unknown, known)).ExecuteAsync(context)
                : answer(context);
        });
        return routes;
    }

    private static string[] Of(RouteEndpointBuilder endpoint) =>
    [
        .. endpoint.Metadata.OfType<MethodInfo>().Single().GetParameters()
            .Where(parameter => parameter.ParameterType == typeof(string) || Nullable.GetUnderlyingType(parameter.ParameterType) is not null)
            .Select(parameter => parameter.GetCustomAttribute<Microsoft.AspNetCore.Mvc.FromRouteAttribute>()?.Name ?? parameter.Name!)
            .Where(name => endpoint.RoutePattern.GetParameter(name) is null),
    ];

    private static string? Unknown(IQueryCollection query, string[] known) => query.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase));

    private static string Told(string unknown, string[] known)
    {
        var isName = unknown.Length is > 0 and <= LongestName && unknown.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.');
        var expected = known switch
        {
            [] => "none is taken",
            [var one] => $"expected {one}",
            [.. var before, var last] => $"expected {string.Join(", ", before)} or {last}",
        };
        return $"{(isName ? unknown : "A parameter")}: there is no such parameter; {expected}.";
    }
}
