using RiskEngine.Configuration;
using RiskEngine.Core.Facts;

namespace RiskEngine.Host.Serving;

/// <summary>Where and how the server listens, under <c>http</c>.</summary>
public sealed record ServerSettings
{
    /// <summary>Gets where to listen: scheme, address or name, port. <c>*</c> or <c>0.0.0.0</c> as the address is every interface.</summary>
    /// <value>The default is <c>http://127.0.0.1:8080</c>; port 0 takes a free one.</value>
    public string Url { get; init; } = "http://127.0.0.1:8080";

    /// <summary>Gets the file that the administrator's first key is written to.</summary>
    public required string AdminKeyFile { get; init; }

    /// <summary>Gets names that requests may carry as <c>Host</c>, beside the one in <see cref="Url"/>, loopback's and the address that was connected to.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Gets whether pages are served on which people report that something was not them, by links that webhooks bring.</summary>
    public bool ReportLinks { get; init; }

    /// <summary>Gets the PEM file with the certificate and its chain, for <c>https</c>.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Gets the PEM file with the certificate's private key.</summary>
    public string? CertificateKeyFile { get; init; }

    /// <summary>Gets whether to listen beyond loopback without TLS: the named switch for a TLS proxy in front. Warns at every start.</summary>
    public bool AllowCleartext { get; init; }

    /// <summary>Gets networks of proxies whose <see cref="ForwardedHeader"/> is believed.</summary>
    public IReadOnlyList<AddressPrefix> TrustedProxies { get; init; } = [];

    /// <summary>Gets the header in which they say whom a request came from.</summary>
    public ForwardedHeader ForwardedHeader { get; init; }

    /// <summary>Gets how proxies ask about each request.</summary>
    public ForwardAuthSettings ForwardAuth { get; init; } = new();

    public RequestLimits Limits { get; init; } = new();

    /// <summary>The server's part of the configuration. A rate of 0 means none.</summary>
    public static ServerSettings From(RiskEngineSettings settings)
    {
        var http = settings.Http;
        var rate = http.RateLimit == 0 ? RequestLimits.Unlimited : http.RateLimit;
        return new ServerSettings
        {
            Url = http.Url.GetLeftPart(UriPartial.Authority),
            AdminKeyFile = http.AdminKeyFile,
            AllowedHosts = http.PublicUrl is { } known ? [.. http.AllowedHosts, known.Host] : http.AllowedHosts,
            ReportLinks = settings.Webhooks.Any(webhook => webhook.ReportLink),
            TrustedProxies = http.TrustedProxies,
            ForwardedHeader = http.ForwardedHeader,
            ForwardAuth = settings.ForwardAuth,
            CertificateFile = http.TlsCertificateFile,
            CertificateKeyFile = http.TlsKeyFile,
            AllowCleartext = http.AllowInsecurePublicBinding,
            Limits = new RequestLimits
            {
                BodyBytes = http.MaxBodyBytes,
                RequestsPerSecond = rate,
                RequestBurst = rate,
                SubmissionsPerSecond = Math.Max(rate, new RequestLimits().SubmissionsPerSecond),
                SubmissionBurst = Math.Max(rate, new RequestLimits().SubmissionBurst),
            },
        };
    }
}
