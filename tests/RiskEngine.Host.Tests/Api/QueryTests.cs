using System.Net;
using System.Text.Json;

namespace RiskEngine.Host.Tests.Api;

/// <summary>What may stand behind the question mark, and what is said of everything else.</summary>
public sealed class QueryTests : ApiTests
{
    [Fact]
    public async Task A_parameter_that_is_misspelt_is_named_with_those_there_are_and_lists_nothing() =>
        Assert.Equal(
            "min_level: there is no such parameter; expected subject, ip, level, since, cursor, tenant, limit or reviewed.",
            await RefusalAsync(HttpMethod.Get, "/api/v1/assessments?limit=5&min_level=high"));

    [Fact]
    public async Task Every_operation_refuses_a_parameter_that_it_does_not_describe_and_names_those_that_it_does()
    {
        var paths = (await GetAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject().Where(path => path.Name.StartsWith("/api/v1/", StringComparison.Ordinal)).ToList();
        Assert.True(paths.Count > 15, $"{paths.Count} paths");
        foreach (var (path, operation) in paths.SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation))))
        {
            var refusal = await RefusalAsync(new HttpMethod(operation.Name.ToUpperInvariant()), $"{path.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal)}?nonsense=1");
            Assert.StartsWith("nonsense: there is no such parameter; ", refusal, StringComparison.Ordinal);
            Assert.Equal(Described(operation.Value), refusal.Split("; ")[1].TrimEnd('.').Split([", ", " or ", "expected "], StringSplitOptions.RemoveEmptyEntries).Where(name => name != "none is taken").Order());
            Assert.True(operation.Value.GetProperty("responses").TryGetProperty("400", out _), $"{operation.Name} {path}");
        }
    }

    [Theory]
    [InlineData("/api/v1/assessments?LEVEL=low&Limit=1")]
    [InlineData("/api/v1/assessments?")]
    [InlineData("/api/v1/assessments?&limit=1&")]
    [InlineData("/api/v1/assessments?subject=&ip=192.0.2.1")]
    public async Task A_parameter_that_there_is_may_be_written_as_one_likes(string path) => await GetAsync(path);

    [Theory]
    [InlineData("=high")]
    [InlineData("rk_%3Cscript%3E=1")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=1")]
    public async Task What_is_no_name_is_not_repeated(string query) =>
        Assert.Equal("A parameter: there is no such parameter; expected days.", await RefusalAsync(HttpMethod.Get, $"/api/v1/challenges?{query}"));

    [Fact]
    public async Task Who_has_no_key_is_told_nothing_of_parameters()
    {
        using var answer = await Server.Nobody.GetAsync("/api/v1/assessments?min_level=high");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private async Task<string> RefusalAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await Admin.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{method} {path}: {answer.StatusCode}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return (await Json.ReadAsync(answer)).GetProperty("detail").GetString()!;
    }

    private static IOrderedEnumerable<string> Described(JsonElement operation) =>
        (operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().ToArray() : [])
            .Where(parameter => parameter.GetProperty("in").GetString() == "query").Select(parameter => parameter.GetProperty("name").GetString()!).Order();
}
