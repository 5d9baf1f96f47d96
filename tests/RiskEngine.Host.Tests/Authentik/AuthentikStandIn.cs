using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace RiskEngine.Host.Tests.Authentik;

/// <summary>A row of authentik's table of events.</summary>
internal sealed record StandInRow(string Pk, DateTimeOffset Created, string Action = "login", string Ip = "203.0.113.7", int User = 42);

/// <summary>A session of authentik.</summary>
internal sealed record StandInSession(string Uuid, int User, DateTimeOffset LastUsed, string Ip, string Agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");

/// <summary>An account of authentik.</summary>
internal sealed record StandInAccount(int Pk, string Type, params string[] Groups);

/// <summary>What answers as authentik's API does, over real HTTP: pages by number, order, exact actions, search by AKQL or, silently, for words.</summary>
internal sealed partial class AuthentikStandIn : IAsyncDisposable
{
    public const string Token = "a-token-of-authentik";

    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<StandInRow> _rows = [];

    private AuthentikStandIn()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri Url => new(_app.Urls.First());

    /// <summary>Gets or sets whether a search is understood; otherwise it is one for words, which finds nothing.</summary>
    public bool UnderstandsQueries { get; set; } = true;

    /// <summary>Gets or sets the rows of one page at most, whatever is asked for.</summary>
    public int LargestPage { get; set; } = 100;

    /// <summary>Gets or sets what is done before each answer: rows that come or go while somebody reads.</summary>
    public Action<AuthentikStandIn>? BeforeAnswer { get; set; }

    /// <summary>Gets or sets what answers in its place; null for nobody.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    public List<string> Requests { get; } = [];

    public List<StandInSession> Sessions { get; } = [];

    public List<StandInAccount> Accounts { get; } = [];

    /// <summary>Gets the parents of groups, by name. A group that no account is in is there where it is a key or a parent.</summary>
    public Dictionary<string, string[]> Parents { get; } = [];

    /// <summary>Gets or sets what groups the token's owner may see; null for a refusal.</summary>
    public Func<string, bool>? VisibleGroups { get; set; } = _ => true;

    /// <summary>Gets or sets whether the token's owner may see sessions.</summary>
    public bool IsSessionReader { get; set; } = true;

    public static async Task<AuthentikStandIn> StartAsync()
    {
        var made = new AuthentikStandIn();
        await made._app.StartAsync();
        return made;
    }

    public void Add(params IEnumerable<StandInRow> rows)
    {
        lock (_gate) _rows.AddRange(rows);
    }

    public void Remove(Predicate<StandInRow> which)
    {
        lock (_gate) _rows.RemoveAll(which);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        lock (_gate) Requests.Add($"{context.Request.Path}{Uri.UnescapeDataString(context.Request.QueryString.Value ?? "")}");
        if (Instead is { } instead)
        {
            await instead(context);
            return;
        }

        if (context.Request.Headers.Authorization != $"Bearer {Token}")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (!IsSessionReader && context.Request.Path == "/api/v3/core/authenticated_sessions/")
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        if (VisibleGroups is null && context.Request.Path == "/api/v3/core/groups/")
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        BeforeAnswer?.Invoke(this);
        var items = context.Request.Path.Value switch
        {
            "/api/v3/events/events/" => Events(context.Request.Query),
            "/api/v3/core/authenticated_sessions/" => [.. Sessions.Select(Session)],
            "/api/v3/core/groups/" => [.. Accounts.SelectMany(account => account.Groups).Concat(Parents.Keys).Concat(Parents.Values.SelectMany(name => name)).Distinct().Where(VisibleGroups!).Order(StringComparer.Ordinal).Select(Group)],
            "/api/v3/core/users/" => [.. Accounts.OrderBy(account => account.Pk).Select(Account)],
            _ => null,
        };
        if (items is null) context.Response.StatusCode = StatusCodes.Status404NotFound;
        else await WriteAsync(context, items);
    }

    private List<object> Events(IQueryCollection query)
    {
        List<StandInRow> rows;
        lock (_gate) rows = [.. _rows];
        if (query["actions"] is { Count: > 0 } actions) rows.RemoveAll(row => !actions.Contains(row.Action));
        if (query["search"] is [{ } search]) rows = Search(rows, search);
        rows.Sort((a, b) => (a.Created, a.Pk).CompareTo((b.Created, b.Pk)));
        if (query["ordering"] != "created") rows.Reverse();
        return [.. rows.Select(Event)];
    }

    private List<StandInRow> Search(List<StandInRow> rows, string search)
    {
        if (!UnderstandsQueries) return [.. rows.Where(row => JsonSerializer.Serialize(Event(row)).Contains(search, StringComparison.Ordinal))];
        var match = SinceQuery().Match(search);
        Assert.True(match.Success, search);
        var since = DateTimeOffset.ParseExact(match.Groups[1].Value, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return [.. rows.Where(row => row.Created >= since)];
    }

    private async Task WriteAsync(HttpContext context, List<object> items)
    {
        var query = context.Request.Query;
        var size = Math.Min(query["page_size"] is [{ } asked] ? int.Parse(asked, CultureInfo.InvariantCulture) : 20, LargestPage);
        var number = query["page"] is [{ } page] ? int.Parse(page, CultureInfo.InvariantCulture) : 1;
        var pages = Math.Max(1, (items.Count + size - 1) / size);
        if (number > pages)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await context.Response.WriteAsJsonAsync(new
        {
            pagination = new { next = number < pages ? number + 1 : 0, previous = number - 1, count = items.Count, current = number, total_pages = pages, start_index = 0, end_index = 0 },
            results = items.Skip((number - 1) * size).Take(size),
            autocomplete = new { fields = new[] { "action", "created" } },
        });
    }

    private static object Session(StandInSession session) => new
    {
        uuid = session.Uuid,
        current = false,
        user_agent = new { @string = session.Agent, os = new { family = "Linux" } },
        user = session.User,
        last_ip = session.Ip,
        last_user_agent = session.Agent,
        last_used = session.LastUsed.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        expires = session.LastUsed.UtcDateTime.AddDays(14),
    };

    private static object Account(StandInAccount account) => new
    {
        pk = account.Pk,
        username = $"user-{account.Pk}",
        is_active = true,
        groups = account.Groups.Select(GroupId),
        groups_obj = account.Groups.Select((name, i) => new { pk = GroupId(name), num_pk = i, name, attributes = new { name = "not its name", pk = "not its id" } }),
        type = account.Type,
    };

    private object Group(string name) => new
    {
        pk = GroupId(name),
        num_pk = 1,
        name,
        parents = Parents.GetValueOrDefault(name, []).Select(GroupId),
        parents_obj = (object?)null,
        attributes = new { parents = new[] { "not its parent" } },
        children = Array.Empty<string>(),
    };

    private static Guid GroupId(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));

    public static object Event(StandInRow row) => new
    {
        pk = row.Pk,
        action = row.Action,
        app = "authentik.events.signals",
        user = new { pk = row.User, username = "jane", email = "jane@example.org" },
        client_ip = row.Ip,
        created = row.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        context = new { auth_method = "password", http_request = new { user_agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" } },
    };

    [GeneratedRegex("^created >= \"([0-9: -]+)\"$")]
    private static partial Regex SinceQuery();
}
