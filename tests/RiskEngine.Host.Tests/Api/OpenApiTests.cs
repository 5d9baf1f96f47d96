using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace RiskEngine.Host.Tests.Api;

public sealed class OpenApiTests : ApiTests
{
    [Fact]
    public async Task Every_route_is_described_with_what_it_answers_and_what_key_it_needs()
    {
        var document = await GetAsync("/openapi/v1.json");
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}")).ToHashSet();
        var mapped = Server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(route => route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(method => $"{method} {route.RoutePattern.RawText}"))
            .Where(route => !route.Contains("/openapi/", StringComparison.Ordinal)).ToHashSet();

        Assert.Equal(mapped.Order(), described.Order());
    }

    [Fact]
    public async Task Every_operation_has_a_name_a_summary_a_schema_and_problems()
    {
        var document = await GetAsync("/openapi/v1.json");
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var what = $"{operation.Name} {path.Name}";
                Assert.True(operation.Value.TryGetProperty("operationId", out _), what);
                Assert.True(operation.Value.TryGetProperty("summary", out _), what);
                if (!path.Name.StartsWith("/api/", StringComparison.Ordinal)) continue;
                Assert.True(operation.Value.TryGetProperty("security", out var security) && security.GetArrayLength() > 0, what);
                Assert.True(operation.Value.GetProperty("responses").TryGetProperty("401", out var refused) && refused.GetProperty("content").TryGetProperty("application/problem+json", out _), what);
                if (operation.Name == "post" && !path.Name.EndsWith("/retry", StringComparison.Ordinal)) Assert.NotEqual(JsonValueKind.Undefined, operation.Value.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema").ValueKind);
            }
        }

        Assert.True(document.GetProperty("components").GetProperty("securitySchemes").TryGetProperty("key", out _));
    }

    [Fact]
    public async Task An_answer_that_may_be_null_says_so()
    {
        var document = await GetAsync("/openapi/v1.json");
        var schema = document.GetProperty("paths").GetProperty("/crowdsec/v1/decisions").GetProperty("get").GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        Assert.Equal(["array", "null"], schema.GetProperty("type").EnumerateArray().Select(type => type.GetString()).Order());
        Assert.EndsWith("/LapiDecision", schema.GetProperty("items").GetProperty("$ref").GetString(), StringComparison.Ordinal);
    }

    [Theory, InlineData("/api/v1/events", "events:write"), InlineData("/api/v1/events/authentik", "events:webhook"), InlineData("/api/v1/evaluate", "evaluate")]
    public async Task An_operation_names_the_narrowest_scope_that_may_do_it(string path, string scope) =>
        Assert.Equal(scope, (await GetAsync("/openapi/v1.json")).GetProperty("paths").GetProperty(path).GetProperty("post").GetProperty("x-required-scope").GetString());

    [Fact]
    public async Task The_example_of_the_contract_fits_the_schema_of_an_event()
    {
        var document = await GetAsync("/openapi/v1.json");
        var schema = document.GetProperty("paths").GetProperty("/api/v1/evaluate").GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
        if (schema.TryGetProperty("$ref", out var reference)) schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        var properties = schema.GetProperty("properties");
        string[] members = ["id", "occurred_at", "kind", "tenant", "subject", "source_ip", "user_agent", "session_id", "device_id", "known_device", "request_id", "application", "auth_method", "mfa", "reason", "round_trip_ms", "geo", "asn", "probe"];
        Assert.Equal(members.Order(), properties.EnumerateObject().Select(property => property.Name).Order());
    }
}
