using System.Globalization;
using System.Text;
using RiskEngine.Core.Events;
using RiskEngine.Core.State;
using RiskEngine.Host.Api;
using RiskEngine.Host.Security;
using RiskEngine.Host.Serving;
using RiskEngine.Responders.People;

namespace RiskEngine.Host.People;

/// <summary><c>GET</c> and <c>POST /not-me/{token}</c>: a person says that something was not them, by a link that a message brought.</summary>
/// <remarks>
/// To look changes nothing, since programs look at links in mail. To confirm says <c>compromised</c>, once for each event, by the same way as an administrator's
/// word; no link says anything else. The token is the only credential, so whose browser sends it, and from which page, does not matter.
/// </remarks>
internal sealed class ReportEndpoint(ServerParts parts, FeedbackRecorder recorder)
{
    /// <summary>Who says it, in feedback and audit. No key is called so: their names hold no spaces.</summary>
    public const string Who = "person via link";

    /// <summary>Visits a second from one address, in the long run and at once: a person needs two, an office opens a few.</summary>
    private const int VisitsPerSecond = 1, VisitsAtOnce = 20;

    private const int LongestForm = 256;

    private readonly ReportLinks _links = new(parts.State.Hash);
    private readonly ReportMetrics _metrics = parts.Telemetry.Reports;
    private readonly AddressRates _rates = new(VisitsPerSecond, VisitsAtOnce, parts.Clock);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(ReportLinks.Path + "{token}", (HttpContext context, string token) => AnswerAsync(context, token, LookAsync)).IsOpen()
            .WithName("report-page").WithTags("people").WithSummary("Shows a person what happened, and asks whether it was them. Changes nothing.")
            .WithDescription("A page, in English or German by Accept-Language, or by lang=en or lang=de.").Pages();
        routes.MapPost(ReportLinks.Path + "{token}", (HttpContext context, string token) => AnswerAsync(context, token, ReportAsync)).IsOpen()
            .WithName("report").WithTags("people").WithSummary("Says compromised of the event that the link was made for, once.").Pages();
    }

    private async Task AnswerAsync(HttpContext context, string token, Func<HttpContext, ReportClaim, StoredEvent, ReportTexts, Task<(ReportOutcome Outcome, string? Page)>> act)
    {
        var texts = ReportTexts.For(context.Request.Query["lang"], context.Request.GetTypedHeaders().AcceptLanguage);
        var (outcome, page) = (ReportOutcome.Failed, (string?)null);
        try
        {
            (outcome, page) = await VisitAsync(context, token, texts, act);
        }
        catch (StateStoreException)
        {
            // The store's own metrics and log say why.
        }

        _metrics.Visited(outcome);
        await WriteAsync(context, outcome, page ?? ReportPage.Answer(outcome, texts), texts);
    }

    private async Task<(ReportOutcome Outcome, string? Page)> VisitAsync(
        HttpContext context, string token, ReportTexts texts, Func<HttpContext, ReportClaim, StoredEvent, ReportTexts, Task<(ReportOutcome Outcome, string? Page)>> act)
    {
        if (!_rates.TryTake(context.Connection.RemoteIpAddress, out var retryAfter))
        {
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return (ReportOutcome.Limited, null);
        }

        if (_links.Read(token) is not { } claim) return (ReportOutcome.Forged, null);
        if (claim.Until <= Audit.Now(parts)) return (ReportOutcome.Expired, null);
        var stored = await parts.Records.FindEventAsync(claim.Tenant, claim.EventId, context.RequestAborted);
        if (stored is null || SubjectHandle.Of(parts.State.Hash, stored.Tenant, stored.Subject) != claim.Subject) return (ReportOutcome.Unknown, null);
        return await act(context, claim, stored, texts);
    }

    private async Task<(ReportOutcome Outcome, string? Page)> LookAsync(HttpContext context, ReportClaim claim, StoredEvent stored, ReportTexts texts)
    {
        var words = await parts.Records.FindFeedbackAsync(claim.Tenant, [claim.EventId], context.RequestAborted);
        return words.TryGetValue(claim.EventId, out var last) && last.Who == Who ? (ReportOutcome.Repeated, null) : (ReportOutcome.Shown, ReportPage.Question(stored, parts.Facts, texts));
    }

    private async Task<(ReportOutcome Outcome, string? Page)> ReportAsync(HttpContext context, ReportClaim claim, StoredEvent stored, ReportTexts texts)
    {
        if (!await IsConfirmedAsync(context.Request)) return (ReportOutcome.Invalid, null);
        using var span = parts.Telemetry.Spans.BeginStrangers("POST /not-me/{token}");
        var feedback = new Feedback(claim.Tenant, claim.EventId, FeedbackLabel.Compromised, "", Who, Audit.Now(parts));
        return (await recorder.SayAsync(stored, feedback, Audit.WhoIs(context, Who), once: true, CancellationToken.None) ? ReportOutcome.Reported : ReportOutcome.Repeated, null);
    }

    /// <summary>Whether the body is what the page's form sends, to the letter; more is not read.</summary>
    private static async Task<bool> IsConfirmedAsync(HttpRequest request)
    {
        var body = new byte[LongestForm];
        var read = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, request.HttpContext.RequestAborted);
        return Encoding.UTF8.GetString(body, 0, read) == $"{ReportPage.Field}={ReportPage.Confirmed}";
    }

    private static Task WriteAsync(HttpContext context, ReportOutcome outcome, string page, ReportTexts texts)
    {
        var response = context.Response;
        response.StatusCode = StatusOf(outcome);
        response.ContentType = "text/html; charset=utf-8";
        // Besides what every answer has: nosniff, no-store, no-referrer.
        response.Headers.ContentSecurityPolicy = ReportPage.ContentSecurityPolicy;
        response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        response.Headers.ContentLanguage = texts.Language;
        response.Headers.Vary = "Accept-Language";
        return response.WriteAsync(page, context.RequestAborted);
    }

    private static int StatusOf(ReportOutcome outcome) => outcome switch
    {
        ReportOutcome.Shown or ReportOutcome.Reported or ReportOutcome.Repeated => StatusCodes.Status200OK,
        ReportOutcome.Expired or ReportOutcome.Unknown => StatusCodes.Status410Gone,
        ReportOutcome.Forged => StatusCodes.Status404NotFound,
        ReportOutcome.Invalid => StatusCodes.Status400BadRequest,
        ReportOutcome.Limited => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status503ServiceUnavailable,
    };
}

/// <summary>How routes say that they answer with pages.</summary>
internal static class ReportPages
{
    public static void Pages(this IEndpointConventionBuilder route)
    {
        foreach (var status in (int[])[200, 400, 404, 410, 429, 503]) route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(string), ["text/html"]));
    }
}
