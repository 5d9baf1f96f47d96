using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace RiskEngine.Responders.Tests.Authentik;

/// <summary>What answers as authentik over real HTTP and keeps what is done to it: accounts, one group, sessions, reputation, events.</summary>
internal sealed partial class FakeAuthentik : IAsyncDisposable
{
    public const string Token = "key-of-the-service-account";

    private readonly WebApplication _app;
    private readonly Lock _gate = new();

    private FakeAuthentik(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());

    public string GroupId { get; set; } = "11111111-2222-4333-8444-555555555555";

    public string GroupName { get; set; } = "risk-high";

    public HashSet<long> Members { get; } = [];

    public Dictionary<long, (string Name, bool IsActive)> Users { get; } = new() { [42] = ("jane", true), [43] = ("john", true) };

    /// <summary>Gets sessions by id: whose, and from where it was last used.</summary>
    public Dictionary<Guid, (long User, string Address)> Sessions { get; } = [];

    public Dictionary<Guid, string> Reputation { get; } = [];

    public List<JsonObject> Events { get; } = [];

    /// <summary>Gets the requests, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Gets or sets what answers in its place; false to let it answer itself.</summary>
    public Func<HttpContext, Task<bool>> Instead { get; set; } = _ => Task.FromResult(false);

    public static async Task<FakeAuthentik> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var fake = new FakeAuthentik(app);
        app.Run(fake.AnswerAsync);
        await app.StartAsync();
        return fake;
    }

    public void InsteadStatus(int status, string? onlyPath = null) => Instead = context =>
    {
        if (onlyPath is not null && !context.Request.Path.Value!.Contains(onlyPath, StringComparison.Ordinal)) return Task.FromResult(false);
        context.Response.StatusCode = status;
        if (status is 301 or 302) context.Response.Headers.Location = "http://127.0.0.1:1/elsewhere";
        if (status == 429) context.Response.Headers.RetryAfter = "9";
        return Task.FromResult(true);
    };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        if (await Instead(context)) return;
        if (context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            context.Response.StatusCode = 401;
            return;
        }

        var body = context.Request.Method is "POST" or "PATCH" ? (await JsonNode.ParseAsync(context.Request.Body))!.AsObject() : [];
        var (status, answer) = Answer(context.Request.Method, context.Request.Path.Value!["/api/v3/".Length..], context.Request.Query, body);
        context.Response.StatusCode = status;
        if (answer is null) return;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(answer.ToJsonString());
    }

    private (int Status, JsonNode? Answer) Answer(string method, string path, IQueryCollection query, JsonObject body)
    {
        lock (_gate)
        {
            if (method == "GET" && path == "core/users/") return (200, Page(query, Users.Where(user => user.Value.Name == query["username"]).Select(user => UserJson(user.Key))));
            if (Match(OneUser(), path) is [var user] && long.Parse(user, CultureInfo.InvariantCulture) is var pk)
            {
                if (!Users.TryGetValue(pk, out var known)) return (404, null);
                if (method == "PATCH") Users[pk] = (known.Name, body["is_active"]!.GetValue<bool>());
                return (200, UserJson(pk));
            }

            if (method == "GET" && path == "core/groups/") return (200, Page(query, GroupName == query["name"] ? [GroupJson()] : []));
            if (method == "POST" && Match(GroupAct(), path) is [var group, var act])
            {
                if (group != GroupId || !Users.ContainsKey(body["pk"]!.GetValue<long>())) return (404, null);
                _ = act == "add" ? Members.Add(body["pk"]!.GetValue<long>()) : Members.Remove(body["pk"]!.GetValue<long>());
                return (204, null);
            }

            if (method == "DELETE" && path == "core/authenticated_sessions/bulk_delete/")
            {
                var ended = Sessions.Where(session => query["user_pks"].Contains(session.Value.User.ToString(CultureInfo.InvariantCulture))).Select(session => session.Key).ToList();
                foreach (var id in ended) Sessions.Remove(id);
                return (200, new JsonObject { ["deleted"] = ended.Count });
            }

            if (method == "GET" && path == "core/authenticated_sessions/")
                return (200, Page(query, Sessions.Where(session => Users[session.Value.User].Name == query["user__username"] && session.Value.Address == query["session__last_ip"]).Select(session => SessionJson(session.Key))));
            if (method == "DELETE" && Match(OneSession(), path) is [var session]) return (Sessions.Remove(Guid.Parse(session)) ? 204 : 404, null);
            if (method == "GET" && path == "policies/reputation/scores/") return (200, Page(query, Reputation.Where(row => row.Value == query["ip"]).Select(row => ReputationJson(row.Key))));
            if (method == "DELETE" && Match(OneScore(), path) is [var score]) return (Reputation.Remove(Guid.Parse(score)) ? 204 : 404, null);
            if (method == "POST" && path == "events/events/")
            {
                var written = body.DeepClone().AsObject();
                (written["pk"], written["created"]) = (Guid.NewGuid().ToString(), "2026-11-22T12:00:00.123456Z");
                Events.Add(written);
                return (201, written.DeepClone());
            }

            return (404, null);
        }
    }

    private static string[] Match(Regex regex, string path) => regex.Match(path) is { Success: true } match ? [.. match.Groups.Values.Skip(1).Select(group => group.Value)] : [];

    private static JsonObject Page(IQueryCollection query, IEnumerable<JsonObject> rows)
    {
        var results = new JsonArray([.. rows.Take(int.Parse(query["page_size"]!, CultureInfo.InvariantCulture))]);
        return new JsonObject
        {
            ["pagination"] = new JsonObject { ["next"] = 0, ["previous"] = 0, ["count"] = results.Count, ["current"] = 1, ["total_pages"] = 1, ["start_index"] = 1, ["end_index"] = results.Count },
            ["results"] = results,
            ["autocomplete"] = new JsonObject(),
        };
    }

    private JsonObject UserJson(long pk) => new()
    {
        ["pk"] = pk, ["username"] = Users[pk].Name, ["name"] = "", ["is_active"] = Users[pk].IsActive, ["date_joined"] = "2026-01-01T00:00:00Z", ["is_superuser"] = false, ["groups_obj"] = null,
        ["roles_obj"] = null, ["avatar"] = "data:,", ["uid"] = "u", ["uuid"] = Guid.Empty.ToString(), ["password_change_date"] = "2026-01-01T00:00:00Z", ["last_updated"] = "2026-01-01T00:00:00Z",
    };

    private JsonObject GroupJson() => new()
    {
        ["pk"] = GroupId, ["num_pk"] = 7, ["name"] = GroupName, ["parents_obj"] = null, ["users_obj"] = null, ["roles_obj"] = new JsonArray(), ["inherited_roles_obj"] = null,
        ["children"] = new JsonArray(), ["children_obj"] = null,
    };

    private JsonObject SessionJson(Guid id) => new()
    {
        ["uuid"] = id.ToString(), ["current"] = false, ["geo_ip"] = null, ["asn"] = null, ["user"] = Sessions[id].User, ["last_ip"] = Sessions[id].Address, ["last_user_agent"] = "x",
        ["last_used"] = "2026-11-22T12:00:00Z", ["expires"] = "2026-12-22T12:00:00Z",
        ["user_agent"] = new JsonObject
        {
            ["device"] = new JsonObject { ["brand"] = null, ["family"] = "Other", ["model"] = null },
            ["os"] = new JsonObject { ["family"] = "Linux", ["major"] = null, ["minor"] = null, ["patch"] = null, ["patch_minor"] = null },
            ["user_agent"] = new JsonObject { ["family"] = "Firefox", ["major"] = "140", ["minor"] = "0", ["patch"] = "0" },
            ["string"] = "x",
        },
    };

    private JsonObject ReputationJson(Guid id) => new() { ["pk"] = id.ToString(), ["identifier"] = "jane", ["ip"] = Reputation[id], ["score"] = -3, ["updated"] = "2026-11-22T12:00:00Z" };

    [GeneratedRegex("^core/users/([0-9]+)/$")]
    private static partial Regex OneUser();

    [GeneratedRegex("^core/groups/([0-9a-f-]+)/(add|remove)_user/$")]
    private static partial Regex GroupAct();

    [GeneratedRegex("^core/authenticated_sessions/([0-9a-f-]{36})/$")]
    private static partial Regex OneSession();

    [GeneratedRegex("^policies/reputation/scores/([0-9a-f-]{36})/$")]
    private static partial Regex OneScore();
}
