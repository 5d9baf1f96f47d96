using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using RiskEngine.Host.Security;

namespace RiskEngine.Host.Api;

/// <summary>The description of the interface at <c>/openapi/v1.json</c>: every route, its bodies and answers, and what key it needs.</summary>
internal static class OpenApi
{
    private const string Scheme = "key";

    public static void Add(IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "RiskEngine",
                Version = typeof(OpenApi).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0",
                Description = "Takes login events, judges each one, and hands back decisions. Errors are problem details (RFC 9457). A parameter of the query that an operation does not have is one.",
            };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "rk_…", Description = "A key with the scope that the operation names. The scope admin implies all others.",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeAsync);
        options.AddSchemaTransformer((schema, context, _) =>
        {
            foreach (var more in context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(AlsoTakesAttribute), inherit: false) ?? []) schema.Type |= ((AlsoTakesAttribute)more).Type;
            return Task.CompletedTask;
        });
    });

    private static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<RequiredScope>().LastOrDefault() is { Scope: not KeyScopes.None } needed)
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
            operation.Extensions ??= new Dictionary<string, IOpenApiExtension>();
            operation.Extensions["x-required-scope"] = new JsonNodeExtension(JsonValue.Create(needed.Scope.Name()));
        }

        foreach (var answer in metadata.OfType<AnswerContract>())
        {
            if (operation.Responses?[answer.Status.ToString(CultureInfo.InvariantCulture)].Content is not { } answers) continue;
            answers[answer.MediaType] = new OpenApiMediaType { Schema = await context.GetOrCreateSchemaAsync(answer.Type, null, cancellationToken) };
        }

        foreach (var answer in metadata.OfType<NullableAnswer>())
        {
            if (operation.Responses?[answer.Status.ToString(CultureInfo.InvariantCulture)].Content?[MediaType.Json].Schema is OpenApiSchema schema) schema.Type |= JsonSchemaType.Null;
        }

        if (metadata.OfType<BodyContract>().LastOrDefault() is not { } body) return;
        var content = new Dictionary<string, OpenApiMediaType>();
        foreach (var mediaType in body.MediaTypes)
        {
            content[mediaType] = new OpenApiMediaType { Schema = await SchemaAsync(body, mediaType, context, cancellationToken) };
        }

        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = content };
    }

    private static async Task<OpenApiSchema> SchemaAsync(BodyContract body, string mediaType, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var one = await context.GetOrCreateSchemaAsync(body.Type, null, cancellationToken);
        if (body.ListType is null) return one;
        if (mediaType == MediaType.JsonLines) return new OpenApiSchema { AllOf = [one], Description = "Of each line." };
        return new OpenApiSchema { OneOf = [one, await context.GetOrCreateSchemaAsync(body.ListType, null, cancellationToken)] };
    }
}
