using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RiskEngine.Host.Tests.Authentik.Blueprint;

namespace RiskEngine.Host.Tests.Authentik.Check;

/// <summary>What answers as an authentik does that has applied the blueprint, over real HTTP: it shows what the token's owner may see, and counts every write as a fault.</summary>
internal sealed class LiveAuthentik : IAsyncDisposable
{
    public const string ServiceToken = "key-of-the-service-account";
    public const string AdminToken = "key-of-an-administrator";

    private static readonly Dictionary<string, string> RightFor = new()
    {
        ["core/users"] = "authentik_core.view_user",
        ["events/events"] = "authentik_events.view_event",
        ["rbac/roles"] = "authentik_rbac.view_role",
        ["managed/blueprints"] = "authentik_blueprints.view_blueprintinstance",
        ["flows/instances"] = "authentik_flows.view_flow",
        ["flows/bindings"] = "authentik_flows.view_flowstagebinding",
        ["policies/bindings"] = "authentik_policies.view_policybinding",
        ["stages/authenticator/validate"] = "authentik_stages_authenticator_validate.view_authenticatorvalidatestage",
        ["events/transports"] = "authentik_events.view_notificationtransport",
        ["events/rules"] = "authentik_events.view_notificationrule",
    };

    private readonly WebApplication _app;

    private LiveAuthentik(BlueprintFile file)
    {
        Applied = new AppliedBlueprint(file);
        Applied.Tables["events/events"] = [.. Enumerable.Range(0, 40).Select(i => Event("login", $"198.51.100.{i}"))];
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri Url => new(_app.Urls.First());

    public AppliedBlueprint Applied { get; }

    public List<JsonObject> Events => Applied.Tables["events/events"];

    public string Version { get; set; } = "2026.8.3";

    /// <summary>Gets or sets what answers in its place; null for nobody.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    /// <summary>Gets requests that were no GET.</summary>
    public List<string> Writes { get; } = [];

    /// <summary>Gets the names of the parameters of each request, by its path behind <c>/api/v3</c>.</summary>
    public List<(string Path, string[] Parameters)> Requests { get; } = [];

    public static async Task<LiveAuthentik> StartAsync(params string[] switches)
    {
        var made = new LiveAuthentik(new BlueprintFile(BlueprintFile.Text, switches.ToDictionary(name => name, _ => (object?)true)));
        await made._app.StartAsync();
        return made;
    }

    public static JsonObject Event(string action, string? address, JsonObject? context = null) => new()
    {
        ["pk"] = Guid.NewGuid().ToString(), ["action"] = action, ["app"] = "authentik.events.signals", ["client_ip"] = address, ["created"] = DateTimeOffset.UtcNow.ToString("O"), ["context"] = context ?? [],
    };

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (Instead is { } instead)
        {
            await instead(context);
            return;
        }

        if (context.Request.Method != "GET") Writes.Add($"{context.Request.Method} {context.Request.Path}");
        Requests.Add((context.Request.Path.Value!["/api/v3".Length..], [.. context.Request.Query.Keys]));
        var token = context.Request.Headers.Authorization.ToString();
        if (token != $"Bearer {ServiceToken}" && token != $"Bearer {AdminToken}")
        {
            await WriteAsync(context, 401, new JsonObject { ["detail"] = "Authentication credentials were not provided." });
            return;
        }

        var answer = Answer(context.Request, token == $"Bearer {AdminToken}");
        await WriteAsync(context, answer is null ? 403 : 200, answer ?? new JsonObject { ["detail"] = "You do not have permission to perform this action." });
    }

    private JsonNode? Answer(HttpRequest request, bool isAdmin)
    {
        var path = request.Path.Value!["/api/v3/".Length..].Trim('/');
        return path switch
        {
            "core/users/me" => new JsonObject { ["user"] = isAdmin ? Admin() : Applied.Account.DeepClone(), ["users"] = new JsonArray() },
            "admin/version" => new JsonObject
            {
                ["version_current"] = Version, ["version_latest"] = Version, ["version_latest_valid"] = true, ["build_hash"] = "", ["outdated"] = false, ["outpost_outdated"] = false,
            },
            "rbac/permissions" => Page([.. Applied.Rights.Select(Permission)]),
            "core/groups" when !isAdmin && !Applied.Rights.Contains("authentik_core.view_group") => Page(Found("core/groups", request.Query).Where(group => (string?)group["name"] == "risk-high")),
            _ when !isAdmin && RightFor.TryGetValue(path, out var right) && !Applied.Rights.Contains(right) => null,
            _ => Page(Found(path, request.Query)),
        };
    }

    private IEnumerable<JsonObject> Found(string path, IQueryCollection query)
    {
        var found = Applied.Tables.GetValueOrDefault(path, []).AsEnumerable();
        foreach (var field in new[] { "name", "slug", "target", "username" }.Where(query.ContainsKey)) found = found.Where(item => (string?)item[field] == query[field]);
        if (query["actions"] is { Count: > 0 } actions) found = found.Where(item => actions.Contains((string?)item["action"]));
        if (query["search"] is [{ } text]) found = found.Where(item => $"{item["name"]} {item["path"]}".Contains(text, StringComparison.OrdinalIgnoreCase));
        return found;
    }

    private static JsonObject Page(IEnumerable<JsonObject> items)
    {
        JsonArray results = [.. items.Take(100).Select(item => item.DeepClone())];
        return new JsonObject
        {
            ["pagination"] = new JsonObject { ["next"] = 0, ["previous"] = 0, ["count"] = results.Count, ["current"] = 1, ["total_pages"] = 1, ["start_index"] = 1, ["end_index"] = results.Count },
            ["results"] = results,
            ["autocomplete"] = new JsonObject(),
        };
    }

    private static JsonObject Permission(string right, int index) => new()
    {
        ["id"] = index, ["name"] = right, ["app_label"] = right[..right.IndexOf('.', StringComparison.Ordinal)], ["codename"] = right[(right.IndexOf('.', StringComparison.Ordinal) + 1)..],
        ["model"] = "", ["app_label_verbose"] = "", ["model_verbose"] = "",
    };

    private JsonObject Admin()
    {
        var admin = (JsonObject)Applied.Account.DeepClone();
        (admin["pk"], admin["username"], admin["type"], admin["is_superuser"], admin["roles"]) = (1, "akadmin", "internal", true, new JsonArray());
        return admin;
    }

    private static async Task WriteAsync(HttpContext context, int status, JsonNode body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body.ToJsonString());
    }
}
