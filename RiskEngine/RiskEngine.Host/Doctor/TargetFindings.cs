using System.Net;
using System.Net.Http.Headers;
using RiskEngine.Configuration;
using RiskEngine.Host.Composition;
using RiskEngine.Host.Telemetry.Otlp;
using RiskEngine.Outbound;

namespace RiskEngine.Host.Doctor;

/// <summary>Asks every server that is told or asked of anything: whether it answers, takes the credential, and keeps the time. Changes nothing there.</summary>
/// <remarks>Each by what its own interface has for it; a webhook, which has none, is asked for the headers of its address only.</remarks>
internal static class TargetFindings
{
    /// <summary>An HTTP date has whole seconds, and answers take a moment.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>One finding for each address that is configured, in the order of the settings; asked at the same time.</summary>
    public static async Task<IReadOnlyList<Finding>> LookAsync(RiskEngineSettings settings, TimeProvider clock, CancellationToken cancellation) =>
        await Task.WhenAll(Of(settings).Select(question => AskAsync(question, settings, clock, cancellation)));

    private static IEnumerable<Question> Of(RiskEngineSettings settings)
    {
        var (polled, acted) = (settings.Sources.Authentik, settings.Authentik);
        if (polled.Url is { } source) yield return Authentik("sources.authentik", source, polled.AllowInsecureUrl, polled.TokenFile is null ? Bearer(TokenFile.Clean(polled.Token)) : Credential.Of(polled.TokenFile, null, null));
        if (acted.Url is { } url) yield return Authentik("authentik", url, acted.AllowInsecureUrl, Credential.Of(acted.TokenFile, null, null));
        foreach (var webhook in settings.Webhooks) yield return new Question($"webhooks {webhook.Name}", HttpMethod.Head, webhook.Url, webhook.AllowInsecureUrl) { TakesAnyAnswer = true };
        foreach (var alertmanager in settings.Alertmanager.Urls)
        {
            var asked = settings.Alertmanager;
            yield return new Question("alertmanager", HttpMethod.Get, Below(alertmanager, "api/v2/status"), asked.AllowInsecureUrl) { Authorization = Credential.Of(asked.TokenFile, asked.Username, asked.PasswordFile) };
        }

        if (settings.Otlp.Endpoint is { } otlp)
        {
            // A message of protocol buffers without a field is no bytes at all, and a report of nothing.
            yield return new Question("otlp", HttpMethod.Post, Below(otlp, settings.Otlp.Metrics ? "v1/metrics" : "v1/traces"), settings.Otlp.AllowInsecureUrl)
            {
                ContentType = "application/x-protobuf", Dress = request => OtlpHeaders.Add(settings.Otlp.HeadersFile, request),
            };
        }

        if (settings.Loki is { Url: { } loki } logs)
            yield return new Question("loki", HttpMethod.Get, Below(loki, "ready"), logs.AllowInsecureUrl) { Authorization = Credential.Of(logs.TokenFile, logs.Username, logs.PasswordFile), IsBehindGateway = true };
        foreach (var feed in settings.Feeds)
        {
            if (feed.Crowdsec.Url is { } lapi)
                yield return new Question($"feeds {feed.Name}", HttpMethod.Head, Below(lapi, "v1/decisions"), feed.Crowdsec.AllowInsecureUrl) { ApiKey = feed.Crowdsec.KeyFile };
        }
    }

    private static Question Authentik(string what, Uri url, bool allowInsecure, string? authorization) =>
        new(what, HttpMethod.Get, Below(url, "api/v3/core/users/me/"), allowInsecure) { Authorization = authorization, Remedy = "; 'riskengine authentik check' looks closer" };

    private static string? Bearer(string? token) => token is null ? null : $"Bearer {token}";

    private static Uri Below(Uri url, string path) => new($"{url.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{path}");

    private static async Task<Finding> AskAsync(Question question, RiskEngineSettings settings, TimeProvider clock, CancellationToken cancellation)
    {
        using var http = new OutboundClient(new OutboundTarget { Rules = settings.Outbound, AllowInsecure = question.AllowInsecure, Timeout = Patience, Connections = 1 }, clock);
        using var request = new HttpRequestMessage(question.Method, question.Url);
        if (question.Dressing(request) is { } unfit) return question.Bad(unfit);
        var (answer, fault) = await http.SendAsync(request, cancellation);
        if (answer is null) return question.Bad(fault!.Value.Words);
        if (answer.Date is { } theirs && (theirs - clock.GetUtcNow()) is var skew && skew.Duration() > MostSkew)
            return question.Bad($"its clock is {skew.Duration().TotalSeconds:0} s {(skew > TimeSpan.Zero ? "ahead of" : "behind")} this one's; set both by the same time server");
        return question.Judge(answer.Status);
    }

    /// <summary>What is asked, and what its answers mean.</summary>
    private sealed record Question(string What, HttpMethod Method, Uri Url, bool AllowInsecure)
    {
        /// <summary>Gets the header; empty for none, null where its file cannot be read.</summary>
        public string? Authorization { get; init; } = "";

        /// <summary>Gets the file with a bouncer's key; null for none.</summary>
        public string? ApiKey { get; init; }

        public string? ContentType { get; init; }

        public Func<HttpRequestMessage, OutboundFault?>? Dress { get; init; }

        /// <summary>Gets whether any answer but a failure of the server tells that it is there.</summary>
        public bool TakesAnyAnswer { get; init; }

        /// <summary>Gets whether a gateway may keep this address to itself, so that "not found" tells nothing.</summary>
        public bool IsBehindGateway { get; init; }

        public string Remedy { get; init; } = "";

        private string Server => Url.GetLeftPart(UriPartial.Authority);

        /// <summary>Puts the credential on; what is wrong with it, or null.</summary>
        public string? Dressing(HttpRequestMessage request)
        {
            if (Authorization is null) return "its credential cannot be read: a file with one line, readable by this account";
            if (Authorization.Length > 0) request.Headers.Authorization = AuthenticationHeaderValue.Parse(Authorization);
            if (ContentType is not null)
            {
                request.Content = new ByteArrayContent([]);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(ContentType);
            }

            if (Dress?.Invoke(request) is { } fault) return fault.Words;
            if (ApiKey is null) return null;
            if (TokenFile.Read(ApiKey) is not { } key) return "its key cannot be read; \"cscli bouncers add riskengine\" prints one";
            request.Headers.Add("X-Api-Key", key);
            return null;
        }

        public Finding Judge(HttpStatusCode status) => (int)status switch
        {
            >= 500 => Bad($"answers {(int)status}: it is there, and in trouble"),
            _ when TakesAnyAnswer => Good($"answers ({(int)status} to a question without a message)"),
            401 or 403 => Bad($"refuses the credential ({(int)status}){Remedy}"),
            >= 200 and < 300 => Good("answers, and takes the credential"),
            >= 300 and < 400 => Bad($"answers {(int)status}, a redirection, which is not followed: give the address it leads to"),
            404 when IsBehindGateway => Good("answers; what it keeps behind its gateway cannot be looked at"),
            _ => Bad($"answers {(int)status}; is that its address?{Remedy}"),
        };

        public Finding Good(string words) => new(true, What, $"{Server} {words}");

        public Finding Bad(string words) => new(false, What, $"{Server}: {words}");
    }
}
